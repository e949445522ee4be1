import { Select } from 'antd';
import { divisionNames } from '../../../domain/submission.ts';
import type { RosterScope } from '../../../main/features/submissions/contract.ts';
import { type Choices, nearestRoster } from './use-roster.ts';

interface RosterChoiceProps {
  rosters: Choices['rosters'];
  roster: RosterScope;
  onChoose: (roster: RosterScope) => void;
}

/** 學年, 學期 where rosters are of a term, and 梯次 and 部別 where there is more than one. */
export function RosterChoice({ rosters, roster, onChoose }: RosterChoiceProps) {
  const ofYear = rosters.filter(({ academicYear }) => academicYear === roster.academicYear);
  const offered = ofYear.find(({ semester }) => semester === roster.semester);
  const choose = (changes: Partial<RosterScope>) => {
    const nearest = nearestRoster(rosters, { ...roster, ...changes });
    if (nearest) onChoose(nearest);
  };
  return (
    <>
      <Select
        className="figure"
        aria-label="學年"
        popupMatchSelectWidth={false}
        value={roster.academicYear}
        options={[...new Set(rosters.map(({ academicYear }) => academicYear))].map((year) => ({ value: year, label: `${year} 學年` }))}
        onChange={(academicYear: number) => choose({ academicYear })}
      />
      {roster.kind === 'cadres' && (
        <Select
          aria-label="學期"
          popupMatchSelectWidth={false}
          value={roster.semester}
          options={ofYear.map(({ semester }) => ({ value: semester, label: `第 ${semester} 學期` })).reverse()}
          onChange={(semester: number) => choose({ semester })}
        />
      )}
      {offered && offered.batches.length > 1 && (
        <Select
          aria-label="梯次"
          popupMatchSelectWidth={false}
          value={roster.batch}
          options={offered.batches.map(({ batch, name }) => ({ value: batch, label: name }))}
          onChange={(batch: RosterScope['batch']) => choose({ batch })}
        />
      )}
      {offered && offered.divisions.length > 1 && (
        <Select
          aria-label="部別"
          popupMatchSelectWidth={false}
          value={roster.division}
          options={offered.divisions.map((division) => ({ value: division, label: divisionNames[division] }))}
          onChange={(division: RosterScope['division']) => choose({ division })}
        />
      )}
    </>
  );
}
