import { useState } from 'react';
import type { GridPage } from '../../../main/application/grid-contract.ts';
import { CallError, call } from '../../app/backend.ts';
import type { GridPlace } from './data-grid.tsx';

export interface OpenedRow {
  id: string;
  /** The list it was opened from; null of one opened by a link. */
  place: GridPlace | null;
}

/** Previous and next row of the grid that a drawer was opened from, over the ends of its pages too. */
export function useSteps(opened: OpenedRow | null, onOpen: (row: OpenedRow) => void) {
  const [error, setError] = useState<CallError | null>(null);
  const place = opened?.place ?? null;
  const index = place ? place.rows.findIndex(({ id }) => String(id) === opened?.id) : -1;
  const position = place && index >= 0 ? (place.input.page - 1) * place.input.pageSize + index + 1 : null;
  const total = place?.total ?? 0;
  const may = (by: -1 | 1) => position !== null && position + by >= 1 && position + by <= total;

  const step = async (by: -1 | 1) => {
    if (!place || !may(by)) return;
    setError(null);
    const onPage = place.rows[index + by];
    if (onPage) return onOpen({ id: String(onPage.id), place });
    const input = { ...place.input, page: place.input.page + by };
    try {
      // Every grid's list has one shape beside its scope (grid-contract.ts), so one of them types them all.
      const { rows, total: now } = (await call(place.list as 'students.list', input)) as GridPage;
      const row = by === 1 ? rows[0] : rows.at(-1);
      if (row) onOpen({ id: String(row.id), place: { ...place, input, rows, total: now } });
    } catch (failure) {
      setError(CallError.from(failure));
    }
  };
  return { position, total, may, step: (by: -1 | 1) => void step(by), error };
}
