import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type GridSource, queryGrid } from '../../db/grid-query.ts';
import { workbookFileName } from '../platform/workbook.ts';
import type { OutgoingFile } from './contract.ts';
import type { Foundation } from './foundation.ts';
import type { Grid, GridPage, GridQuery } from './grid-contract.ts';
import type { GridWorkbookInput, WrittenWorkbook } from './grid-workbook-task.ts';
import type { CallContext } from './router.ts';

export const workbookMediaType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export interface GridHandlers<Input> {
  list: (input: Input) => GridPage;
  exportWorkbook: (input: Input, context: CallContext) => Promise<{ file: OutgoingFile } & WrittenWorkbook>;
}

/**
 * The handlers of `gridOperations`.
 * @param sourceOf where the rows come from, given what came with the query (a term, a chosen row)
 * @param termOf the term for the workbook's title and name, `1091` or empty
 */
export function gridHandlers<Input extends GridQuery>(
  foundation: Foundation,
  grid: Grid,
  sourceOf: (input: Input) => GridSource,
  termOf: (input: Input) => string = () => '',
): GridHandlers<Input> {
  return {
    list: (input) => queryGrid(foundation.connection.sqlite, grid, sourceOf(input), input),
    exportWorkbook: async (input, { signal, report }) => {
      report({ step: '寫入 EXCEL', done: 0, total: 0, unit: '項' });
      const heading = { schoolName: foundation.settings.get('school.name') ?? '', title: grid.title, term: termOf(input) };
      const folder = foundation.directory.makeWorkFolder('workbook');
      const path = join(folder, 'workbook.xlsx');
      try {
        const task: GridWorkbookInput = { path, grid, source: sourceOf(input), query: input, heading };
        const written = await foundation.tasks.run<WrittenWorkbook>('workbook.write', task, { signal });
        const name = workbookFileName({ ...heading, madeAt: foundation.clock.now() });
        return { file: foundation.files.offer(path, name, workbookMediaType, true), ...written };
      } catch (error) {
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
    },
  };
}
