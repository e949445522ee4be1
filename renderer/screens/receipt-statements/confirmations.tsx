import { Button, Input, Modal, Radio } from 'antd';
import { useMemo, useState } from 'react';
import { type ReceiptAnswer, receiptAnswerNames } from '../../../domain/submission.ts';
import { confirmationGrid, confirmationStateNames } from '../../../main/features/receipt-statements/contract.ts';
import { submissionModules } from '../../../main/features/submissions/contract.ts';
import { call, useCommand } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { ConfirmButton, CountLink, DataGrid, ErrorNote, exactly, formatCount, ScanField, useStudentNames } from '../../components/index.ts';
import type { SubmissionKind } from '../submissions/kinds.ts';
import { statementAddress } from './address.ts';

type State = keyof typeof confirmationStateNames;
const classes: Record<State, string> = { waiting: '', overdue: 'state-wrong', correct: 'state-done', wrong: 'state-soon' };
const longestRemark = 500;

interface ConfirmationsProps {
  kind: SubmissionKind;
  statementId: string;
  ticked: string[];
  onTick: (studentIds: string[]) => void;
}

/** 學生確認: answers as the papers come back, scanned or ticked, and who has not answered. */
export function Confirmations({ kind, statementId, ticked, onTick }: ConfirmationsProps) {
  const students = useStudentNames();
  const mayAnswer = mayUse(useOffice().session, submissionModules[kind], 'update');
  const scope = useMemo(() => ({ kind, statementId }), [kind, statementId]);
  const answer = useCommand('receiptStatements.answer');
  const [wrong, setWrong] = useState(false);
  const none = ticked.length === 0;

  const give = async (given: ReceiptAnswer | null, remark = '') => {
    const answered = await answer.run({ kind, statementId, studentIds: ticked, answer: given, remark });
    if (answered) onTick([]);
    return answered !== null;
  };
  return (
    <>
      {mayAnswer && <ScanDesk kind={kind} statementId={statementId} />}
      <ErrorNote error={answer.error} onClose={answer.reset} />
      <DataGrid
        addressed
        grid={confirmationGrid}
        list="receiptStatements.confirmations"
        workbook="receiptStatements.exportConfirmations"
        scope={scope}
        selection={{ selected: ticked, onChange: onTick }}
        toolbar={
          mayAnswer && (
            <>
              <Button disabled={none} loading={answer.pending} onClick={() => void give('correct')}>
                {none ? '登錄正確' : `登錄勾選的 ${formatCount(ticked.length)} 位為正確`}
              </Button>
              <Button disabled={none} onClick={() => setWrong(true)}>
                登錄錯誤…
              </Button>
              <ConfirmButton
                danger={false}
                disabled={none}
                question={`確定要取消勾選的 ${formatCount(ticked.length)} 位學生的登錄？`}
                consequence="已登錄的會變回尚未確認，學生說明一併清除。"
                confirmText="取消登錄"
                onConfirm={async () => {
                  await give(null);
                }}
              >
                取消登錄
              </ConfirmButton>
            </>
          )
        }
        render={{
          name: students.name,
          state: ({ state }) => <span className={classes[state as State]}>{confirmationStateNames[state as State]}</span>,
          differing: ({ differing, studentNumber, name }) => (
            <CountLink
              count={Number(differing)}
              label={`${name} 不符`}
              to={statementAddress(kind, statementId, 'comparison', { studentNumber: exactly(String(studentNumber)) })}
            />
          ),
        }}
        onRowOpen={students.onRowOpen}
        emptyText="這份收訖明細沒有本校學生的紀錄。"
      />
      {wrong && (
        <WrongDialog
          count={ticked.length}
          pending={answer.pending}
          onClose={() => setWrong(false)}
          onGive={async (remark) => {
            await give('wrong', remark);
            setWrong(false);
          }}
        />
      )}
    </>
  );
}

/** Scanning: which answer the pile in hand has is chosen once, then paper after paper. */
function ScanDesk({ kind, statementId }: { kind: SubmissionKind; statementId: string }) {
  const [given, setGiven] = useState<ReceiptAnswer>('correct');
  const [remark, setRemark] = useState('');
  const takeIn = async (text: string): Promise<string> => {
    const said = given === 'wrong' ? remark.trim() : '';
    // What was said is that student's alone: the next paper may be scanned before this one is answered.
    setRemark('');
    const taken = await call('receiptStatements.scan', { kind, text, answer: given, remark: said }).catch((error: unknown) => {
      setRemark(said);
      throw error;
    });
    const other = taken.statementId === statementId ? '' : '（另一份收訖明細）';
    return `已登錄${receiptAnswerNames[given]}：${taken.className} ${taken.studentNumber} ${taken.name}${other}`;
  };
  return (
    <ScanField onScan={takeIn}>
      <div className="receipt-scan-answer">
        <Radio.Group
          aria-label="掃描的單子勾選的是"
          optionType="button"
          value={given}
          options={(['correct', 'wrong'] as const).map((value) => ({ value, label: receiptAnswerNames[value] }))}
          onChange={({ target }) => setGiven(target.value)}
        />
        {given === 'wrong' && (
          <Input
            aria-label="學生說明"
            placeholder="學生說明（先填，再掃描）"
            value={remark}
            maxLength={longestRemark}
            onChange={({ target }) => setRemark(target.value)}
          />
        )}
      </div>
    </ScanField>
  );
}

interface WrongDialogProps {
  count: number;
  pending: boolean;
  onGive: (remark: string) => Promise<void>;
  onClose: () => void;
}

function WrongDialog({ count, pending, onGive, onClose }: WrongDialogProps) {
  const [remark, setRemark] = useState('');
  return (
    <Modal
      open
      title="登錄錯誤"
      okText={`登錄 ${formatCount(count)} 位為錯誤`}
      cancelText="取消"
      okButtonProps={{ loading: pending }}
      onOk={() => void onGive(remark)}
      onCancel={onClose}
    >
      <div className="receipt-field">
        <label htmlFor="receipt-remark">學生說明</label>
        <Input.TextArea
          id="receipt-remark"
          autoFocus
          rows={3}
          maxLength={longestRemark}
          showCount
          value={remark}
          placeholder="哪一筆、哪裡不對；可以留白"
          onChange={({ target }) => setRemark(target.value)}
        />
      </div>
    </Modal>
  );
}
