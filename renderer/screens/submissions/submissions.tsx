import { Button, Empty, Skeleton, Tabs } from 'antd';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import { processingStatusNames } from '../../../domain/submission.ts';
import type { RosterScope } from '../../../main/features/submissions/contract.ts';
import { useQueryOperation } from '../../app/backend.ts';
import { ErrorNote, formatCount, PageFrame } from '../../components/index.ts';
import { type SubmissionTab, tabAddress, useSubmissionPlace } from './address.ts';
import { CurrentRoster } from './current-roster.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { ExportOutcome } from './export-outcome.tsx';
import { kindWords, type SubmissionKind } from './kinds.ts';
import { Records } from './records.tsx';
import { RosterChoice } from './roster-choice.tsx';
import { SubmitTab } from './submit-tab.tsx';
import { useRosterExport } from './use-export.ts';
import { type Choices, rosterKey, useChosenRoster } from './use-roster.ts';
import { type Overview, WindowLine } from './window-line.tsx';
import './submissions.css';

/**
 * Handing a kind of roster in to the national database (manual §3.6, §3.9, §3.14): one screen for the three, told apart by `kind`. Checked,
 * mended and handed in on the first tab, row by row on the second, and what came of it on the third.
 */
export function Submissions({ kind }: { kind: SubmissionKind }) {
  const { choices, roster, choose } = useChosenRoster(kind);
  const words = kindWords[kind];
  const [exporting, setExporting] = useState(false);
  const rosters = choices.data?.rosters ?? [];
  return (
    <Overviewed roster={roster}>
      {(overview, meaning) => (
        <PageFrame
          title={words.title}
          meaning={meaning}
          actions={
            roster && (
              <>
                <RosterChoice rosters={rosters} roster={roster} onChoose={choose} />
                <Button onClick={() => setExporting(true)}>{words.exportTitle}</Button>
              </>
            )
          }
        >
          <ErrorNote error={choices.error} onRetry={() => void choices.refetch()} />
          {choices.data && !roster && <NoRosters />}
          {(choices.isPending || (roster && overview.isPending)) && <Skeleton active paragraph={{ rows: 10 }} />}
          <ErrorNote error={overview.error} onRetry={() => void overview.refetch()} />
          {roster && overview.data && (
            <Work
              key={rosterKey(roster)}
              roster={roster}
              overview={overview.data}
              rosters={rosters}
              exporting={exporting}
              onExported={() => setExporting(false)}
            />
          )}
        </PageFrame>
      )}
    </Overviewed>
  );
}

type OverviewAnswer = ReturnType<typeof useQueryOperation<'submissions.overview'>>;

/** Asks what stands in the chosen roster, once there is one; a hook of its own, so that nothing is asked before. */
function Overviewed({
  roster,
  children,
}: {
  roster: RosterScope | null;
  children: (overview: OverviewAnswer, meaning: ReactNode) => ReactNode;
}) {
  const nothing: RosterScope = { kind: 'cadres', academicYear: 100, semester: 0, batch: 'regular', division: 'day' };
  const overview = useQueryOperation('submissions.overview', roster ?? nothing, { enabled: roster !== null });
  return children(overview, roster && overview.data && <Meaning roster={roster} overview={overview.data} />);
}

/** What the roster is and holds, and what came of it last. */
function Meaning({ roster, overview }: { roster: RosterScope; overview: Overview }) {
  const { last } = overview;
  return (
    <>
      {overview.rosterName}（名冊別 {overview.rosterCode}）現有 {formatCount(overview.rows)} 列、{formatCount(overview.students)} 人；
      {last ? (
        <>
          最近一次提交 <span className="figure">{formatRocDateTime(last.submittedAt).slice(0, -3)}</span>：
          <Link href={tabAddress(roster.kind, 'records', last.id)}>{processingStatusNames[last.processingStatus]}</Link>。
        </>
      ) : (
        '還沒有提交過。'
      )}
    </>
  );
}

function NoRosters() {
  return (
    <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="還沒有可以提交的資料；紀錄與提交期限要先從市級系統同步。">
      <Button href="#/sync">前往同步作業</Button>
    </Empty>
  );
}

interface WorkProps {
  roster: RosterScope;
  overview: Overview;
  rosters: Choices['rosters'];
  exporting: boolean;
  onExported: () => void;
}

function Work({ roster, overview, rosters, exporting, onExported }: WorkProps) {
  const { kind } = roster;
  const place = useSubmissionPlace();
  const rosterExport = useRosterExport(kind);
  return (
    <>
      <WindowLine roster={roster} overview={overview} onShowRoster={() => place.go(tabAddress(kind, 'roster'))} />
      <ExportOutcome rosterExport={rosterExport} shown={roster} />
      <Tabs
        className="fill-tabs submissions"
        activeKey={place.tab}
        destroyOnHidden
        onChange={(tab) => place.go(tabAddress(kind, tab as SubmissionTab))}
        items={[
          { key: 'submit', label: '提交', children: <SubmitTab roster={roster} overview={overview} /> },
          {
            key: 'roster',
            label: '現有名冊',
            children: <CurrentRoster roster={roster} overview={overview} rosterExport={rosterExport} />,
          },
          { key: 'records', label: '提交紀錄', children: <Records kind={kind} /> },
        ]}
      />
      {exporting && (
        <ExportDialog
          rosters={rosters}
          begin={roster}
          onClose={onExported}
          onExport={(wanted) => {
            onExported();
            rosterExport.start(wanted, false);
          }}
        />
      )}
    </>
  );
}
