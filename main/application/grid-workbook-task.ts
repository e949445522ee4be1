import type { GridSource } from '../../db/grid-query.ts';
import { iterateGrid } from '../../db/grid-query.ts';
import { writeWorkbook } from '../platform/workbook.ts';
import type { Grid, GridQuery } from './grid-contract.ts';
import type { Task } from './task-context.ts';

export interface GridWorkbookInput {
  path: string;
  grid: Grid;
  source: GridSource;
  query: GridQuery;
  heading: { schoolName: string; title: string; term: string };
}

/** 匯出 EXCEL of what a grid shows, read on a connection of its own. */
export const run: Task<GridWorkbookInput, number> = async ({ path, grid, source, query, heading }, context) => {
  const { sqlite } = context.openReader();
  return writeWorkbook(
    path,
    { ...heading, madeAt: context.clock.now() },
    grid.columns,
    iterateGrid(sqlite, grid, source, query),
    context.signal,
  );
};
