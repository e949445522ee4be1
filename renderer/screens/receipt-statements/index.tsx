import { Button, Segmented } from 'antd';
import { useMemo, useState } from 'react';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import { statementGrid } from '../../../main/features/receipt-statements/contract.ts';
import { submissionModules } from '../../../main/features/submissions/contract.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { CountLink, DataGrid, PageFrame } from '../../components/index.ts';
import type { SubmissionKind } from '../submissions/kinds.ts';
import { listAddress, statementAddress, useStatementPlace } from './address.ts';
import { ImportDialog } from './import-dialog.tsx';
import { StatementDesk } from './statement.tsx';
import './receipt-statements.css';

const kindNames: Record<SubmissionKind, string> = { outcomes: '學習成果', performances: '多元表現', cadres: '校內幹部經歷' };

/**
 * 收訖明細: what the ministry says it has, held against what was handed in, and confirmed by the students. The manual has no such screen; it
 * follows on 提交 (§3.6, §3.9, §3.14).
 */
export default function ReceiptStatementsScreen() {
  const { kind, statementId } = useStatementPlace();
  return statementId === null ? <StatementList /> : <StatementDesk key={`${kind} ${statementId}`} kind={kind} statementId={statementId} />;
}

function StatementList() {
  const { kinds, kind, go } = useStatementPlace();
  const [importing, setImporting] = useState(false);
  const mayImport = mayUse(useOffice().session, submissionModules[kind], 'create');
  const scope = useMemo(() => ({ kind }), [kind]);
  // Of a year's statement 學期 is 0 in every row. The workbook has the rest; here the file's name needs the room.
  const without = useMemo(() => ['createdBy', 'confirmFrom', 'answered', ...(kind === 'cadres' ? [] : ['semester'])], [kind]);
  const open = (row: GridRow) => go(statementAddress(kind, String(row.id)));
  const answers = (key: 'wrong' | 'unanswered', title: string, filter: Record<string, string>) => (row: GridRow) => (
    <CountLink
      count={Number(row[key])}
      label={`${row.fileName} ${title}`}
      to={statementAddress(kind, String(row.id), 'students', filter)}
    />
  );
  const importButton = mayImport && (
    <Button type="primary" onClick={() => setImporting(true)}>
      匯入收訖明細
    </Button>
  );
  return (
    <PageFrame
      title="收訖明細"
      meaning="國教署收到的資料：與送出的名冊逐筆比對，印給學生確認，登錄正確或錯誤。"
      actions={
        <>
          {kinds.length > 1 && (
            <Segmented
              aria-label="名冊"
              value={kind}
              options={kinds.map((each) => ({ value: each, label: kindNames[each] }))}
              onChange={(wanted) => go(listAddress(wanted as SubmissionKind), true)}
            />
          )}
          {importButton}
        </>
      }
    >
      <DataGrid
        key={kind}
        addressed
        grid={statementGrid}
        list="receiptStatements.list"
        workbook="receiptStatements.exportWorkbook"
        scope={scope}
        without={without}
        render={{
          differing: (row) => (
            <CountLink count={Number(row.differing)} label={`${row.fileName} 不符`} to={statementAddress(kind, String(row.id))} />
          ),
          wrong: answers('wrong', '回報錯誤', { state: 'wrong' }),
          unanswered: answers('unanswered', '未確認', {}),
        }}
        onRowOpen={open}
        actionsTitle="查看"
        actionsWidth={80}
        actions={(row) => (
          <Button size="small" aria-label={`查看 ${row.academicYear} ${row.fileName}`} onClick={() => open(row)}>
            查看
          </Button>
        )}
        emptyText={`還沒有匯入過${kindNames[kind]}的收訖明細；提交檢核無誤後，由國教署提供。`}
        emptyAction={importButton}
      />
      {importing && (
        <ImportDialog
          kind={kind}
          onClose={() => setImporting(false)}
          onOpen={(statementId) => {
            setImporting(false);
            go(statementAddress(kind, statementId));
          }}
        />
      )}
    </PageFrame>
  );
}
