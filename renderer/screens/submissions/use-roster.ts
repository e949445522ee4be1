import { useMemo } from 'react';
import type { OutputOf } from '../../../main/features/contract.ts';
import type { RosterScope } from '../../../main/features/submissions/contract.ts';
import { useQueryOperation } from '../../app/backend.ts';
import { useKeptState } from '../../app/kept-state.ts';
import type { SubmissionKind } from './kinds.ts';

export type Choices = OutputOf<'submissions.choices'>;
type Offered = Choices['rosters'][number];

/** Names a roster where one text is needed: the key of what is about it. */
export const rosterKey = ({ kind, academicYear, semester, batch, division }: RosterScope): string =>
  `${kind} ${academicYear}${semester} ${batch} ${division}`;

/** The offered roster nearest to one that is wished for: another year keeps semester, 梯次 and 部別 where that year has them. */
export function nearestRoster(rosters: readonly Offered[], wished: RosterScope): RosterScope | null {
  const ofYear = rosters.filter(({ academicYear }) => academicYear === wished.academicYear);
  const offered = ofYear.find(({ semester }) => semester === wished.semester) ?? ofYear[0] ?? rosters[0];
  if (!offered) return null;
  const { academicYear, semester, batches, divisions } = offered;
  return {
    kind: wished.kind,
    academicYear,
    semester,
    batch: batches.some(({ batch }) => batch === wished.batch) ? wished.batch : (batches[0]?.batch ?? 'regular'),
    division: divisions.includes(wished.division) ? wished.division : (divisions[0] ?? 'day'),
  };
}

/** Which roster the screen is about: what the office chose last, at first the one whose 提交期限 is open. */
export function useChosenRoster(kind: SubmissionKind) {
  const choices = useQueryOperation('submissions.choices', { kind });
  const [kept, choose] = useKeptState<RosterScope | null>(`submissions.${kind}.roster`, null);
  const data = choices.data;
  const roster = useMemo<RosterScope | null>(() => {
    const wished = kept ?? data?.current;
    if (!data || !wished) return null;
    return nearestRoster(data.rosters, wished);
  }, [data, kept]);
  return { choices, roster, choose };
}
