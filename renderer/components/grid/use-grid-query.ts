import { keepPreviousData } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { Grid, GridPage, GridQuery } from '../../../main/application/grid-contract.ts';
import type { InputOf, OutputOf } from '../../../main/features/contract.ts';
import { type JobName, type QueryName, useQueryOperation } from '../../app/backend.ts';
import { filterIn, withoutFilter } from './grid-address.ts';

/** Queries of the contract that answer a page of a grid (made by `gridOperations`). */
export type GridList = { [Name in QueryName]: OutputOf<Name> extends GridPage ? Name : never }[QueryName];
/** Jobs that write what such a query lists into a workbook. */
export type GridWorkbook = {
  [Name in JobName]: InputOf<Name> extends { filter?: Record<string, string> | undefined } ? Name : never;
}[JobName];

/** What of the input of a grid's query is not filter, sort or page. */
export type GridScope<List extends GridList> = Omit<InputOf<List>, keyof GridQuery>;

export interface GridState {
  filter: Record<string, string>;
  sort: { key: string; descending: boolean } | undefined;
  page: number;
  pageSize: number;
}

const defaultPageSize = 30;

interface GridQueryOptions<List extends GridList> {
  list: List;
  grid: Grid;
  scope: GridScope<List> | undefined;
  pageSize?: number | undefined;
  /** The address's filter (grid-address.ts) is this grid's: a number elsewhere links to the rows it counts. */
  addressed?: boolean | undefined;
}

/** Filter, sort and page of a grid, and the rows they give. A new filter or sort begins at the first page again. */
export function useGridQuery<List extends GridList>({ list, grid, scope, pageSize, addressed }: GridQueryOptions<List>) {
  const search = useSearch();
  const address = addressed ? search : '';
  const [state, setState] = useState<GridState>(() => ({
    filter: filterIn(address),
    sort: undefined,
    page: 1,
    pageSize: pageSize ?? defaultPageSize,
  }));
  useEffect(() => {
    const filter = filterIn(address);
    if (Object.keys(filter).length > 0) setState((before) => ({ ...before, filter, page: 1 }));
  }, [address]);
  // Another term, another chosen row: its list may be shorter than the page that was open.
  const asked = JSON.stringify(scope);
  const [pagesOf, setPagesOf] = useState(asked);
  if (pagesOf !== asked) {
    setPagesOf(asked);
    setState((before) => ({ ...before, page: 1 }));
  }
  // Every grid's operations have one shape beside their scope (grid-contract.ts), so one of them types them all.
  const name = list as 'students.list';
  const input = { ...scope, ...state };
  const answer = useQueryOperation(name, input, { placeholderData: keepPreviousData });

  // A filter changed by hand is the address's no more: the link that brought it must work when it is clicked again.
  const [path, go] = useLocation();
  const leaveAddress = useCallback(() => {
    if (Object.keys(filterIn(address)).length === 0) return;
    const rest = withoutFilter(address);
    go(rest === '' ? path : `${path}?${rest}`, { replace: true });
  }, [address, path, go]);
  const onFilter = useCallback(
    (key: string, text: string) => {
      setState(({ filter: { [key]: _before, ...others }, ...rest }) => ({
        ...rest,
        filter: text.trim() === '' ? others : { ...others, [key]: text },
        page: 1,
      }));
      leaveAddress();
    },
    [leaveAddress],
  );
  const clearFilter = useCallback(() => {
    setState((before) => ({ ...before, filter: {}, page: 1 }));
    leaveAddress();
  }, [leaveAddress]);
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
