import { Button, Form, Input, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { useCommand } from '../../app/backend.ts';
import { ErrorNote } from '../../components/index.ts';
import type { SubmissionKind } from './kinds.ts';

export interface WaivedStudent {
  studentId: string;
  name: string;
  studentNumber: string;
  /** His number is passed over already: 恢復檢查 is asked. */
  waived: boolean;
}

interface IdentityWaiverProps {
  kind: SubmissionKind;
  /** Whose number it is about; null shows nothing. */
  student: WaivedStudent | null;
  onClose: () => void;
  onDecided: (studentId: string) => void;
}

/** 略過身分證號檢查, with a reason that is audited; or taking that back. */
export function IdentityWaiver({ kind, student, onClose, onDecided }: IdentityWaiverProps) {
  const waive = useCommand('submissions.waiveIdentity');
  const withdraw = useCommand('submissions.withdrawWaiver');
  const [reason, setReason] = useState('');
  const [left, setLeft] = useState(false);
  const studentId = student?.studentId ?? null;
  useEffect(() => {
    if (studentId === null) return;
    setReason('');
    setLeft(false);
  }, [studentId]);
  const waived = student?.waived ?? false;
  const enough = reason.trim().length >= 2;
  const command = waived ? withdraw : waive;
  const decide = async () => {
    if (!student) return;
    const done = waived
      ? await withdraw.run({ kind, studentId: student.studentId })
      : await waive.run({ kind, studentId: student.studentId, reason: reason.trim() });
    if (done) onDecided(student.studentId);
  };
  const close = () => {
    command.reset();
    onClose();
  };
  return (
    <Modal
      title={waived ? '恢復身分證號檢查' : '略過身分證號檢查'}
      open={student !== null}
      width={480}
      destroyOnHidden
      onCancel={close}
      footer={[
        <Button key="close" onClick={close}>
          取消
        </Button>,
        <Button key="decide" type="primary" loading={command.pending} disabled={!waived && !enough} onClick={() => void decide()}>
          {waived ? '恢復檢查' : '略過檢查'}
        </Button>,
      ]}
    >
      {student && (
        <p>
          <span className="figure">{student.studentNumber}</span> {student.name}
          {waived ? '：下次預檢起，身分證號不符規則又會列為錯誤。' : '：沒有身分證統一編號與居留證號，或證號經查證無誤。'}
        </p>
      )}
      {!waived && (
        <Form layout="vertical" onSubmitCapture={() => enough && void decide()}>
          <Form.Item
            label="理由"
            htmlFor="waiver-reason"
            required
            validateStatus={left && !enough ? 'error' : undefined}
            help={left && !enough ? '請寫出理由，至少兩個字。' : undefined}
            extra="理由與您的帳號會記入稽核紀錄；這位學生在三種名冊都不再檢查證號。"
          >
            <Input.TextArea
              id="waiver-reason"
              rows={2}
              maxLength={200}
              value={reason}
              aria-invalid={left && !enough}
              onBlur={() => setLeft(true)}
              onChange={({ target }) => setReason(target.value)}
            />
          </Form.Item>
        </Form>
      )}
      <ErrorNote error={command.error} onClose={command.reset} />
    </Modal>
  );
}
