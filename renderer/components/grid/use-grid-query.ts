import { keepPreviousData } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { Grid, GridQuery } from '../../../main/application/grid-contract.ts';
import type { InputOf } from '../../../main/features/contract.ts';
import { useQueryOperation } from '../../app/backend.ts';

/** Features with a grid: those whose contract has `<feature>.list` and `<feature>.exportWorkbook`. */
export type GridFeature = 'students' | 'transferOut' | 'transferIn';

/** What of the input of `<feature>.list` is not filter, sort or page. */
export type GridScope<Feature extends GridFeature> = Omit<InputOf<`${Feature}.list`>, keyof GridQuery>;

export interface GridState {
  filter: Record<string, string>;
  sort: { key: string; descending: boolean } | undefined;
  page: number;
  pageSize: number;
}

const defaultPageSize = 30;

/** Filter, sort and page of a grid, and the rows they give. A new filter or sort begins at the first page again. */
export function useGridQuery<Feature extends GridFeature>(
  feature: Feature,
  grid: Grid,
  scope: GridScope<Feature> | undefined,
  pageSize?: number,
) {
  const [state, setState] = useState<GridState>({ filter: {}, sort: undefined, page: 1, pageSize: pageSize ?? defaultPageSize });
  // Every grid's operations have one shape beside their scope (grid-contract.ts), so one of them types them all.
  const name = `${feature}.list` as 'students.list';
  const input = { ...scope, ...state };
  const answer = useQueryOperation(name, input, { placeholderData: keepPreviousData });

  const onFilter = useCallback((key: string, text: string) => {
    setState(({ filter: { [key]: _before, ...others }, ...rest }) => ({
      ...rest,
      filter: text.trim() === '' ? others : { ...others, [key]: text },
      page: 1,
    }));
  }, []);
  const clearFilter = useCallback(() => setState((before) => ({ ...before, filter: {}, page: 1 })), []);
  const onPage = useCallback(
    (page: number, size: number) => setState((before) => ({ ...before, page: size === before.pageSize ? page : 1, pageSize: size })),
    [],
  );
  const onSort = useCallback(
    (sort: GridState['sort']) => setState((before) => ({ ...before, sort, page: before.sort === sort ? before.page : 1 })),
    [],
  );

  const sort = state.sort ?? { key: grid.defaultSort.key, descending: grid.defaultSort.descending ?? false };
  return { state, sort, input, answer, onFilter, clearFilter, onPage, onSort };
}
