import { Button, Input, Modal } from 'antd';
import { useState } from 'react';
import type { IncomingFile } from '../../../main/application/contract.ts';
import { FileDrop } from '../../components/index.ts';
import type { ChosenBackup } from './restore-dialog.tsx';

interface RestoreFromFileProps {
  open: boolean;
  onClose: () => void;
  onChosen: (backup: ChosenBackup) => void;
}

/** A backup from a stick or another computer; the recovery key where this computer's own does not open it. */
export function RestoreFromFile({ open, onClose, onChosen }: RestoreFromFileProps) {
  const [file, setFile] = useState<IncomingFile | null>(null);
  const [recoveryKey, setRecoveryKey] = useState('');
  const close = () => {
    setFile(null);
    setRecoveryKey('');
    onClose();
  };
  const go = () => {
    if (!file) return;
    const key = recoveryKey.trim();
    onChosen({ source: { file, ...(key === '' ? {} : { recoveryKey: key }) }, madeAt: null });
    setFile(null);
    setRecoveryKey('');
  };
  return (
    <Modal
      title="從檔案還原"
      open={open}
      onCancel={close}
      destroyOnHidden
      footer={[
        <Button key="close" onClick={close}>
          取消
        </Button>,
        <Button key="go" type="primary" disabled={!file} onClick={go}>
          檢查並比對
        </Button>,
      ]}
    >
      <p className="muted">選擇「下載」取得的備份檔案。這一步不會變動任何資料。</p>
      <FileDrop label="備份檔案" accept={['.portfolio-backup']} file={file} onFile={setFile} />
      <div className="backup-field backup-recovery-field">
        <label htmlFor="restore-recovery-key">復原金鑰</label>
        <Input
          id="restore-recovery-key"
          className="monospace"
          value={recoveryKey}
          autoComplete="off"
          maxLength={80}
          placeholder="別台電腦製作的備份才需要"
          onChange={(event) => setRecoveryKey(event.target.value)}
          onPressEnter={go}
        />
      </div>
    </Modal>
  );
}
