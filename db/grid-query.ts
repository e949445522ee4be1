import { parseRocDay } from '../domain/roc-date.ts';
import type { Grid, GridColumn, GridPage, GridQuery, GridRow } from '../main/application/grid-contract.ts';
import { ApplicationError } from '../main/platform/errors.ts';
import type { Sqlite } from './connection.ts';

/** Where a grid's rows come from, in SQL. */
export interface GridSource {
  /** `students s left join class_sections c on …` */
  from: string;
  /** Always true of its rows: `s.deleted_at is null and e.academic_year = @academicYear`. */
  where?: string;
  /** Named parameters of `from` and `where`. */
  parameters?: Record<string, string | number | null>;
  /** For each column of the grid its SQL, `s.student_number`; hidden columns too. */
  columns: Readonly<Record<string, string>>;
  /** What a column sorts by where it is not its own text: `className: 'c.sort_key, e.seat_number'`. */
  sortBy?: Readonly<Record<string, string>>;
  /** What a column filters by where it shows something else: the whole identity behind a masked one. */
  filterBy?: Readonly<Record<string, string>>;
  /**
   * What tells the rows that `where` lets through apart, `s.id` or `s.id, k.semester`. Given where columns are counted row by row: the rows of a page are then
   * found first, and columns read of no others, so that the last page costs what the first does.
   */
  key?: string;
  /** Its `from` groups many rows into few: then they are counted along with the page, since counting them apart would group them twice. */
  grouped?: true;
  /** Makes the order total, so that pages never overlap: `s.student_number`. */
  tieBreaker: string;
}

const comparison = /^\s*(<=|>=|≤|≥|<|>|=)?\s*(-?\d+(?:\.\d+)?)\s*$/;
const numberRange = /^\s*(-?\d+(?:\.\d+)?)\s*[~～-]\s*(-?\d+(?:\.\d+)?)\s*$/;
/** `"一年一班"`, `「一年一班」`: the whole text, not a part of it. */
const quoted = /^["“「](.+)["”」]$/s;
const operators: Record<string, string> = { '≤': '<=', '≥': '>=' };

class Conditions {
  readonly clauses: string[] = [];
  readonly parameters: Record<string, string | number | null>;

  constructor(parameters: Record<string, string | number | null>) {
    this.parameters = { ...parameters };
  }

  bind(value: string | number): string {
    const name = `f${Object.keys(this.parameters).length}`;
    this.parameters[name] = value;
    return `@${name}`;
  }
}

const badFilter = (column: GridColumn, hint: string) =>
  new ApplicationError('filter.invalid', `「${column.title}」的篩選條件看不懂，請輸入${hint}。`, { column: column.key });

/** The instant at which a day of Taipei begins, or one `daysLater`; UTC, ISO. */
const startOfDay = (day: string, daysLater: number) =>
  new Date(Date.parse(`${day}T00:00:00+08:00`) + daysLater * 24 * 60 * 60_000).toISOString();

function addFilter(conditions: Conditions, column: GridColumn, expression: string, raw: string): void {
  const text = raw.normalize('NFKC').trim();
  if (text === '') return;
  switch (column.kind) {
    case 'text': {
      const whole = quoted.exec(text)?.[1];
      conditions.clauses.push(
        whole === undefined
          ? `instr(lower(${expression}), lower(${conditions.bind(text)})) > 0`
          : `lower(${expression}) = lower(${conditions.bind(whole)})`,
      );
      return;
    }
    case 'choice':
      conditions.clauses.push(`${expression} = ${conditions.bind(raw.trim())}`);
      return;
    case 'flag':
      conditions.clauses.push(`${expression} = ${/^(是|1|true|yes)$/i.test(text) ? 1 : 0}`);
      return;
    case 'number':
    case 'bytes': {
      const range = numberRange.exec(text);
      const single = comparison.exec(text);
      if (range && !single)
        conditions.clauses.push(`${expression} between ${conditions.bind(Number(range[1]))} and ${conditions.bind(Number(range[2]))}`);
      else if (single)
        conditions.clauses.push(`${expression} ${operators[single[1] ?? ''] ?? single[1] ?? '='} ${conditions.bind(Number(single[2]))}`);
      else throw badFilter(column, '數字，例如 3、≤ 3 或 1~5');
      return;
    }
    case 'rocDay':
    case 'rocDateTime': {
      const [from, until] = text.split('~').map((part) => parseRocDay(part));
      if (!from || (text.includes('~') && !until)) throw badFilter(column, '日期，例如 109/7/17 或 109/7/1~109/7/31');
      if (column.kind === 'rocDay') {
        conditions.clauses.push(`${expression} between ${conditions.bind(from)} and ${conditions.bind(until ?? from)}`);
        return;
      }
      // Instants are UTC; a day of Taipei begins at 16:00Z of the day before. Compared as they are kept, so that an index serves.
      conditions.clauses.push(
        `${expression} >= ${conditions.bind(startOfDay(from, 0))} and ${expression} < ${conditions.bind(startOfDay(until ?? from, 1))}`,
      );
    }
  }
}

function selectList(grid: Grid, source: GridSource): string {
  return grid.columns.map((column) => `${source.columns[column.key]} as "${column.key}"`).join(', ');
}

function orderBy(grid: Grid, source: GridSource, sort: GridQuery['sort']): string {
  const wanted = sort && grid.columns.some((column) => column.key === sort.key && column.sortable !== false) ? sort : grid.defaultSort;
  const direction = wanted.descending ? 'desc' : 'asc';
  const expressions = source.sortBy?.[wanted.key]?.split(',') ?? [source.columns[wanted.key]!];
  return [...expressions.map((expression) => `${expression.trim()} ${direction}`), source.tieBreaker].join(', ');
}

function conditionsOf(
  grid: Grid,
  source: GridSource,
  query: GridQuery,
): { where: string; parameters: Record<string, string | number | null> } {
  const conditions = new Conditions(source.parameters ?? {});
  if (source.where) conditions.clauses.push(`(${source.where})`);
  for (const column of grid.columns) {
    const filter = query.filter[column.key];
    if (filter !== undefined && column.filterable !== false)
      addFilter(conditions, column, source.filterBy?.[column.key] ?? source.columns[column.key]!, filter);
  }
  return { where: conditions.clauses.length > 0 ? `where ${conditions.clauses.join(' and ')}` : '', parameters: conditions.parameters };
}

/** The statement that a page runs, for `explain query plan` in tests. */
export function gridStatement(
  grid: Grid,
  source: GridSource,
  query: GridQuery,
  alsoSelect = '',
): { sql: string; parameters: Record<string, string | number | null> } {
  const { where, parameters } = conditionsOf(grid, source, query);
  return {
    sql: `select ${selectList(grid, source)}${alsoSelect} from ${source.from} ${where} order by ${orderBy(grid, source, query.sort)}`,
    parameters,
  };
}

/** With `@limit` and `@offset`. */
function pageStatement(grid: Grid, source: GridSource, query: GridQuery): string {
  const page = 'limit @limit offset @offset';
  if (source.key === undefined) return `${gridStatement(grid, source, query).sql} ${page}`;
  const { where } = conditionsOf(grid, source, query);
  const order = `order by ${orderBy(grid, source, query.sort)}`;
  const found = `select ${source.key} from ${source.from} ${where} ${order} ${page}`;
  const among = source.where ? ` and (${source.where})` : '';
  return `select ${selectList(grid, source)} from ${source.from} where (${source.key}) in (${found})${among} ${order}`;
}

/**
 * One page of a grid and the total, filtered and sorted in SQL.
 * @throws `filter.invalid` naming the column, for a filter that cannot be read
 */
export function queryGrid(sqlite: Sqlite, grid: Grid, source: GridSource, query: GridQuery): GridPage {
  const { where, parameters } = conditionsOf(grid, source, query);
  const page = { ...parameters, limit: query.pageSize, offset: (query.page - 1) * query.pageSize };
  if (source.grouped) {
    const { sql } = gridStatement(grid, source, query, ', count(*) over () as "total rows"');
    const rows = sqlite.prepare(`${sql} limit @limit offset @offset`).all(page) as (GridRow & { 'total rows': number })[];
    const total = rows[0]?.['total rows'];
    if (total !== undefined || query.page === 1) return { rows: rows.map(({ 'total rows': _total, ...row }) => row), total: total ?? 0 };
  }
  const total = sqlite.prepare(`select count(*) from ${source.from} ${where}`).pluck().get(parameters) as number;
  const rows = sqlite.prepare(pageStatement(grid, source, query)).all(page) as GridRow[];
  return { rows, total };
}

/** All rows of what is filtered, one at a time: for workbooks. */
export function iterateGrid(sqlite: Sqlite, grid: Grid, source: GridSource, query: GridQuery): IterableIterator<GridRow> {
  const { sql, parameters } = gridStatement(grid, source, query);
  return sqlite.prepare(sql).iterate(parameters) as IterableIterator<GridRow>;
}
