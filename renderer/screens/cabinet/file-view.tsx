import { DownloadOutlined, EyeOutlined } from '@ant-design/icons';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import type { OutgoingFile } from '../../../main/application/contract.ts';
import { useJob } from '../../app/backend.ts';
import { useSaveFile } from '../../app/save-file.ts';
import { ErrorNote, formatBytes, JobProgress, ShownFile } from '../../components/index.ts';
import type { Cabinet } from './records.ts';

interface FileViewProps {
  kind: 'outcome' | 'performance' | 'autobiography';
  recordId: string;
  slot: 'document' | 'media';
  name: string;
  file: Cabinet['files'][string] | undefined;
  /** The import that the file came with. */
  broughtBy: Cabinet['origins'][string] | undefined;
}

/** A record's file: fetched when it is asked for, and shown in place out of the encrypted store. */
export function FileView({ kind, recordId, slot, name, file, broughtBy }: FileViewProps) {
  const opening = useJob('cabinet.openFile');
  const saveFile = useSaveFile();
  const [opened, setOpened] = useState<OutgoingFile | null>(null);
  const open = async () => {
    const result = opened ? { file: opened } : await opening.start({ kind, recordId, slot });
    if (result) setOpened(result.file);
    return result?.file ?? null;
  };
  const save = async () => {
    const ready = await open();
    if (ready) await saveFile(ready);
  };
  return (
    <section className="cabinet-file" aria-label={slot === 'document' ? '文件檔案' : '影音檔案'}>
      <div className="cabinet-file-head">
        <span className="cabinet-file-name">{name}</span>
        {file && <span className="muted">{formatBytes(file.bytes)}</span>}
        {!opened && (
          <Button size="small" icon={<EyeOutlined />} loading={opening.running} onClick={() => void open()}>
            開啟檔案
          </Button>
        )}
        <Button size="small" icon={<DownloadOutlined />} disabled={opening.running} onClick={() => void save()}>
          下載
        </Button>
      </div>
      {broughtBy && <p className="cabinet-file-origin">隨轉學檔案 {broughtBy.fileName} 匯入</p>}
      {file?.damaged && <Alert type="warning" showIcon title="這個檔案被回報為異常，請到「設定功能參數」重新取得或更換檔案。" />}
      {opening.running && <JobProgress job={opening.job} onCancel={opening.cancel} />}
      <ErrorNote error={opening.error} onRetry={() => void open()} onClose={opening.reset} />
      {opened && <ShownFile file={opened} />}
    </section>
  );
}
