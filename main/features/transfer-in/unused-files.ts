import type { Sqlite } from '../../../db/connection.ts';
import type { WrittenRecord } from './undo-plan.ts';

/** Every column that points at a file, and whose row it is. */
const fileColumns = [
  ['learning_outcomes', 'document_sha256'],
  ['learning_outcomes', 'media_sha256'],
  ['diverse_performances', 'document_sha256'],
  ['diverse_performances', 'media_sha256'],
  ['autobiographies', 'document_sha256'],
  ['autobiographies', 'media_sha256'],
  ['submissions', 'answer_sha256'],
  ['sent_rosters', 'sha256'],
  ['receipt_statements', 'sha256'],
] as const;

/** Whether a file is pointed at by a row other than those given. Each column has its index. */
export function fileUse(sqlite: Sqlite): (sha256: string, but: ReadonlySet<string>) => boolean {
  const find = sqlite
    .prepare<[object], string>(
      fileColumns.map(([table, column]) => `select id from ${table} where ${column} = @sha256`).join(' union all '),
    )
    .pluck();
  return (sha256, but) => find.all({ sha256 }).some((id) => !but.has(id));
}

/** Files that an import brought and that nothing uses once its records are taken back. */
export function unusedFiles(sqlite: Sqlite, records: readonly WrittenRecord[]): string[] {
  const isUsed = fileUse(sqlite);
  const going = new Set(records.map(({ recordId }) => recordId));
  return [...new Set(records.flatMap(({ files }) => files))].filter((sha256) => !isUsed(sha256, going));
}
