import { Segmented, Select } from 'antd';
import { useMemo } from 'react';
import { useLocation } from 'wouter';
import { tickLimits } from '../../../domain/limits.ts';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import { yearByClassGrid, yearByStudentGrid } from '../../../main/features/outcomes/contract.ts';
import { useViewedTerm } from '../../app/viewed-term.tsx';
import { DataGrid, TickedCount, useStudentRows } from '../../components/index.ts';
import { addressOf, type OutcomesPlace, type YearView, yearByStudentAddress } from './address.ts';
import { classFigures } from './figures.tsx';

/** 合計 stands out from the terms it sums up. */
const showStatisticsTerm = ({ statisticsTerm }: GridRow) =>
  String(statisticsTerm).endsWith('合計') ? <strong>{statisticsTerm}</strong> : statisticsTerm;

interface YearStatisticsProps {
  place: OutcomesPlace;
  /** Academic years that can be asked for. */
  years: readonly number[];
}

/** 學年度統計: the students of the term's classes, counted over a whole academic year, by class or one by one. */
export function YearStatistics({ place, years }: YearStatisticsProps) {
  const { term } = useViewedTerm();
  const [, go] = useLocation();
  const studentRows = useStudentRows((row) => `${row.name} ${row.statisticsTerm}`);
  const { view, year } = place;
  const scope = useMemo(() => ({ ...term, statisticsYear: year }), [term, year]);
  const offered = years.includes(year) ? years : [year, ...years];
  const toolbar = (
    <>
      <Segmented<YearView>
        aria-label="統計方式"
        value={view}
        options={[
          { value: 'class', label: '依班級' },
          { value: 'student', label: '依學生' },
        ]}
        onChange={(chosen) => go(addressOf({ ...place, view: chosen }))}
      />
      <Select
        className="figure"
        aria-label="統計學年度"
        popupMatchSelectWidth={false}
        value={year}
        options={offered.map((one) => ({ value: one, label: `${one} 學年度` }))}
        onChange={(chosen: number) => go(addressOf({ ...place, year: chosen }))}
      />
      <span className="outcome-note">各學期列為該學期的成果，合計列每位學生只計一次。</span>
    </>
  );
  const emptyText = '這個學年期沒有學生，或學生在這個學年度沒有資料。請選擇其他學年期或學年度。';

  if (view === 'class') {
    const of = (row: GridRow, filter: Record<string, string | number>) =>
      yearByStudentAddress(term, year, String(row.className), String(row.statisticsTerm), filter);
    return (
      <div className="outcome-statistics">
        <DataGrid
          addressed
          key="class"
          grid={yearByClassGrid}
          list="outcomes.yearByClass"
          workbook="outcomes.exportYearByClass"
          scope={scope}
          without={['term']}
          pageSize={100}
          emptyText={emptyText}
          render={{ ...classFigures(of), statisticsTerm: showStatisticsTerm }}
          onRowOpen={(row) => go(of(row, {}))}
          toolbar={toolbar}
        />
      </div>
    );
  }
  return (
    <div className="outcome-statistics">
      <DataGrid
        addressed
        key="student"
        grid={yearByStudentGrid}
        list="outcomes.yearByStudent"
        workbook="outcomes.exportYearByStudent"
        scope={scope}
        without={['term']}
        emptyText={emptyText}
        render={{
          statisticsTerm: showStatisticsTerm,
          ticked: (row) => <TickedCount count={Number(row.ticked)} limit={tickLimits.outcomes} />,
        }}
        {...studentRows}
        toolbar={toolbar}
      />
    </div>
  );
}
