import { FileExcelOutlined } from '@ant-design/icons';
import { Button, Empty, Pagination, Skeleton, Table, type TableColumnType, Tag } from 'antd';
import { type KeyboardEvent, type MouseEvent, type ReactNode, useCallback, useMemo, useRef } from 'react';
import { type Grid, type GridRow, pageSizes } from '../../../main/application/grid-contract.ts';
import { useJob } from '../../app/backend.ts';
import { useSaveFile } from '../../app/save-file.ts';
import { ErrorNote } from '../error-note.tsx';
import { JobProgress } from '../job-progress.tsx';
import { useShortcut } from '../use-shortcut.ts';
import { isFigure, showCell, showTitle } from './cells.tsx';
import { FilterRowContext, HeadWithFilters } from './filter-row.tsx';
import { pageLine } from './page-line.ts';
import { type GridList, type GridScope, type GridWorkbook, useGridQuery } from './use-grid-query.ts';

/** Where a row stands: enough to go on to the next one, over the end of the page too. */
export interface GridPlace {
  list: GridList;
  /** Filter, sort, page and scope that gave `rows`. */
  input: Record<string, unknown> & { page: number; pageSize: number };
  rows: readonly GridRow[];
  total: number;
}

export interface DataGridProps<List extends GridList> {
  /** From the feature's contract. */
  grid: Grid;
  /** The two operations made by `gridOperations`. */
  list: List;
  /** Without one there is no 匯出 EXCEL: the screen has its own way. */
  workbook?: GridWorkbook;
  /** What the list needs beside filter, sort and page. Keep it the same object while it means the same. */
  scope?: GridScope<List>;
  /** Takes its filter from the address (grid-address.ts); one grid of a screen at most. */
  addressed?: boolean;
  /** Rows ticked, across pages. The rows given are those the grid has seen. */
  selection?: {
    selected: string[];
    onChange: (selected: string[], rows: GridRow[]) => void;
    /** Where not every row can be ticked. */
    mayTick?: (row: GridRow) => boolean;
  };
  /** Columns shown in a way of their own: by key, from the row. */
  render?: Readonly<Record<string, (row: GridRow, place: GridPlace) => ReactNode>>;
  /** Columns of the grid that this screen does not show. */
  without?: readonly string[];
  /** The last column: buttons of a row. */
  actions?: (row: GridRow, place: GridPlace) => ReactNode;
  actionsWidth?: number;
  /** The last column's heading, where the manual gives it one: 查看. */
  actionsTitle?: string;
  /** What stands left of 匯出 EXCEL. */
  toolbar?: ReactNode;
  emptyText: string;
  /** The next step, as a button. */
  emptyAction?: ReactNode;
  /** Enter or double click on a row. */
  onRowOpen?: (row: GridRow, place: GridPlace) => void;
  pageSize?: (typeof pageSizes)[number];
}

/** Two quick clicks on a row itself; not on a button of it, nor on a menu or question that the button opened (React's events come from there too). */
function onItself({ target, currentTarget }: MouseEvent<HTMLElement>): boolean {
  return target instanceof Element && currentTarget.contains(target) && target.closest('a, button, input') === null;
}

/**
 * The one grid: filter row under the headings, sorting and paging in SQL, `1 - 30 共 1,080 條`, 匯出 EXCEL of what is
 * filtered. Keys: `/` to the filters, ↑ ↓ from row to row, Enter opens, Space ticks, Ctrl+E exports.
 */
export function DataGrid<List extends GridList>(props: DataGridProps<List>) {
  const { grid, list, scope, selection, render, without, actions, onRowOpen, addressed } = props;
  const { state, sort, input, answer, onFilter, clearFilter, onPage, onSort } = useGridQuery({
    list,
    grid,
    scope,
    pageSize: props.pageSize,
    addressed,
  });
  // Without a workbook nothing is ever started under this name, and no job runs under it.
  const workbook = useJob(props.workbook as 'students.exportWorkbook');
  const hasWorkbook = props.workbook !== undefined;
  const saveFile = useSaveFile();
  const box = useRef<HTMLDivElement>(null);

  const shown = useMemo(() => grid.columns.filter((column) => !column.hidden && !without?.includes(column.key)), [grid, without]);
  const invalid = answer.error?.code === 'filter.invalid' ? String(answer.error.details.column) : null;
  // What a link filtered by without a column to show it under.
  const unseen = grid.columns.filter((column) => state.filter[column.key] !== undefined && !shown.includes(column));
  const filtered = Object.keys(state.filter).length > 0;
  const rows = answer.data?.rows ?? [];
  const total = answer.data?.total ?? 0;
  const place: GridPlace = { list, input, rows, total };

  const exportWorkbook = useCallback(async () => {
    const result = await workbook.start(input);
    if (result) await saveFile(result.file);
  }, [workbook.start, input, saveFile]);

  useShortcut({ key: '/' }, () => box.current?.querySelector<HTMLInputElement>('.filter-row input')?.focus());
  useShortcut({ key: 'e', mod: true }, () => void exportWorkbook(), hasWorkbook && total > 0 && !workbook.running);

  const columns: TableColumnType<GridRow>[] = shown.map((column) => ({
    key: column.key,
    dataIndex: column.key,
    title: showTitle(column.title),
    width: column.width,
    align: isFigure(column) ? 'right' : 'left',
    sorter: column.sortable !== false,
    sortOrder: sort.key === column.key ? (sort.descending ? 'descend' : 'ascend') : null,
    ellipsis: true,
    render: (value, row) => render?.[column.key]?.(row, place) ?? showCell(column, value),
  }));
  if (actions)
    columns.push({
      key: 'actions',
      title: props.actionsTitle ?? '',
      width: props.actionsWidth ?? 120,
      render: (_value, row) => actions(row, place),
    });

  const hasTicks = selection !== undefined;
  const hasActions = actions !== undefined;
  const filterRow = useMemo(() => {
    const filters = shown.map((column) => (column.filterable === false ? null : column));
    return { columns: [...(hasTicks ? [null] : []), ...filters, ...(hasActions ? [null] : [])], filter: state.filter, invalid, onFilter };
  }, [shown, state.filter, invalid, onFilter, hasTicks, hasActions]);

  const toggle = (row: GridRow) => {
    if (!selection || selection.mayTick?.(row) === false) return;
    const id = String(row.id);
    const ticked = selection.selected.includes(id);
    const selected = ticked ? selection.selected.filter((other) => other !== id) : [...selection.selected, id];
    selection.onChange(
      selected,
      rows.filter((other) => selected.includes(String(other.id))),
    );
  };
  const onRowKey = (row: GridRow) => (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget) return;
    const line = event.currentTarget;
    if (event.key === 'ArrowDown') (line.nextElementSibling as HTMLElement | null)?.focus();
    else if (event.key === 'ArrowUp') (line.previousElementSibling as HTMLElement | null)?.focus();
    else if (event.key === 'Enter' && onRowOpen) onRowOpen(row, place);
    else if (event.key === ' ' && selection) toggle(row);
    else return;
    event.preventDefault();
  };

  return (
    <div ref={box} className="data-grid">
      <div className="grid-toolbar">
        <div className="grid-toolbar-left">
          {props.toolbar}
          {unseen.map((column) => (
            <Tag key={column.key}>
              {column.title}：{state.filter[column.key]}
            </Tag>
          ))}
          {filtered && (
            <Button size="small" type="link" onClick={clearFilter}>
              清除篩選
            </Button>
          )}
        </div>
        <JobProgress job={workbook.job} onCancel={workbook.cancel} />
        {hasWorkbook && (
          <Button
            icon={<FileExcelOutlined />}
            loading={workbook.running}
            disabled={total === 0}
            title="匯出目前篩選的全部資料（Ctrl+E）"
            onClick={() => void exportWorkbook()}
          >
            匯出 EXCEL
          </Button>
        )}
      </div>
      <ErrorNote error={workbook.error} onClose={workbook.reset} />
      <ErrorNote error={answer.error} onRetry={invalid ? undefined : () => void answer.refetch()} />
      <FilterRowContext value={filterRow}>
        <Table<GridRow>
          rowKey="id"
          size="small"
          columns={columns}
          dataSource={rows}
          pagination={false}
          showSorterTooltip={false}
          sortDirections={['ascend', 'descend', 'ascend']}
          components={{ header: { wrapper: HeadWithFilters } }}
          tableLayout="fixed"
          aria-busy={answer.isFetching}
          className={answer.isPlaceholderData ? 'grid-table grid-waiting' : 'grid-table'}
          rowSelection={
            selection && {
              columnWidth: 40,
              preserveSelectedRowKeys: true,
              selectedRowKeys: selection.selected,
              onChange: (keys, ticked) => selection.onChange(keys.map(String), ticked.filter(Boolean)),
              getTitleCheckboxProps: () => ({ 'aria-label': '勾選本頁全部' }),
              getCheckboxProps: (row) => ({
                'aria-label': `勾選 ${row.name ?? row.fileName ?? row.id}`,
                disabled: selection.mayTick?.(row) === false,
              }),
            }
          }
          onRow={(row, index) => ({
            tabIndex: index === 0 ? 0 : -1,
            onKeyDown: onRowKey(row),
            onDoubleClick: onRowOpen && ((event) => onItself(event) && onRowOpen(row, place)),
          })}
          onChange={(_page, _filters, sorter) => {
            const chosen = Array.isArray(sorter) ? sorter[0] : sorter;
            if (chosen?.columnKey) onSort({ key: String(chosen.columnKey), descending: chosen.order === 'descend' });
          }}
          locale={{
            emptyText: answer.isPending ? (
              <Skeleton active title={false} paragraph={{ rows: 8, width: '100%' }} />
            ) : answer.error ? null : filtered ? (
              <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="沒有符合篩選條件的記錄">
                <Button onClick={clearFilter}>清除篩選</Button>
              </Empty>
            ) : (
              <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={props.emptyText}>
                {props.emptyAction}
              </Empty>
            ),
          }}
        />
      </FilterRowContext>
      <div className="grid-foot">
        <Pagination
          size="small"
          current={state.page}
          pageSize={state.pageSize}
          total={total}
          showSizeChanger={{ options: pageSizes.map((size) => ({ value: size, label: `每頁 ${size}` })), 'aria-label': '每頁筆數' }}
          pageSizeOptions={[...pageSizes]}
          onChange={onPage}
        />
        <span className="figure" aria-live="polite">
          {answer.isPending ? '' : pageLine(state.page, state.pageSize, total)}
        </span>
      </div>
    </div>
  );
}
