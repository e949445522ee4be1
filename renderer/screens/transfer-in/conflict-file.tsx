import { Button, Drawer } from 'antd';
import { useState } from 'react';
import { groupMd5 } from '../../../domain/md5-text.ts';
import type { OutgoingFile } from '../../../main/application/contract.ts';
import type { ConflictSides } from '../../../main/features/transfer-in/contract.ts';
import { useJob } from '../../app/backend.ts';
import { ErrorNote, formatBytes, JobProgress, ShownFile } from '../../components/index.ts';
import type { Import } from './use-import.ts';

type FileFacts = NonNullable<ConflictSides['files'][number]['here']>;

interface ConflictFileProps {
  file: FileFacts;
  side: 'here' | 'inFile';
  slot: 'document' | 'media';
  importing: Import;
  check: string;
  conflictKey: string;
}

const sideNames = { here: '本校現有', inFile: '檔案中' } as const;

/** A file of one side: its name, size and MD5, and the file itself beside the page when it is asked for. */
export function ConflictFile({ file, side, slot, importing, check, conflictKey }: ConflictFileProps) {
  const opening = useJob('transferIn.openFile', `${conflictKey} ${side} ${slot}`);
  const [opened, setOpened] = useState<OutgoingFile | null>(null);
  const open = async () => {
    const given = importing.given();
    const answer = given && (await opening.start({ ...given, check, key: conflictKey, side, slot }));
    if (answer) setOpened(answer.file);
  };
  return (
    <div className="transfer-in-conflict-file">
      <span>
        {file.name}
        <span className="muted">（{formatBytes(file.bytes)}）</span>
      </span>
      <span className="monospace muted">MD5 {groupMd5(file.md5)}</span>
      {opening.running ? (
        <JobProgress job={opening.job} onCancel={opening.cancel} />
      ) : (
        <Button size="small" disabled={importing.busy} aria-label={`開啟${sideNames[side]}的 ${file.name}`} onClick={() => void open()}>
          開啟
        </Button>
      )}
      <ErrorNote error={opening.error} onClose={opening.reset} />
      <Drawer open={opened !== null} onClose={() => setOpened(null)} size={720} title={`${sideNames[side]}：${file.name}`} destroyOnHidden>
        {opened && <ShownFile file={opened} />}
      </Drawer>
    </div>
  );
}
