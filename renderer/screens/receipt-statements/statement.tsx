import { ArrowLeftOutlined } from '@ant-design/icons';
import { Alert, Button, Skeleton, Tabs, Tag } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { formatRocDay, weekdayOf } from '../../../domain/roc-date.ts';
import { receiptComparisonNames, receiptComparisons } from '../../../domain/submission.ts';
import { describeTerm } from '../../../domain/term.ts';
import type { AnswerOf } from '../../../main/features/contract.ts';
import { submissionModules } from '../../../main/features/submissions/contract.ts';
import { useCommand, useQueryOperation } from '../../app/backend.ts';
import { useSaveFile } from '../../app/save-file.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { ConfirmButton, CountLink, ErrorNote, PageFrame } from '../../components/index.ts';
import { useShortcut } from '../../components/use-shortcut.ts';
import type { SubmissionKind } from '../submissions/kinds.ts';
import { listAddress, type StatementTab, statementAddress, useStatementPlace } from './address.ts';
import { Comparison } from './comparison.tsx';
import { Confirmations } from './confirmations.tsx';
import { PrintDialog } from './print-dialog.tsx';
import { WindowDialog } from './window-dialog.tsx';

type Summary = AnswerOf<'receiptStatements.summary'>;
const stateNames = { soon: '尚未開始', open: '確認中', closed: '已截止' } as const;
const stateColors = { soon: 'default', open: 'success', closed: 'default' } as const;

/** One statement opened: what came of comparing it, and the students' answers. */
export function StatementDesk({ kind, statementId }: { kind: SubmissionKind; statementId: string }) {
  const { tab, go } = useStatementPlace();
  const { session } = useOffice();
  const may = (right: 'update' | 'delete') => mayUse(session, submissionModules[kind], right);
  const summary = useQueryOperation('receiptStatements.summary', { kind, statementId });
  const download = useCommand('receiptStatements.download');
  const remove = useCommand('receiptStatements.remove');
  const saveFile = useSaveFile();
  const [open, setOpen] = useState<'print' | 'window' | null>(null);
  const [ticked, setTicked] = useState<string[]>([]);
  useShortcut({ key: 'p', mod: true }, () => setOpen('print'), open === null && summary.data !== undefined);

  const { data } = summary;
  const differs = data ? data.comparison.missing + data.comparison.extra + data.comparison.different > 0 : false;
  const save = async () => {
    const made = await download.run({ kind, statementId });
    if (made) await saveFile(made.file);
  };
  return (
    <PageFrame
      title="收訖明細"
      meaning={data && <Meaning kind={kind} statementId={statementId} summary={data} />}
      actions={
        <>
          <Link href={listAddress(kind)} className="receipt-back">
            <ArrowLeftOutlined aria-hidden /> 收訖明細清單
          </Link>
          <Button loading={download.pending} disabled={!data} title={data && `下載 ${data.fileName}`} onClick={() => void save()}>
            下載
          </Button>
          {may('delete') && (
            <ConfirmButton
              disabled={!data}
              loading={remove.pending}
              question="確定要刪除這份收訖明細？"
              consequence="比對結果、已印的序號與學生的確認都會一併刪除，不能復原。"
              confirmText="刪除"
              onConfirm={async () => {
                if (await remove.run({ kind, statementId })) go(listAddress(kind), true);
              }}
            >
              刪除
            </ConfirmButton>
          )}
          <Button type="primary" disabled={!data} title="列印收訖明細確認單（Ctrl+P）" onClick={() => setOpen('print')}>
            列印確認單
          </Button>
        </>
      }
    >
      <ErrorNote error={summary.error} onRetry={() => void summary.refetch()} action={<Link href={listAddress(kind)}>回到清單</Link>} />
      <ErrorNote error={download.error} onClose={download.reset} />
      <ErrorNote error={remove.error} onClose={remove.reset} />
      {summary.isPending && <Skeleton active paragraph={{ rows: 10 }} />}
      {data && (
        <>
          <WindowLine kind={kind} statementId={statementId} summary={data} onChange={may('update') ? () => setOpen('window') : null} />
          {!data.compared && <Alert type="info" showIcon title="這份名冊沒有從本系統提交過，無法比對；仍可列印給學生確認並登錄。" />}
          <Tabs
            className="fill-tabs receipt-tabs"
            activeKey={tab}
            destroyOnHidden
            onChange={(wanted) => go(statementAddress(kind, statementId, wanted as StatementTab), true)}
            items={[
              {
                key: 'comparison',
                label: '比對結果',
                children: <Comparison kind={kind} statementId={statementId} compared={data.compared} differs={differs} />,
              },
              {
                key: 'students',
                label: '學生確認',
                children: <Confirmations kind={kind} statementId={statementId} ticked={ticked} onTick={setTicked} />,
              },
            ]}
          />
          {open === 'print' && <PrintDialog kind={kind} statementId={statementId} ticked={ticked} onClose={() => setOpen(null)} />}
          {open === 'window' && <WindowDialog kind={kind} statementId={statementId} begin={data} onClose={() => setOpen(null)} />}
        </>
      )}
    </PageFrame>
  );
}

interface FiguresProps {
  kind: SubmissionKind;
  statementId: string;
  summary: Summary;
}

/** What came of comparing it, every number a way to the rows it counts. */
function Meaning({ kind, statementId, summary }: FiguresProps) {
  const { academicYear, semester, rosterName, compared, comparison } = summary;
  return (
    <>
      {describeTerm({ academicYear, semester })} {rosterName}
      {compared &&
        receiptComparisons.map((each, index) => (
          <span key={each}>
            {index === 0 ? '：' : '、'}
            {receiptComparisonNames[each]}{' '}
            <CountLink
              count={comparison[each]}
              unit="筆"
              label={receiptComparisonNames[each]}
              to={statementAddress(kind, statementId, 'comparison', { comparison: each })}
            />
          </span>
        ))}
    </>
  );
}

/** 學生確認期間, and how far the students' answers are. */
function WindowLine({ kind, statementId, summary, onChange }: FiguresProps & { onChange: (() => void) | null }) {
  const { confirmFrom, confirmUntil, state, students, correct, wrong, unanswered } = summary;
  const figures = [
    { label: '正確', count: correct, filter: { state: 'correct' } },
    { label: '錯誤', count: wrong, filter: { state: 'wrong' } },
    {
      label: state === 'closed' ? '逾期未確認' : '未確認',
      count: unanswered,
      filter: { state: state === 'closed' ? 'overdue' : 'waiting' },
    },
  ];
  return (
    <div className="receipt-window-line">
      <span>
        學生確認期間{' '}
        <span className="figure">
          {formatRocDay(confirmFrom)}({weekdayOf(confirmFrom)}) ~ {formatRocDay(confirmUntil)}({weekdayOf(confirmUntil)})
        </span>
      </span>
      <Tag color={stateColors[state]}>{stateNames[state]}</Tag>
      {onChange && (
        <Button size="small" onClick={onChange}>
          變更期間…
        </Button>
      )}
      <span className="receipt-answers" aria-live="polite">
        學生 <CountLink count={students} unit="人" label="學生" to={statementAddress(kind, statementId, 'students')} />
        {figures.map(({ label, count, filter }, index) => (
          <span key={label}>
            {index === 0 ? '：' : '、'}
            {label} <CountLink count={count} unit="人" label={label} to={statementAddress(kind, statementId, 'students', filter)} />
          </span>
        ))}
      </span>
    </div>
  );
}
