import { LeftOutlined, RightOutlined, UndoOutlined } from '@ant-design/icons';
import { Button, Popconfirm, Tooltip } from 'antd';
import { type ReactNode, useState } from 'react';
import { ListSide } from './list-side.tsx';
import { nothingPicked, type Picking } from './picking.ts';
import './transfer-list.css';

export interface TransferRow {
  id: string;
}

export interface TransferColumn<Row extends TransferRow> {
  title: string;
  /** What is searched, read aloud, and shown unless `render` is there. */
  text: (row: Row) => string;
  render?: (row: Row) => ReactNode;
  width?: number;
}

interface SideOf<Row extends TransferRow> {
  /** As in the manual: 待選人員, 可選班級. */
  title: string;
  rows: readonly Row[];
  columns: readonly TransferColumn<Row>[];
  emptyText: string;
  /** What stands in the empty search field, where the manual has words of its own: 輸入帳號篩選. */
  searchHint?: string;
}

export interface TransferListProps<Row extends TransferRow> {
  available: SideOf<Row>;
  chosen: SideOf<Row>;
  /** Moves rows to the chosen side. Resolves false when that was refused: they stay picked. */
  onAdd: (ids: readonly string[]) => Promise<boolean>;
  onRemove: (ids: readonly string[]) => Promise<boolean>;
  /** What is asked before removing, in the manual's words: 確定要刪除勾選的班級？ Without it, nothing is asked. */
  removeQuestion?: string;
  /** The counting word of the rows: 人, 班, 項. */
  unit: string;
  disabled?: boolean;
}

interface Moved {
  ids: readonly string[];
  added: boolean;
}

/**
 * Two lists (待選 / 已選): search above each, Shift and Ctrl pick many, → ← buttons, drag, double click or Enter; what was moved last
 * can be taken back. Every move is saved at once by the caller.
 */
export function TransferList<Row extends TransferRow>(props: TransferListProps<Row>) {
  const { available, chosen, onAdd, onRemove, removeQuestion, unit, disabled = false } = props;
  const [left, setLeft] = useState<Picking>(nothingPicked);
  const [right, setRight] = useState<Picking>(nothingPicked);
  const [moving, setMoving] = useState(false);
  const [moved, setMoved] = useState<Moved | null>(null);
  const [asking, setAsking] = useState<readonly string[] | null>(null);

  const here = (side: SideOf<Row>, ids: Iterable<string>) => {
    const wanted = new Set(ids);
    return side.rows.filter(({ id }) => wanted.has(id)).map(({ id }) => id);
  };
  const move = async (added: boolean, wanted: Iterable<string>) => {
    const ids = here(added ? available : chosen, wanted);
    if (ids.length === 0 || moving || disabled) return false;
    setMoving(true);
    try {
      if (!(await (added ? onAdd(ids) : onRemove(ids)))) return false;
      (added ? setLeft : setRight)(nothingPicked);
      setMoved({ ids, added });
      return true;
    } finally {
      setMoving(false);
    }
  };
  const remove = (wanted: Iterable<string>) => {
    const ids = here(chosen, wanted);
    if (ids.length === 0) return;
    if (removeQuestion) setAsking(ids);
    else void move(false, ids);
  };
  const undo = async () => {
    if (!moved) return;
    if (await move(!moved.added, moved.ids)) setMoved(null);
  };
  const [adding, removing] = [here(available, left.picked).length, here(chosen, right.picked).length];

  return (
    <div className="transfer-list" aria-busy={moving}>
      <ListSide
        {...available}
        picking={left}
        onPicking={setLeft}
        onSend={(ids) => void move(true, ids)}
        onReceive={() => remove(right.picked)}
        disabled={disabled}
      />
      <div className="transfer-buttons">
        <Tooltip title={`加入勾選的${adding > 0 ? ` ${adding} ${unit}` : ''}`}>
          <Button
            aria-label={`加入${chosen.title}`}
            icon={<RightOutlined />}
            disabled={disabled || adding === 0}
            loading={moving}
            onClick={() => void move(true, left.picked)}
          />
        </Tooltip>
        <Popconfirm
          open={asking !== null}
          title={removeQuestion}
          description={asking && `共 ${asking.length} ${unit}`}
          okText="刪除"
          okButtonProps={{ danger: true }}
          cancelText="不要"
          onConfirm={() => {
            const ids = asking ?? [];
            setAsking(null);
            void move(false, ids);
          }}
          onCancel={() => setAsking(null)}
        >
          <Tooltip title={`移除勾選的${removing > 0 ? ` ${removing} ${unit}` : ''}`}>
            <Button
              aria-label={`從${chosen.title}移除`}
              icon={<LeftOutlined />}
              disabled={disabled || removing === 0 || moving}
              onClick={() => remove(right.picked)}
            />
          </Tooltip>
        </Popconfirm>
        {moved && !disabled && (
          <Tooltip placement="bottom" title={`復原：${moved.added ? '移除剛加入的' : '加回剛移除的'} ${moved.ids.length} ${unit}`}>
            <Button aria-label="復原" icon={<UndoOutlined />} disabled={moving} onClick={() => void undo()} />
          </Tooltip>
        )}
        <span className="transfer-moved" role="status">
          {moved && `${moved.added ? '已加入' : '已移除'} ${moved.ids.length} ${unit}`}
        </span>
      </div>
      <ListSide
        {...chosen}
        picking={right}
        onPicking={setRight}
        onSend={(ids) => remove(ids)}
        onReceive={() => void move(true, left.picked)}
        disabled={disabled}
      />
    </div>
  );
}
