import type { Task } from '../../application/task-context.ts';
import type { PurgeCounts } from './contract.ts';
import { countLeaving, findLeaving } from './leaving.ts';

export interface PreviewInput {
  studentIds: readonly string[];
  /** See `findLeaving`. */
  before: string;
}

/** Counts what a purge would delete, on a connection that cannot. */
export const run: Task<PreviewInput, PurgeCounts> = ({ studentIds, before }, { openReader, report }) => {
  const { sqlite } = openReader();
  report({ step: '計算要清除的資料', done: 0, total: studentIds.length, unit: '人' });
  return sqlite.transaction(() => {
    findLeaving(sqlite, studentIds, before);
    return countLeaving(sqlite);
  })();
};
