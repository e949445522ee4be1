import { Alert, Button, Checkbox, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import type { InputOf, OutputOf } from '../../../main/features/contract.ts';
import { useJob } from '../../app/backend.ts';
import { ErrorNote, formatCount, JobProgress } from '../../components/index.ts';

export interface ChosenBackup {
  source: InputOf<'backup.restore'>['source'];
  /** Null of a file: only opening it tells. */
  madeAt: string | null;
}

type Comparison = OutputOf<'backup.compare'>;

/** 還原, in two steps: what would change by table, then yes. */
export function RestoreDialog({ chosen, onClose }: { chosen: ChosenBackup | null; onClose: () => void }) {
  const compare = useJob('backup.compare');
  const restore = useJob('backup.restore');
  const [agreed, setAgreed] = useState(false);
  const comparison = chosen && compare.result;
  const filesLost = restore.error?.code === 'backup.filesMissing' || restore.error?.details.part === 'files';

  // Compared once for each backup that is chosen; the handles are the same while the dialog lives.
  // biome-ignore lint/correctness/useExhaustiveDependencies: starting it is not an effect of its progress
  useEffect(() => {
    setAgreed(false);
    restore.reset();
    compare.reset();
    if (chosen) void compare.start(chosen.source);
  }, [chosen]);

  const close = () => {
    compare.cancel();
    onClose();
  };
  const go = (withoutFiles = false) => chosen && void restore.start({ source: chosen.source, withoutFiles });
  const madeAt = comparison?.madeAt ?? chosen?.madeAt ?? null;

  return (
    <Modal
      title={madeAt ? `還原 ${formatRocDateTime(madeAt)} 的備份` : '還原備份'}
      width={760}
      open={chosen !== null}
      onCancel={restore.running ? undefined : close}
      mask={{ closable: false }}
      destroyOnHidden
      footer={[
        <Button key="close" disabled={restore.running} onClick={close}>
          不還原
        </Button>,
        filesLost && (
          <Button key="without" danger disabled={restore.running || !agreed} onClick={() => go(true)}>
            不含附件，仍要還原
          </Button>
        ),
        <Button
          key="go"
          type="primary"
          danger
          disabled={!comparison || !agreed || filesLost}
          loading={restore.running}
          onClick={() => go()}
        >
          還原這份備份
        </Button>,
      ]}
    >
      <ErrorNote error={compare.error} />
      <ErrorNote error={restore.error} />
      <JobProgress job={compare.job} onCancel={close} />
      <JobProgress job={restore.job} onCancel={restore.cancel} />
      {comparison && (
        <>
          <Differences {...comparison} />
          <Alert
            type="warning"
            showIcon
            title="還原之後，全部資料回到備份時的樣子"
            description={
              <ul className="backup-consequences">
                <li>還原前會先備份現在的資料，現在的資料庫也會另外保留。</li>
                <li>備份之後已送到市級系統的變更，下次同步會再收到，不會遺失或重複。</li>
                <li>
                  {comparison.unsent === 0
                    ? '沒有未送出的變更會消失。'
                    : `有 ${formatCount(comparison.unsent)} 筆還沒送到市級系統的變更會消失，請先同步。`}
                </li>
                <li>帳號與密碼也回到備份時的樣子；所有人都要重新登入。稽核紀錄不會回復，會接續下去。</li>
              </ul>
            }
          />
          <Checkbox
            className="backup-agree"
            checked={agreed}
            disabled={restore.running}
            onChange={(event) => setAgreed(event.target.checked)}
          >
            我已看過上面的差異，確定要還原
          </Checkbox>
        </>
      )}
    </Modal>
  );
}

function Differences({ tables, sameTables, files }: Comparison) {
  if (tables.length === 0 && files.here === files.inBackup) {
    return <p className="backup-note">現在的資料與備份完全相同。</p>;
  }
  return (
    <div className="backup-differences">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">資料</th>
            <th scope="col" className="figure">
              目前
            </th>
            <th scope="col" className="figure">
              備份
            </th>
            <th scope="col" className="figure">
              會消失
            </th>
            <th scope="col" className="figure">
              會回來
            </th>
            <th scope="col" className="figure">
              內容不同
            </th>
          </tr>
        </thead>
        <tbody>
          {tables.map((difference) => (
            <tr key={difference.table}>
              <th scope="row">{difference.title}</th>
              <td className="figure">{formatCount(difference.here)}</td>
              <td className="figure">{formatCount(difference.inBackup)}</td>
              <td className="figure">
                {difference.goes > 0 ? <strong className="state-wrong">{formatCount(difference.goes)}</strong> : '0'}
              </td>
              <td className="figure">{formatCount(difference.returns)}</td>
              <td className="figure">{formatCount(difference.changes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="backup-note muted">
        其餘 {formatCount(sameTables)} 個資料表沒有差異。附件：目前 {formatCount(files.here)} 個，備份 {formatCount(files.inBackup)}{' '}
        個；還原只會補回缺少或毀損的附件。
      </p>
    </div>
  );
}
