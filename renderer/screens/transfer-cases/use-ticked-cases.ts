import { useCallback, useEffect, useState } from 'react';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import { type CaseRow, caseOf } from './case-row.ts';

/** Cases ticked, across pages. Forgotten when the tab is left: what is done elsewhere changes what can be recorded of them. */
export function useTickedCases(active: boolean) {
  const [ticked, setTicked] = useState<readonly CaseRow[]>([]);
  useEffect(() => {
    if (!active) setTicked([]);
  }, [active]);
  const clear = useCallback(() => setTicked([]), []);
  const onChange = (ids: string[], rows: GridRow[]) => {
    const known = new Map([...ticked, ...rows.map(caseOf)].map((one) => [one.id, one]));
    setTicked(ids.flatMap((id) => known.get(id) ?? []));
  };
  return { ticked, clear, selection: { selected: ticked.map(({ id }) => id), onChange } };
}
