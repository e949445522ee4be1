import { Input, Select } from 'antd';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { GridColumn } from '../../../main/application/grid-contract.ts';
import { filterHint } from './cells.tsx';

/** What the row under the headings shows; a column of null is one that can't be filtered (ticks, actions). */
export interface FilterRowState {
  columns: readonly (GridColumn | null)[];
  filter: Readonly<Record<string, string>>;
  /** The column whose filter the backend could not read. */
  invalid: string | null;
  onFilter: (key: string, text: string) => void;
}

export const FilterRowContext = createContext<FilterRowState | null>(null);

/** antd's table head with the filter row beneath the headings (manual: every grid has one). */
export function HeadWithFilters({ children, ...rest }: { children?: ReactNode; className?: string }) {
  const state = useContext(FilterRowContext);
  return (
    <thead {...rest}>
      {children}
      {state?.columns.some((column) => column) && (
        <tr className="filter-row">
          {state.columns.map((column, index) => (
            <td key={column?.key ?? `plain-${index}`}>
              {column && (
                <ColumnFilter
                  column={column}
                  text={state.filter[column.key] ?? ''}
                  invalid={state.invalid === column.key}
                  onFilter={state.onFilter}
                />
              )}
            </td>
          ))}
        </tr>
      )}
    </thead>
  );
}

/** Waits until the typing pauses; 250 ms is between two characters of a slow typist and "it does nothing". */
const typingPause = 250;

interface ColumnFilterProps {
  column: GridColumn;
  text: string;
  invalid: boolean;
  onFilter: FilterRowState['onFilter'];
}

function ColumnFilter({ column, text, invalid, onFilter }: ColumnFilterProps) {
  const [typed, setTyped] = useState(text);
  const [composing, setComposing] = useState(false);

  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (composing || typed === text) return undefined;
    const timer = setTimeout(() => onFilter(column.key, typed), typingPause);
    return () => clearTimeout(timer);
  }, [typed, text, composing, column.key, onFilter]);

  if (column.kind === 'choice' || column.kind === 'flag') {
    const choices = column.kind === 'flag' ? { 是: '是', 否: '否' } : (column.choices ?? {});
    return (
      <Select
        size="small"
        allowClear
        value={text === '' ? undefined : text}
        placeholder="全部"
        aria-label={`篩選${column.title}`}
        popupMatchSelectWidth={false}
        options={Object.entries(choices).map(([value, label]) => ({ value, label }))}
        onChange={(value: string | undefined) => onFilter(column.key, value ?? '')}
      />
    );
  }
  return (
    <Input
      size="small"
      allowClear
      value={typed}
      status={invalid ? 'error' : undefined}
      aria-invalid={invalid}
      aria-label={`篩選${column.title}`}
      title={filterHint(column)}
      maxLength={200}
      onChange={(event) => setTyped(event.target.value)}
      onCompositionStart={() => setComposing(true)}
      onCompositionEnd={() => setComposing(false)}
      onPressEnter={() => onFilter(column.key, typed)}
    />
  );
}
