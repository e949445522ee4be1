import { Segmented } from 'antd';
import { type ReactNode, useMemo, useState } from 'react';
import { findingSeverityNames, rosterChangeNames } from '../../../domain/submission.ts';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import {
  differenceGrid,
  findingGrid,
  type Precheck,
  type RosterScope,
  submissionModules,
} from '../../../main/features/submissions/contract.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { DataGrid, formatCount, useStudentNames } from '../../components/index.ts';
import { type CheckView, checkAddress, useSubmissionPlace } from './address.ts';
import { IdentityWaiver, type WaivedStudent } from './identity-waiver.tsx';

interface CheckListsProps {
  roster: RosterScope;
  precheck: Precheck;
}

/** What 預檢 found, and how the roster differs from the one handed in before: one list at a time, under the steps. */
export function CheckLists({ roster: { kind }, precheck }: CheckListsProps) {
  const { view, go } = useSubmissionPlace();
  const differs = precheck.comparedWithSentAt !== null;
  const changes = precheck.differences.added + precheck.differences.removed + precheck.differences.changed;
  const scope = useMemo(() => ({ kind, precheckId: precheck.id }), [kind, precheck.id]);
  const shown: CheckView = differs ? view : 'findings';
  const choice = differs ? (
    <Segmented
      aria-label="列出什麼"
      value={shown}
      options={[
        { value: 'findings', label: `問題 ${formatCount(precheck.errors + precheck.warnings)}` },
        { value: 'differences', label: `與上次提交的差異 ${formatCount(changes)}` },
      ]}
      onChange={(wanted) => go(checkAddress(kind, wanted as CheckView))}
    />
  ) : (
    <h2 className="submission-list-title">問題</h2>
  );
  return shown === 'differences' ? <Differences scope={scope} choice={choice} /> : <Findings scope={scope} choice={choice} />;
}

interface ListProps {
  scope: { kind: RosterScope['kind']; precheckId: string };
  choice: ReactNode;
}

/** Whole sentences: they break rather than end in dots. */
const wrapped = (text: unknown) => <span className="submission-sentence">{String(text ?? '')}</span>;

function Findings({ scope, choice }: ListProps) {
  const students = useStudentNames();
  const mayWaive = mayUse(useOffice().session, submissionModules[scope.kind], 'update');
  const [waiving, setWaiving] = useState<WaivedStudent | null>(null);
  const [decided, setDecided] = useState<ReadonlySet<string>>(new Set());
  return (
    <>
      <DataGrid
        addressed
        grid={findingGrid}
        list="submissions.findings"
        workbook="submissions.exportFindings"
        scope={scope}
        toolbar={choice}
        render={{
          severity: ({ severity }) => (
            <span className={severity === 'error' ? 'state-wrong' : 'state-soon'}>
              {findingSeverityNames[severity as keyof typeof findingSeverityNames]}
            </span>
          ),
          name: students.name,
          message: ({ message }) => wrapped(message),
          advice: (row) => (
            <>
              {wrapped(row.advice)}
              {mayWaive && <WaiverAction row={row} decided={decided.has(String(row.studentId))} onOpen={setWaiving} />}
            </>
          ),
        }}
        onRowOpen={students.onRowOpen}
        emptyText="預檢沒有發現問題。"
      />
      <IdentityWaiver
        kind={scope.kind}
        student={waiving}
        onClose={() => setWaiving(null)}
        onDecided={(studentId) => {
          setDecided((before) => new Set([...before, studentId]));
          setWaiving(null);
        }}
      />
    </>
  );
}

interface WaiverActionProps {
  row: GridRow;
  /** Decided since this check; the next one shows it. */
  decided: boolean;
  onOpen: (student: WaivedStudent) => void;
}

/** 略過檢查… of a finding about the student's number, 恢復檢查… of one that was passed over. */
function WaiverAction({ row, decided, onOpen }: WaiverActionProps) {
  const code = String(row.code ?? '');
  if (!code.startsWith('identity.') || row.studentId === null) return null;
  if (decided) return <span className="muted">（已更改，再預檢一次後生效）</span>;
  const waived = code === 'identity.waived';
  const label = waived ? '恢復檢查…' : '略過檢查…';
  const name = String(row.name ?? '');
  return (
    <button
      type="button"
      className="submission-inline-button"
      aria-label={`${label}（${name} 的身分證號）`}
      onClick={() => onOpen({ studentId: String(row.studentId), name, studentNumber: String(row.studentNumber ?? ''), waived })}
    >
      {label}
    </button>
  );
}

function Differences({ scope, choice }: ListProps) {
  const students = useStudentNames();
  return (
    <DataGrid
      addressed
      grid={differenceGrid}
      list="submissions.differences"
      workbook="submissions.exportDifferences"
      scope={scope}
      toolbar={choice}
      render={{
        change: ({ change }) => rosterChangeNames[change as keyof typeof rosterChangeNames],
        name: students.name,
        detail: ({ detail }) => wrapped(detail),
      }}
      onRowOpen={students.onRowOpen}
      emptyText="與上次提交的名冊完全相同。"
    />
  );
}
