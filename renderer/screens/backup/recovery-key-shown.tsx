import { Button } from 'antd';
import { useState } from 'react';
import type { OutgoingFile } from '../../../main/application/contract.ts';
import { CallError } from '../../app/backend.ts';
import { useSaveFile } from '../../app/save-file.ts';
import { CopyText, ErrorNote } from '../../components/index.ts';
import './recovery-key.css';

interface RecoveryKeyShownProps {
  recoveryKey: { text: string; keyId: string; file: OutgoingFile };
}

/** The words of a recovery key, and its page to be printed: shown once, kept nowhere. */
export function RecoveryKeyShown({ recoveryKey: { text, keyId, file } }: RecoveryKeyShownProps) {
  const saveFile = useSaveFile();
  const [refusal, setRefusal] = useState<CallError | null>(null);
  const print = async () => {
    try {
      await window.portfolio.printFile(file);
    } catch (error) {
      setRefusal(CallError.from(error));
    }
  };
  const groups = text.split('-');
  return (
    <div className="recovery-key">
      <section className="recovery-key-words monospace" aria-label="復原金鑰">
        {/* No two are alike: the check character has the group's place in it. */}
        {groups.map((group) => (
          <span key={group}>{group}</span>
        ))}
      </section>
      <div className="recovery-key-actions">
        <span className="muted">
          編號 <span className="monospace">{keyId}</span>
        </span>
        <CopyText text={text} label="復原金鑰" shown="" />
        <Button onClick={() => void saveFile(file)}>存成 PDF</Button>
        <Button type="primary" onClick={() => void print()}>
          列印復原金鑰
        </Button>
      </div>
      <ErrorNote error={refusal} onClose={() => setRefusal(null)} />
    </div>
  );
}
