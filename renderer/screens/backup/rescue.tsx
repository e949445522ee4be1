import { Alert, Button, Input, Popconfirm } from 'antd';
import { useEffect, useState } from 'react';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import type { IncomingFile } from '../../../main/application/contract.ts';
import { useCommand, useQueryOperation } from '../../app/backend.ts';
import type { CallError } from '../../app/call-error.ts';
import { noteSignedOut } from '../../app/session.ts';
import { ErrorNote, FileDrop, formatCount } from '../../components/index.ts';
import { Field } from '../sign-in/field.tsx';

interface RescueProps {
  /** Why the school cannot be opened; null of a directory in which there is none yet. */
  failure: CallError | null;
  /** The school is back: ask again who is in. */
  onRestored: () => void;
  onBack?: () => void;
}

const titles = { damaged: '資料檔案毀損', keyLost: '找不到資料庫的金鑰', fresh: '從備份還原' } as const;

/** Before anyone can sign in: the newest good backup, or a file with the recovery key, takes the school's place. */
export default function Rescue({ failure, onRestored, onBack }: RescueProps) {
  const state = useQueryOperation('backup.rescueState', {}, { refetchInterval: 1000 });
  const rescue = useCommand('backup.rescue');
  const [file, setFile] = useState<IncomingFile | null>(null);
  const [recoveryKey, setRecoveryKey] = useState('');
  const [restored, setRestored] = useState<string | null>(null);
  const { data } = state;

  useEffect(() => {
    document.title = '從備份還原｜學習歷程檔案校管理端';
  }, []);

  const go = async (source: { found: true } | { file: IncomingFile }) => {
    const answer = await rescue.run({ source, ...(recoveryKey.trim() === '' ? {} : { recoveryKey: recoveryKey.trim() }) });
    if (!answer) return;
    const text = `已還原 ${answer.schoolName} ${formatRocDateTime(answer.madeAt)} 的備份，請登入。`;
    setRestored(text);
    noteSignedOut(text);
    onRestored();
  };
  const reason = data?.reason ?? (failure ? 'damaged' : 'fresh');

  return (
    <>
      <h1 className="sign-in-title">{titles[reason]}</h1>
      {failure ? (
        <Alert className="rescue-failure" type="error" showIcon role="alert" title={failure.message} description={`代碼 ${failure.code}`} />
      ) : (
        <p className="muted">換了電腦，或資料遺失時，選擇備份檔案並輸入印在紙上的復原金鑰。</p>
      )}
      {(reason !== 'damaged' || file !== null || rescue.error?.code === 'backup.keyNeeded') && (
        <Field label="復原金鑰" htmlFor="rescue-key">
          <Input
            id="rescue-key"
            className="monospace"
            value={recoveryKey}
            autoComplete="off"
            maxLength={80}
            placeholder="七組文字，連字號可以不打"
            onChange={(event) => setRecoveryKey(event.target.value)}
          />
        </Field>
      )}
      {data?.searching && (
        <p className="muted" role="status">
          正在檢查備份資料夾裡的備份…
        </p>
      )}
      {data?.found && (
        <Popconfirm
          title={`確定要還原 ${formatRocDateTime(data.found.madeAt)} 的備份？`}
          description={reason === 'fresh' ? undefined : '毀損的檔案會另外保留，不會刪除。'}
          okText="還原這份備份"
          cancelText="不要"
          onConfirm={() => go({ found: true })}
        >
          <Button type="primary" size="large" block loading={rescue.pending} disabled={restored !== null}>
            還原 {formatRocDateTime(data.found.madeAt).slice(0, -3)} 的備份
          </Button>
        </Popconfirm>
      )}
      {data?.found && (
        <p className="muted">
          備份資料夾裡最近一份{reason === 'damaged' ? '驗證過、完好的' : ''}備份
          {data.found.files > 0 && `，附件 ${formatCount(data.found.files)} 個`}
          {data.unusable > 0 && `；較新的 ${formatCount(data.unusable)} 份不能使用`}。
        </p>
      )}
      {data && !data.searching && !data.found && reason !== 'fresh' && <p className="state-wrong">備份資料夾裡沒有可用的備份。</p>}
      <div className="rescue-file">
        <FileDrop
          label={data?.found ? '其他備份檔案' : '備份檔案'}
          accept={['.portfolio-backup']}
          file={file}
          onFile={setFile}
          disabled={rescue.pending}
        />
        {file && (
          <Button size="large" block loading={rescue.pending} onClick={() => void go({ file })}>
            還原選擇的檔案
          </Button>
        )}
      </div>
      {data?.progress && (
        <p role="status">
          {data.progress.step}
          {data.progress.total > 0 && ` ${Math.floor((data.progress.done / data.progress.total) * 100)}%`}
        </p>
      )}
      <ErrorNote error={rescue.error} onClose={rescue.reset} />
      {onBack && (
        <Button type="link" block disabled={rescue.pending} onClick={onBack}>
          回連線頁
        </Button>
      )}
    </>
  );
}
