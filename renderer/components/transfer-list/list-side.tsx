import { SearchOutlined } from '@ant-design/icons';
import { Checkbox, Input } from 'antd';
import { type DragEvent, type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import { formatCount } from '../format.ts';
import { type Picking, pick, pickAll } from './picking.ts';
import type { TransferColumn, TransferRow } from './transfer-list.tsx';

interface ListSideProps<Row extends TransferRow> {
  title: string;
  rows: readonly Row[];
  columns: readonly TransferColumn<Row>[];
  emptyText: string;
  searchHint?: string;
  picking: Picking;
  onPicking: (picking: Picking) => void;
  /** Enter, double click, or rows dragged away. */
  onSend: (ids: readonly string[]) => void;
  /** Rows of the other side dropped here. */
  onReceive: () => void;
  disabled: boolean;
}

/** What a dragged row carries, so that nothing else can be dropped on a list. */
const dragType = 'application/x-portfolio-rows';

/** A control within a row does its own work; clicks on it are none on the row. Dialogs opened from a row bubble through it too. */
const onControl = (target: EventTarget) =>
  (target as HTMLElement).closest('button, a, input, label, .ant-select, .ant-popover, .ant-modal') !== null;

/** One of the two lists: its search, its rows with their ticks, and how many there are. */
export function ListSide<Row extends TransferRow>(props: ListSideProps<Row>) {
  const { title, rows, columns, emptyText, searchHint = '輸入關鍵字篩選', picking, onPicking, onSend, onReceive, disabled } = props;
  const [sought, setSought] = useState('');
  const [over, setOver] = useState(false);
  const body = useRef<HTMLTableSectionElement>(null);
  const heading = useId();

  const shown = useMemo(() => {
    const text = sought.normalize('NFKC').trim().toLowerCase();
    if (text === '') return rows;
    return rows.filter((row) => columns.some((column) => column.text(row).toLowerCase().includes(text)));
  }, [rows, columns, sought]);
  const ids = shown.map(({ id }) => id);
  const count = ids.filter((id) => picking.picked.has(id)).length;

  const onKeyDown = (row: Row) => (event: KeyboardEvent<HTMLTableRowElement>) => {
    const line = event.currentTarget;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = (event.key === 'ArrowDown' ? line.nextElementSibling : line.previousElementSibling) as HTMLElement | null;
      next?.focus();
      if (event.shiftKey && next) onPicking(pick({ ...picking, anchor: picking.anchor ?? row.id }, next.dataset.id ?? row.id, true, ids));
    } else if (event.key === ' ') onPicking(pick(picking, row.id, event.shiftKey, ids));
    else if (event.key === 'Enter') onSend(count > 0 ? [...picking.picked] : [row.id]);
    else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) onPicking(pickAll(picking, ids));
    else return;
    event.preventDefault();
  };
  const onDrop = (event: DragEvent) => {
    setOver(false);
    if (disabled || !event.dataTransfer.types.includes(dragType)) return;
    event.preventDefault();
    if (event.dataTransfer.getData(dragType) !== title) onReceive();
  };

  return (
    <section
      className={over ? 'transfer-side transfer-side-over' : 'transfer-side'}
      aria-labelledby={heading}
      onDragOver={(event) => {
        if (disabled || !event.dataTransfer.types.includes(dragType)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <h2 id={heading}>{title}</h2>
      <Input
        size="small"
        allowClear
        prefix={<SearchOutlined aria-hidden />}
        placeholder={searchHint}
        aria-label={`篩選${title}`}
        value={sought}
        onChange={(event) => setSought(event.target.value)}
      />
      <div className="transfer-rows">
        <table aria-labelledby={heading}>
          <thead>
            <tr>
              <th className="transfer-tick">
                <Checkbox
                  aria-label={`勾選${title}全部`}
                  disabled={disabled || shown.length === 0}
                  checked={count > 0 && count === shown.length}
                  indeterminate={count > 0 && count < shown.length}
                  onChange={() => onPicking(pickAll(picking, ids))}
                />
              </th>
              {columns.map((column) => (
                <th key={column.title} scope="col" style={{ width: column.width }}>
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body}>
            {shown.map((row, index) => {
              const picked = picking.picked.has(row.id);
              return (
                <tr
                  key={row.id}
                  data-id={row.id}
                  tabIndex={index === 0 ? 0 : -1}
                  className={picked ? 'transfer-picked' : undefined}
                  draggable={!disabled}
                  onDragStart={(event) => {
                    event.dataTransfer.setData(dragType, title);
                    if (!picked) onPicking({ picked: new Set([row.id]), anchor: row.id });
                  }}
                  onClick={(event) => {
                    if (!disabled && !onControl(event.target)) {
                      onPicking(pick(picking, row.id, event.shiftKey, ids));
                    }
                  }}
                  onDoubleClick={(event) => !disabled && !onControl(event.target) && onSend([row.id])}
                  onKeyDown={(event) => !disabled && event.target === event.currentTarget && onKeyDown(row)(event)}
                >
                  <td className="transfer-tick">
                    <Checkbox
                      aria-label={`勾選 ${columns.map((column) => column.text(row)).join(' ')}`}
                      disabled={disabled}
                      checked={picked}
                      onChange={(event) => onPicking(pick(picking, row.id, event.nativeEvent.shiftKey, ids))}
                    />
                  </td>
                  {columns.map((column) => (
                    <td key={column.title} title={column.render ? undefined : column.text(row)}>
                      {column.render ? column.render(row) : column.text(row)}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
        {shown.length === 0 && <p className="panel-empty">{rows.length === 0 ? emptyText : '沒有符合的資料'}</p>}
      </div>
      <p className="transfer-count figure" aria-live="polite">
        {count > 0 && `已勾選 ${formatCount(count)}，`}共 {formatCount(rows.length)} 條
      </p>
    </section>
  );
}
