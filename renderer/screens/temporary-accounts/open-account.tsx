import { Form, Radio } from 'antd';
import { useEffect, useState } from 'react';
import { type TemporaryAccountPurpose, temporaryAccountPurposeNames, temporaryAccountPurposes } from '../../../domain/office-settings.ts';
import { formatRocDateTime, formatRocDay } from '../../../domain/roc-date.ts';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import type { IssuedAccount } from '../../../main/features/temporary-accounts/contract.ts';
import { useCommand } from '../../app/backend.ts';
import { ExpiryDialog } from './expiry-dialog.tsx';
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
  useEffect(() => {
    if (student) setPurpose(student.purpose === 'transferredIn' ? 'transferredIn' : 'transferredOut');
  }, [student]);
  return (
    <ExpiryDialog
      title="開通臨時帳號"
      confirmText="開通"
      open={student !== null}
      ticking={ticking}
      command={open}
      about={
        <>
          <dt>學生</dt>
          <dd>
            {student?.className} <span className="figure">{student?.studentNumber}</span> {student?.name}
          </dd>
          <dt>異動日期</dt>
          <dd>{formatRocDay(student?.movedOn === undefined ? null : String(student.movedOn ?? ''))}</dd>
        </>
      }
      fields={
        <Form.Item label="用途" required>
          <Radio.Group
            value={purpose}
            onChange={({ target }) => setPurpose(target.value as TemporaryAccountPurpose)}
            options={temporaryAccountPurposes.map((value) => ({ value, label: temporaryAccountPurposeNames[value] }))}
          />
        </Form.Item>
      }
      dayLabel="到期日"
      dayHint={ticking?.closesAt && `勾選時間到 ${formatRocDateTime(ticking.closesAt)} 為止，帳號不能比它晚到期；到期日當天整天有效。`}
      note="開通後立即可以登入。帳號與一次性密碼由市級系統產生，需要連線；密碼只顯示一次。"
      onConfirm={async (expiresOn) => {
        if (!student) return;
        const account = await open.run({ studentId: String(student.studentId), purpose, expiresOn });
        if (account) onIssued(account);
      }}
      onClose={() => {
        open.reset();
        onClose();
      }}
    />
  );
}
