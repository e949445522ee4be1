import { Tabs } from 'antd';
import { useLocation } from 'wouter';
import { describeTerm } from '../../../domain/term.ts';
import { useQueryOperation } from '../../app/backend.ts';
import { TermSelect, useViewedTerm } from '../../app/viewed-term.tsx';
import { CountLink, ErrorNote, PageFrame } from '../../components/index.ts';
import { addressOf, listAddress, type OutcomesTab, useOutcomesPlace } from './address.ts';
import { ClassStatistics } from './class-statistics.tsx';
import { ExportMenu } from './export-menu.tsx';
import { StudentList } from './student-list.tsx';
import { useWorkbooks } from './workbooks.ts';
import { YearStatistics } from './year-statistics.tsx';
import './outcomes.css';

/** 查詢學生學習成果情形 (manual §3.8): who uploaded, was certified and ticked, student by student, by class and by year. */
export default function OutcomesScreen() {
  const { term } = useViewedTerm();
  const [, go] = useLocation();
  const place = useOutcomesPlace();
  const summary = useQueryOperation('outcomes.summary', term);
  const workbooks = useWorkbooks();
  const years = summary.data?.years ?? [];
  return (
    <PageFrame
      title="查詢學生學習成果情形"
      meaning={
        <>
          {describeTerm(term)}
          {summary.data && (
            <>
              ：已勾選 <CountLink count={summary.data.ticked} unit="人" to={listAddress(term, null, { ticked: '≥ 1' })} label="已勾選" />
              、未勾選 <CountLink count={summary.data.notTicked} unit="人" to={listAddress(term, null, { ticked: 0 })} label="未勾選" />
              ，點數字看名單。每學年勾選至多 6 件。
            </>
          )}
        </>
      }
      actions={
        <>
          <TermSelect />
          <ExportMenu workbooks={workbooks} years={years} />
        </>
      }
    >
      <ErrorNote error={summary.error} onRetry={() => void summary.refetch()} />
      <ErrorNote error={workbooks.error} onClose={workbooks.reset} />
      <Tabs
        className="outcomes page-tabs"
        activeKey={place.tab}
        destroyOnHidden
        onChange={(tab) => go(addressOf({ ...place, tab: tab as OutcomesTab }))}
        items={[
          { key: 'list', label: '學生名單', children: <StudentList /> },
          { key: 'classes', label: '班級統計', children: <ClassStatistics /> },
          { key: 'year', label: '學年度統計', children: <YearStatistics place={place} years={years} /> },
        ]}
      />
    </PageFrame>
  );
}
