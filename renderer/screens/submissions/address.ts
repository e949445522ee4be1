import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { gridAddress } from '../../components/index.ts';
import type { SubmissionKind } from './kinds.ts';

/** What of the screen is open stands in its address, so that a figure can lead to any of it. */
export const tabs = ['submit', 'roster', 'records'] as const;
export type SubmissionTab = (typeof tabs)[number];
/** The two lists under the three steps. */
export type CheckView = 'findings' | 'differences';

const pathOf = (kind: SubmissionKind): string => `/submissions/${kind}`;

/** 提交, 現有名冊 or 提交紀錄; of 提交紀錄 with one line open. */
export function tabAddress(kind: SubmissionKind, tab: SubmissionTab, open?: string): string {
  if (tab === 'submit') return pathOf(kind);
  return gridAddress(pathOf(kind), {}, { tab, ...(open !== undefined && { open }) });
}

/** The findings or differences under the steps, filtered. */
export function checkAddress(kind: SubmissionKind, view: CheckView, filter: Record<string, string> = {}): string {
  return gridAddress(pathOf(kind), filter, view === 'differences' ? { view } : {});
}

interface SubmissionPlace {
  tab: SubmissionTab;
  view: CheckView;
  /** Of 提交紀錄: the line whose 明細 is open. */
  open: string | null;
  go: (address: string) => void;
}

/** Where the clerk is. */
export function useSubmissionPlace(): SubmissionPlace {
  const search = useSearch();
  const [, navigate] = useLocation();
  const go = useCallback((address: string) => navigate(address, { replace: true }), [navigate]);
  return useMemo(() => {
    const parameters = new URLSearchParams(search);
    return {
      tab: tabs.find((tab) => tab === parameters.get('tab')) ?? 'submit',
      view: parameters.get('view') === 'differences' ? 'differences' : 'findings',
      open: parameters.get('open'),
      go,
    };
  }, [search, go]);
}
