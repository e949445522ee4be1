import { Modal } from 'antd';
import { useState } from 'react';
import { useCommand } from '../../app/backend.ts';
import { ErrorNote } from '../../components/index.ts';
import type { SubmissionKind } from '../submissions/kinds.ts';
import { completeWindow, type WindowDraft } from './rules.ts';
import { WindowFields } from './window-fields.tsx';

interface WindowDialogProps {
  kind: SubmissionKind;
  statementId: string;
  begin: { confirmFrom: string; confirmUntil: string };
  onClose: () => void;
}

/** 設定確認期間 of a statement that was read already. */
export function WindowDialog({ kind, statementId, begin, onClose }: WindowDialogProps) {
  const [window, setWindow] = useState<WindowDraft>(begin);
  const save = useCommand('receiptStatements.setWindow');
  const complete = completeWindow(window);
  const keep = async () => {
    if (complete && (await save.run({ kind, statementId, ...complete }))) onClose();
  };
  return (
    <Modal
      open
      title="設定學生確認期間"
      okText="儲存確認期間"
      cancelText="取消"
      okButtonProps={{ disabled: !complete, loading: save.pending }}
      width={560}
      onOk={() => void keep()}
      onCancel={onClose}
    >
      <div className="receipt-form">
        <WindowFields value={window} onChange={setWindow} />
        <p className="muted">已經印出的確認單上仍是原來的日期，更改後請重新列印或另行通知。</p>
        <ErrorNote error={save.error} onClose={save.reset} />
      </div>
    </Modal>
  );
}
