import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { submissionModules } from '../../../main/features/submissions/contract.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { gridAddress } from '../../components/index.ts';
import type { SubmissionKind } from '../submissions/kinds.ts';

/** What of the screen is open stands in its address, so that a figure can lead to the rows it counts. */
export type StatementTab = 'comparison' | 'students';

const path = '/receipt-statements';
const kinds: readonly SubmissionKind[] = ['outcomes', 'performances', 'cadres'];

/** The statements of a kind. */
export const listAddress = (kind: SubmissionKind): string => gridAddress(path, {}, { kind });

/** One statement: 比對結果 or 學生確認, filtered. */
export const statementAddress = (
  kind: SubmissionKind,
  statementId: string,
  tab: StatementTab = 'comparison',
  filter: Readonly<Record<string, string>> = {},
): string => gridAddress(path, filter, { kind, statement: statementId, ...(tab === 'students' && { tab }) });

interface StatementPlace {
  /** Those the account may see. */
  kinds: readonly SubmissionKind[];
  kind: SubmissionKind;
  /** Null while the list is shown. */
  statementId: string | null;
  tab: StatementTab;
  go: (address: string, replace?: boolean) => void;
}

/** Where the clerk is. */
export function useStatementPlace(): StatementPlace {
  const search = useSearch();
  const { session } = useOffice();
  const [, navigate] = useLocation();
  const go = useCallback((address: string, replace = false) => navigate(address, { replace }), [navigate]);
  return useMemo(() => {
    const parameters = new URLSearchParams(search);
    const allowed = kinds.filter((kind) => mayUse(session, submissionModules[kind]));
    return {
      kinds: allowed,
      kind: allowed.find((kind) => kind === parameters.get('kind')) ?? allowed[0] ?? 'outcomes',
      statementId: parameters.get('statement'),
      tab: parameters.get('tab') === 'students' ? 'students' : 'comparison',
      go,
    };
  }, [search, session, go]);
}
