import { Alert, Button, Modal } from 'antd';
import { useState } from 'react';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import type { OutputOf } from '../../../main/features/contract.ts';
import { useCommand } from '../../app/backend.ts';
import { ConfirmButton, ErrorNote } from '../../components/index.ts';
import { RecoveryKeyShown } from './recovery-key-shown.tsx';

interface RecoveryKeyPanelProps {
  recoveryKey: OutputOf<'backup.state'>['recoveryKey'];
  mayChange: boolean;
}

/** 復原金鑰: whether there is a paper, which one, and a new one. */
export function RecoveryKeyPanel({ recoveryKey, mayChange }: RecoveryKeyPanelProps) {
  const make = useCommand('backup.makeRecoveryKey');
  const [made, setMade] = useState<OutputOf<'backup.makeRecoveryKey'> | null>(null);
  const produce = async () => {
    const answer = await make.run({});
    if (answer) setMade(answer);
  };
  return (
    <section className="panel" aria-labelledby="recovery-key">
      <h2 id="recovery-key">復原金鑰</h2>
      {recoveryKey ? (
        <p className="backup-note">
          編號 <strong className="monospace">{recoveryKey.keyId}</strong>
          <br />
          <span className="muted">{formatRocDateTime(recoveryKey.madeAt)} 產生</span>
        </p>
      ) : (
        <p className="backup-note state-soon">還沒有復原金鑰：這台電腦損壞時，備份無法在其他電腦開啟。</p>
      )}
      <p className="backup-note muted">印在紙上的金鑰，用來在另一台電腦打開備份。請鎖在保險櫃，不要與備份放在一起。</p>
      <ErrorNote error={make.error} onClose={make.reset} />
      {mayChange && (
        <div className="backup-buttons">
          {recoveryKey ? (
            <ConfirmButton
              danger={false}
              loading={make.pending}
              question="確定要產生新的復原金鑰？"
              consequence={
                <>
                  之後的備份只能用新的金鑰開啟；
                  <br />
                  編號 {recoveryKey.keyId} 的紙本只能開啟今天以前的備份，請一併保留。
                </>
              }
              confirmText="產生新的金鑰"
              onConfirm={produce}
            >
              產生新的金鑰
            </ConfirmButton>
          ) : (
            <Button type="primary" loading={make.pending} onClick={() => void produce()}>
              產生並列印
            </Button>
          )}
        </div>
      )}
      <Modal
        title="復原金鑰"
        width={560}
        open={made !== null}
        // A click beside the dialog must not throw the key away.
        mask={{ closable: false }}
        destroyOnHidden
        onCancel={() => setMade(null)}
        footer={
          <Button type="primary" onClick={() => setMade(null)}>
            我已列印或抄下，關閉
          </Button>
        }
      >
        {made && (
          <>
            <Alert type="warning" showIcon title="復原金鑰只顯示這一次，關閉後無法再查看。請現在列印，或抄下後核對一次。" />
            <RecoveryKeyShown recoveryKey={made} />
          </>
        )}
      </Modal>
    </section>
  );
}
