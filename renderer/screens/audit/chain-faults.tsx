import { Alert, App, Button, Input, Modal } from 'antd';
import { useState } from 'react';
import type { OutputOf } from '../../../main/features/contract.ts';
import { useCommand } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { ErrorNote } from '../../components/index.ts';

type Verification = NonNullable<OutputOf<'audit.state'>['verification']>;

/** Faults of the end of the log: what a restored backup or a moved folder looks like too. */
const ofTheEnd: ReadonlySet<string> = new Set(['tail', 'anchor']);

/** What is wrong with the chain, and the way on where the office knows why the log ends elsewhere. */
export function ChainFaults({ verification }: { verification: Verification }) {
  const { session } = useOffice();
  const [explaining, setExplaining] = useState(false);
  if (verification.ok) return null;
  const { faults, faultCount } = verification;
  const explicable = faults.every(({ kind }) => ofTheEnd.has(kind)) && mayUse(session, 'S0223S', 'update');
  return (
    <>
      <Alert
        type="error"
        showIcon
        title={`稽核紀錄不完整（${faultCount} 處）。請保留整個資料夾與備份，不要自行修復，並通知學校資安窗口。`}
        description={
          <ul className="audit-faults">
            {faults.map(({ sequence, kind, message }) => (
              <li key={`${sequence} ${kind}`}>{message}</li>
            ))}
          </ul>
        }
        action={
          explicable && (
            <Button size="small" onClick={() => setExplaining(true)}>
              已知原因…
            </Button>
          )
        }
      />
      {explaining && <AcceptDialog onClose={() => setExplaining(false)} />}
    </>
  );
}

function AcceptDialog({ onClose }: { onClose: () => void }) {
  const { message } = App.useApp();
  const accept = useCommand('audit.acceptEnd');
  const [reason, setReason] = useState('');
  const enough = reason.trim().length >= 4;
  const keep = async () => {
    if (!(await accept.run({ reason: reason.trim() }))) return;
    message.success('已記入稽核紀錄，從現在的結尾續寫');
    onClose();
  };
  return (
    <Modal
      open
      title="說明稽核紀錄的結尾為什麼不同"
      okText="記入並續寫"
      cancelText="取消"
      okButtonProps={{ disabled: !enough, loading: accept.pending }}
      onOk={() => void keep()}
      onCancel={onClose}
    >
      <p>只在確實知道原因時使用，例如剛還原備份、把資料夾搬到另一台電腦。原來的結尾會和這裡的說明、您的帳號一起記入稽核紀錄，不會消失。</p>
      <label htmlFor="audit-accept-reason">原因 *</label>
      <Input.TextArea
        id="audit-accept-reason"
        autoFocus
        rows={3}
        maxLength={200}
        showCount
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <p className="muted">至少 4 個字；請勿填寫學生姓名或證號。</p>
      <ErrorNote error={accept.error} onClose={accept.reset} />
    </Modal>
  );
}
