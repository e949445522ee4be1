import { useMemo } from 'react';
import { useSearch } from 'wouter';
import { formatTerm } from '../../../domain/term.ts';
import { useViewedTerm, type ViewedTerm } from '../../app/viewed-term.tsx';
import { exactly, gridAddress } from '../../components/index.ts';

/** What of the screen is open stands in its address, so that a number can lead to any of it. */
const path = '/outcomes';
export const tabs = ['list', 'classes', 'year'] as const;
export type OutcomesTab = (typeof tabs)[number];
export type YearView = 'class' | 'student';

export interface OutcomesPlace {
  tab: OutcomesTab;
  /** Of 學年度統計. */
  view: YearView;
  /** The academic year that 學年度統計 counts. */
  year: number;
}

/** Where the clerk is. 學年度統計 begins with the year of the term on view. */
export function useOutcomesPlace(): OutcomesPlace {
  const search = useSearch();
  const { term } = useViewedTerm();
  return useMemo(() => {
    const parameters = new URLSearchParams(search);
    return {
      tab: tabs.find((tab) => tab === parameters.get('tab')) ?? 'list',
      view: parameters.get('by') === 'student' ? 'student' : 'class',
      year: Number(parameters.get('year')) || term.academicYear,
    };
  }, [search, term]);
}

/** A tab, with nothing filtered. */
export function addressOf({ tab, view, year }: OutcomesPlace): string {
  if (tab === 'list') return path;
  return gridAddress(path, {}, tab === 'year' ? { tab, by: view, year: String(year) } : { tab });
}

/** Students of the list, by class (any without one) and a filter. */
export function listAddress(term: ViewedTerm, className: string | null, filter: Record<string, string | number> = {}): string {
  return gridAddress(path, { ...(className !== null && { className: exactly(className) }), ...filter }, { term: formatTerm(term) });
}

/** Rows of 學年度統計 by student, of a class and 統計學年期. */
export function yearByStudentAddress(
  term: ViewedTerm,
  year: number,
  className: string,
  statisticsTerm: string,
  filter: Record<string, string | number> = {},
): string {
  return gridAddress(
    path,
    { className: exactly(className), statisticsTerm: exactly(statisticsTerm), ...filter },
    { term: formatTerm(term), tab: 'year', by: 'student', year: String(year) },
  );
}
