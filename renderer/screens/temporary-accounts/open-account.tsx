import { Button, Form, Modal, Radio } from 'antd';
import { useEffect, useState } from 'react';
import { type TemporaryAccountPurpose, temporaryAccountPurposeNames, temporaryAccountPurposes } from '../../../domain/office-settings.ts';
import { formatRocDateTime, formatRocDay, taipeiDay } from '../../../domain/roc-date.ts';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import type { IssuedAccount } from '../../../main/features/temporary-accounts/contract.ts';
import { useCommand } from '../../app/backend.ts';
import { ErrorNote, RocDateInput } from '../../components/index.ts';
import type { Ticking } from './ticking-windows.tsx';

interface OpenAccountProps {
  /** A row of the grid; null shows nothing. */
  student: GridRow | null;
  ticking: Ticking | null;
  onClose: () => void;
  onIssued: (account: IssuedAccount) => void;
}

/** 開通: what for, and until when; the account is valid from the moment it is opened. */
export function OpenAccount({ student, ticking, onClose, onIssued }: OpenAccountProps) {
  const open = useCommand('temporaryAccounts.open');
  const [purpose, setPurpose] = useState<TemporaryAccountPurpose>('transferredOut');
  const [expiresOn, setExpiresOn] = useState<string | null>(null);
  const lastDay = ticking?.lastDay ?? null;
  useEffect(() => {
    if (!student) return;
    setPurpose(student.purpose === 'transferredIn' ? 'transferredIn' : 'transferredOut');
    setExpiresOn(lastDay);
  }, [student, lastDay]);

  const close = () => {
    open.reset();
    onClose();
  };
  const submit = async () => {
    if (!student || !expiresOn || open.pending) return;
    const account = await open.run({ studentId: String(student.studentId), purpose, expiresOn });
    if (account) onIssued(account);
  };

  return (
    <Modal
      title="開通臨時帳號"
      width={520}
      open={student !== null}
      onCancel={close}
      destroyOnHidden
      footer={[
        <Button key="close" onClick={close}>
          取消
        </Button>,
        <Button key="open" type="primary" loading={open.pending} disabled={!expiresOn} onClick={() => void submit()}>
          開通
        </Button>,
      ]}
    >
      <dl className="temporary-account-student">
        <dt>學生</dt>
        <dd>
          {student?.className} <span className="figure">{student?.studentNumber}</span> {student?.name}
        </dd>
        <dt>異動日期</dt>
        <dd>{formatRocDay(student?.movedOn === undefined ? null : String(student.movedOn ?? ''))}</dd>
      </dl>
      <Form layout="vertical" component="form" requiredMark onSubmitCapture={() => void submit()}>
        <Form.Item label="用途" required>
          <Radio.Group
            value={purpose}
            onChange={({ target }) => setPurpose(target.value as TemporaryAccountPurpose)}
            options={temporaryAccountPurposes.map((value) => ({ value, label: temporaryAccountPurposeNames[value] }))}
          />
        </Form.Item>
        <Form.Item
          label="到期日"
          htmlFor="temporary-account-expires"
          required
          extra={ticking?.closesAt && `勾選時間到 ${formatRocDateTime(ticking.closesAt)} 為止，帳號不能比它晚到期；到期日當天整天有效。`}
        >
          <RocDateInput
            id="temporary-account-expires"
            value={expiresOn}
            onChange={setExpiresOn}
            min={taipeiDay(new Date())}
            max={lastDay ?? undefined}
          />
        </Form.Item>
      </Form>
      <p className="temporary-account-note">開通後立即可以登入。帳號與一次性密碼由市級系統產生，需要連線；密碼只顯示一次。</p>
      <ErrorNote error={open.error} onClose={open.reset} />
    </Modal>
  );
}
