import { z } from 'zod';
import { formatRocDateTime, formatRocDay } from '../../domain/roc-date.ts';
import { type Access, job, outgoingFile, query } from './contract.ts';

/**
 * The one grid. A feature declares its columns once; from that come the headings and the filter row on the screen,
 * filter, sort and page in SQL (db/grid-query.ts), and the workbook of what is filtered (main/platform/workbook.ts).
 */
export interface GridColumn {
  key: string;
  title: string;
  /**
   * How values are shown, filtered and typed in the workbook. `text` filters by part of it, or by
   * all of it in quotes, `number` by `3`, `≤ 3`,
   * `>2` or `1~5`, `choice` by one of `choices`, `rocDay` and `rocDateTime` by a day or a range `109/7/1~109/7/31`.
   */
  kind: 'text' | 'number' | 'choice' | 'rocDay' | 'rocDateTime' | 'bytes' | 'flag';
  choices?: Readonly<Record<string, string>>;
  /** Width on the screen in pixels; without it the column takes what is left. */
  width?: number;
  sortable?: boolean;
  filterable?: boolean;
  /** Sent with each row for the screen's own use (ids), not shown and not in the workbook. */
  hidden?: boolean;
}

/** The row's id, for the screen's own use: the first column of most grids. */
export const rowId = {
  key: 'id',
  title: 'id',
  kind: 'text',
  hidden: true,
  filterable: false,
  sortable: false,
} as const satisfies GridColumn;

export interface Grid<Columns extends readonly GridColumn[] = readonly GridColumn[]> {
  name: string;
  /** Title of the workbook. */
  title: string;
  columns: Columns;
  /**
   * Whose data a row shows, for the audit log: the column with the student's id, a column that counts them where a row is about several, or null
   * where there is no student in it. A list without students is not audited, its workbook is.
   */
  students: Columns[number]['key'] | { count: Columns[number]['key'] } | null;
  defaultSort: { key: string; descending?: boolean };
}

export function defineGrid<const Columns extends readonly GridColumn[]>(grid: Grid<Columns>): Grid<Columns> {
  return grid;
}

export const pageSizes = [30, 50, 100] as const;

export const gridQuery = z.object({
  filter: z.record(z.string(), z.string().max(200)).default({}),
  sort: z.object({ key: z.string(), descending: z.boolean().default(false) }).optional(),
  page: z.int().min(1).default(1),
  pageSize: z.int().min(1).max(1000).default(30),
});
export type GridQuery = z.infer<typeof gridQuery>;

/** The scope of a grid that shows one term (or, with semester 0, one year). */
export const termScope = { academicYear: z.int().min(80).max(200), semester: z.int().min(0).max(2) };
export interface TermScope {
  academicYear: number;
  semester: number;
}
export type TermGridQuery = GridQuery & TermScope;

export const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Cell = z.infer<typeof cell>;

/** What a value reads as in a grid and in its workbook, by the kind its column declares; empty for nothing. */
export function cellText(column: GridColumn, value: Cell): string {
  if (value === null) return '';
  switch (column.kind) {
    case 'rocDay':
      return formatRocDay(String(value));
    case 'rocDateTime':
      return formatRocDateTime(String(value));
    case 'choice':
      return column.choices?.[String(value)] ?? String(value);
    case 'flag':
      return value === true || value === 1 ? '是' : '否';
    default:
      return String(value);
  }
}

export type GridRow = Record<string, Cell>;
export const gridPage = z.object({ rows: z.array(z.record(z.string(), cell)), total: z.int() });
export type GridPage = z.infer<typeof gridPage>;

/** What a list's audit entry names: a longer one is a page of many, of whom the entry keeps how many. */
const mostNamedInList = 20;

/** The students that rows are about. `ids` of a few; `count` counts each once. */
export function studentsOfRows({ students }: Pick<Grid, 'students'>, rows: readonly GridRow[]): { ids: readonly string[]; count: number } {
  if (students === null) return { ids: [], count: 0 };
  if (typeof students === 'object') return { ids: [], count: rows.reduce((sum, row) => sum + Number(row[students.count] ?? 0), 0) };
  const ids = new Set(rows.map((row) => row[students]).filter((id): id is string => typeof id === 'string'));
  return { ids: ids.size > mostNamedInList ? [] : [...ids], count: ids.size };
}

/**
 * The two operations of a grid: `list` one page, `exportWorkbook` all of what is filtered as an .xlsx file.
 * @param scope what the grid needs beside its filter (a term, a chosen row): merged into the input
 */
export function gridOperations<Scope extends z.ZodRawShape = Record<never, never>>(grid: Grid, access: Access, scope: Scope = {} as Scope) {
  const input = gridQuery.extend(scope);
  const viewed = {
    action: 'view',
    students: (_input: unknown, { rows }: GridPage) => studentsOfRows(grid, rows).ids,
    count: (_input: unknown, { rows }: GridPage) => studentsOfRows(grid, rows).count,
  } as const;
  return {
    list: query({
      title: `查看${grid.title}`,
      input,
      output: gridPage,
      access,
      ...(grid.students === null ? {} : { audit: viewed }),
    }),
    exportWorkbook: job({
      title: `匯出 EXCEL：${grid.title}`,
      input,
      output: z.object({ file: outgoingFile, rows: z.int(), /** Each counted once. */ students: z.int() }),
      access,
      audit: { action: 'export', count: (_input, output) => output.students },
    }),
  };
}
