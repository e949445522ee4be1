import { Button, Form, Modal } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { taipeiDay } from '../../../domain/roc-date.ts';
import type { CallError } from '../../app/backend.ts';
import { ErrorNote, RocDateInput } from '../../components/index.ts';
import type { Ticking } from './ticking-windows.tsx';

interface ExpiryDialogProps {
  title: string;
  /** The main button: 開通, 延長. */
  confirmText: string;
  open: boolean;
  ticking: Ticking | null;
  /** The command that it gives. */
  command: { pending: boolean; error: CallError | null; reset: () => void };
  /** Whom it is about, as `dt` and `dd`. */
  about: ReactNode;
  dayLabel: string;
  dayHint: ReactNode;
  /** Further fields, above the day. */
  fields?: ReactNode;
  note?: ReactNode;
  onConfirm: (expiresOn: string) => Promise<void>;
  onClose: () => void;
}

/** A temporary account and the day until which it shall be valid: the end of the open window, unless another is typed. */
export function ExpiryDialog(props: ExpiryDialogProps) {
  const { title, confirmText, open, ticking, command, about, dayLabel, dayHint, fields, note, onConfirm, onClose } = props;
  const [expiresOn, setExpiresOn] = useState<string | null>(null);
  const lastDay = ticking?.lastDay ?? null;
  useEffect(() => {
    if (open) setExpiresOn(lastDay);
  }, [open, lastDay]);
  const submit = async () => {
    if (!open || !expiresOn || command.pending) return;
    await onConfirm(expiresOn);
  };

  return (
    <Modal
      title={title}
      width={520}
      open={open}
      onCancel={onClose}
      destroyOnHidden
      footer={[
        <Button key="close" onClick={onClose}>
          取消
        </Button>,
        <Button key="confirm" type="primary" loading={command.pending} disabled={!expiresOn} onClick={() => void submit()}>
          {confirmText}
        </Button>,
      ]}
    >
      <dl className="temporary-account-student">{about}</dl>
      <Form layout="vertical" onSubmitCapture={() => void submit()}>
        {fields}
        <Form.Item label={dayLabel} htmlFor="temporary-account-expires" required extra={dayHint}>
          <RocDateInput
            id="temporary-account-expires"
            value={expiresOn}
            onChange={setExpiresOn}
            min={taipeiDay(new Date())}
            max={lastDay ?? undefined}
          />
        </Form.Item>
      </Form>
      {note && <p className="temporary-account-note">{note}</p>}
      <ErrorNote error={command.error} onClose={command.reset} />
    </Modal>
  );
}
