import type { GridSource } from '../../db/grid-query.ts';
import { iterateGrid } from '../../db/grid-query.ts';
import { writeWorkbook } from '../platform/workbook.ts';
import type { Grid, GridQuery, GridRow } from './grid-contract.ts';
import type { Task } from './task-context.ts';

export interface GridWorkbookInput {
  path: string;
  grid: Grid;
  source: GridSource;
  query: GridQuery;
  heading: { schoolName: string; title: string; term: string };
}

export interface WrittenWorkbook {
  rows: number;
  /** Whose data it holds, each counted once. */
  students: number;
}

/** 匯出 EXCEL of what a grid shows, read on a connection of its own. */
export const run: Task<GridWorkbookInput, WrittenWorkbook> = async ({ path, grid, source, query, heading }, context) => {
  const { sqlite } = context.openReader();
  const tally = studentTally(grid);
  const rows = await writeWorkbook(
    path,
    { ...heading, madeAt: context.clock.now() },
    grid.columns,
    tally.over(iterateGrid(sqlite, grid, source, query)),
    context.signal,
  );
  return { rows, students: tally.count() };
};

/** Counts the students of rows that pass by. */
function studentTally({ students }: Grid): { over: (rows: Iterable<GridRow>) => Iterable<GridRow>; count: () => number } {
  const ids = new Set<unknown>();
  let counted = 0;
  return {
    over: function* (rows) {
      for (const row of rows) {
        if (typeof students === 'string') ids.add(row[students]);
        else if (students !== null) counted += Number(row[students.count] ?? 0);
        yield row;
      }
    },
    count: () => {
      // A row about nobody known, such as one of an answer that matched no student.
      ids.delete(null);
      return counted + ids.size;
    },
  };
}
