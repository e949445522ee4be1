import { Alert, Button, Modal } from 'antd';
import { useState } from 'react';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import type { IssuedAccount } from '../../../main/features/temporary-accounts/contract.ts';
import { CallError } from '../../app/backend.ts';
import { useSaveFile } from '../../app/save-file.ts';
import { CopyText, ErrorNote } from '../../components/index.ts';

/** The account with its one-time password: shown this once, kept nowhere, gone when the dialog is closed. */
export function IssuedPassword({ issued, onClose }: { issued: IssuedAccount | null; onClose: () => void }) {
  const saveFile = useSaveFile();
  const [refusal, setRefusal] = useState<CallError | null>(null);
  const close = () => {
    setRefusal(null);
    onClose();
  };
  const print = async () => {
    if (!issued) return;
    try {
      await window.portfolio.printFile(issued.notice);
    } catch (error) {
      setRefusal(CallError.from(error));
    }
  };
  return (
    <Modal
      title="臨時帳號與一次性密碼"
      width={560}
      open={issued !== null}
      onCancel={close}
      // A click beside the dialog must not throw the password away.
      mask={{ closable: false }}
      destroyOnHidden
      footer={[
        <Button key="save" onClick={() => issued && void saveFile(issued.notice)}>
          存成 PDF
        </Button>,
        <Button key="print" type="primary" onClick={() => void print()}>
          列印通知單
        </Button>,
        <Button key="close" onClick={close}>
          我已交給學生，關閉
        </Button>,
      ]}
    >
      {issued && (
        <>
          <Alert type="warning" showIcon title="密碼只顯示這一次，關閉後無法再查看；忘記時只能重設密碼。學生第一次登入必須變更密碼。" />
          <dl className="temporary-account-issued">
            <dt>學生</dt>
            <dd>
              <span className="figure">{issued.studentNumber}</span> {issued.name}
            </dd>
            <dt>帳號</dt>
            <dd>
              <CopyText text={issued.account} label="帳號" monospace />
            </dd>
            <dt>一次性密碼</dt>
            <dd className="temporary-account-password">
              <CopyText text={issued.oneTimePassword} label="一次性密碼" monospace />
            </dd>
            <dt>有效期間</dt>
            <dd className="figure">
              {formatRocDateTime(issued.opensAt)} ~ {formatRocDateTime(issued.expiresAt)}
            </dd>
          </dl>
          {issued.missingCharacters !== '' && (
            <Alert type="warning" showIcon title={`通知單上「${issued.missingCharacters}」以 〓 表示，請手寫補上。`} />
          )}
          <p className="temporary-account-note">通知單載有密碼，請當面交給學生本人；十分鐘後通知單檔案會自動刪除。</p>
          <ErrorNote error={refusal} onClose={() => setRefusal(null)} />
        </>
      )}
    </Modal>
  );
}
