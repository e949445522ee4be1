import { Alert, Button, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import { type AuditOutcome, auditGrid, auditOutcomes } from '../../../main/features/audit/contract.ts';
import { useJob, useQueryOperation } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { DataGrid, ErrorNote, formatCount, JobProgress, type OpenedRow, PageFrame } from '../../components/index.ts';
import { ChainFaults } from './chain-faults.tsx';
import { chainLine } from './chain-line.ts';
import { EntryDrawer } from './entry-drawer.tsx';
import { RetentionDialog } from './retention-dialog.tsx';
import './audit.css';

const periods = [
  { value: 1, label: '今天' },
  { value: 7, label: '最近 7 天' },
  { value: 30, label: '最近 30 天' },
  { value: 366, label: '最近一年' },
  { value: 0, label: '全部' },
];
/** In the workbook only: support asks for them. */
const without = ['code', 'hash'];
const outcomeClasses: Readonly<Record<string, string>> = { refused: 'state-wrong', failed: 'state-wrong', interrupted: 'state-soon' };

/** 稽核紀錄 (S0223S): who did what, when, about how many students, and whether the log is whole. */
export default function Audit() {
  const state = useQueryOperation('audit.state', {});
  const verify = useJob('audit.verify');
  const retention = useQueryOperation('audit.retention', {});
  const mayPurge = mayUse(useOffice().session, 'S0223S', 'delete');
  const [days, setDays] = useState(30);
  const [student, setStudent] = useState('');
  const [opened, setOpened] = useState<OpenedRow | null>(null);
  const [retaining, setRetaining] = useState(false);
  const scope = useMemo(() => ({ ...(days === 0 ? {} : { days }), ...(student === '' ? {} : { student }) }), [days, student]);

  return (
    <PageFrame
      title="稽核紀錄"
      meaning={state.data && chainLine(state.data)}
      actions={
        <>
          <Button onClick={() => setRetaining(true)}>保存年限…</Button>
          <Button loading={verify.running || state.data?.verifying === true} onClick={() => void verify.start({})}>
            立即驗證
          </Button>
        </>
      }
    >
      <ErrorNote error={state.error} onRetry={() => void state.refetch()} />
      <ErrorNote error={verify.error} onClose={verify.reset} />
      <JobProgress job={verify.job} onCancel={verify.cancel} />
      {mayPurge && (retention.data?.due ?? 0) > 0 && (
        <Alert
          type="warning"
          showIcon
          title={`有 ${formatCount(retention.data!.due)} 筆紀錄超過保存年限（${retention.data!.keptYears} 年）。`}
          action={
            <Button size="small" onClick={() => setRetaining(true)}>
              查看並清除…
            </Button>
          }
        />
      )}
      {state.data?.verification && <ChainFaults verification={state.data.verification} />}
      <DataGrid
        grid={auditGrid}
        list="audit.list"
        workbook="audit.exportWorkbook"
        scope={scope}
        addressed
        without={without}
        toolbar={
          <>
            <Select aria-label="期間" value={days} options={periods} popupMatchSelectWidth={false} onChange={setDays} />
            <Input.Search
              className="audit-student"
              aria-label="學號或姓名"
              placeholder="學號或姓名：誰看過這位學生"
              allowClear
              maxLength={50}
              onSearch={(text) => setStudent(text.trim())}
            />
          </>
        }
        render={{
          outcome: ({ outcome }) => <span className={outcomeClasses[String(outcome)]}>{auditOutcomes[outcome as AuditOutcome]}</span>,
        }}
        onRowOpen={(row, place) => setOpened({ id: String(row.id), place })}
        actionsTitle="明細"
        actionsWidth={76}
        actions={(row, place) => (
          <Button type="link" size="small" aria-label={`明細 ${row.sequence}`} onClick={() => setOpened({ id: String(row.id), place })}>
            明細
          </Button>
        )}
        emptyText={student === '' ? '這段期間沒有紀錄。' : '這段期間沒有記到這位學生的紀錄，請把期間改為「全部」再找一次。'}
      />
      <EntryDrawer opened={opened} onOpen={setOpened} />
      {retaining && <RetentionDialog onClose={() => setRetaining(false)} />}
    </PageFrame>
  );
}
