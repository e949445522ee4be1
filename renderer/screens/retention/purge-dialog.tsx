import { Alert, Button, Form, Input, Modal } from 'antd';
import { useEffect, useState } from 'react';
import type { OutputOf } from '../../../main/features/contract.ts';
import { useJob } from '../../app/backend.ts';
import { ErrorNote, formatCount, JobProgress } from '../../components/index.ts';
import { KindsTable } from './kinds-table.tsx';

type Summary = OutputOf<'retention.summary'>;

interface PurgeDialogProps {
  summary: Summary;
  /** Those ticked; of none, everyone who is due and has nothing that keeps him. */
  studentIds: readonly string[];
  onPurged: () => void;
  onClose: () => void;
}

const shortestReason = 4;

/** 清除: what would go, what stays where, why, and the number typed; then what went. */
export function PurgeDialog({ summary, studentIds, onPurged, onClose }: PurgeDialogProps) {
  const preview = useJob('retention.preview');
  const purge = useJob('retention.purge');
  const [chosen] = useState(studentIds.length > 0 ? { studentIds: [...studentIds] } : {});
  const [reason, setReason] = useState(`超過離校後 ${summary.keptYears} 學年的保存期限`);
  const [typed, setTyped] = useState('');
  const [purged, setPurged] = useState<OutputOf<'retention.purge'> | null>(null);
  const students = preview.result?.students ?? 0;
  const confirmed = students > 0 && typed.normalize('NFKC').trim() === String(students) && reason.trim().length >= shortestReason;

  const look = () => {
    purge.reset();
    setTyped('');
    void preview.start(chosen);
  };
  // Once, as it opens.
  // biome-ignore lint/correctness/useExhaustiveDependencies: starting it is not an effect of its progress
  useEffect(look, []);

  const close = () => {
    preview.cancel();
    onClose();
  };
  const go = async () => {
    if (!confirmed || purge.running) return;
    const done = await purge.start({ ...chosen, students, reason: reason.trim() });
    if (!done) return;
    setPurged(done);
    onPurged();
  };

  return (
    <Modal
      open
      title={purged ? `已清除 ${formatCount(purged.students)} 位離校學生的資料` : '清除離校學生的資料'}
      width={760}
      centered
      mask={{ closable: false }}
      onCancel={purge.running ? undefined : close}
      footer={
        purged ? (
          <Button type="primary" onClick={close}>
            關閉
          </Button>
        ) : (
          <>
            <Button disabled={purge.running} onClick={close}>
              不清除
            </Button>
            <Button type="primary" danger disabled={!confirmed} loading={purge.running} onClick={() => void go()}>
              清除 {formatCount(students)} 位學生的資料
            </Button>
          </>
        )
      }
    >
      <ErrorNote error={preview.error} onRetry={look} />
      <ErrorNote error={purge.error} onRetry={look} />
      <JobProgress job={preview.job} onCancel={close} />
      <JobProgress job={purge.job} />
      {purged ? (
        <>
          <KindsTable counts={purged.counts} />
          <p>明細留在「清除紀錄」，稽核紀錄也記了一筆：誰、何時、為什麼、多少，沒有學生的資料。</p>
          <Elsewhere summary={summary} />
        </>
      ) : (
        preview.result && (
          <>
            <h3 className="retention-heading">會從本機清除 {formatCount(students)} 位學生的以下資料</h3>
            <KindsTable counts={preview.result.counts} />
            <Alert
              type="warning"
              showIcon
              title="清除後無法復原"
              description={
                <ul className="retention-consequences">
                  <li>只清除本機的資料；市級系統與中央資料庫的資料不受影響，同步時也不會再收回這些學生，除非他們重新入學。</li>
                  {preview.result.counts.workbooks > 0 && (
                    <li>含有他們的名冊、檢核結果與收訖明細檔會整份刪除，只留雜湊與其他學生的資料列。</li>
                  )}
                </ul>
              }
            />
            <Elsewhere summary={summary} />
            <Form layout="vertical" className="retention-confirm" onSubmitCapture={() => void go()}>
              <Form.Item label="原因" htmlFor="retention-reason" required extra="至少 4 個字，會留在紀錄裡；請勿填寫學生姓名或證號。">
                <Input
                  id="retention-reason"
                  value={reason}
                  maxLength={200}
                  disabled={purge.running}
                  onChange={(event) => setReason(event.target.value)}
                />
              </Form.Item>
              <Form.Item label={`輸入學生人數 ${students} 以確認`} htmlFor="retention-typed" required>
                <Input
                  id="retention-typed"
                  className="figure"
                  inputMode="numeric"
                  autoComplete="off"
                  value={typed}
                  disabled={purge.running}
                  onChange={(event) => setTyped(event.target.value)}
                />
              </Form.Item>
            </Form>
          </>
        )
      )}
    </Modal>
  );
}

/** Copies of the school of earlier times, out of which nothing can be taken. */
function Elsewhere({ summary: { backups, setAside } }: { summary: Summary }) {
  return (
    <p className="muted retention-elsewhere">
      {backups > 0 ? `先前的 ${formatCount(backups)} 份備份裡` : '先前的備份裡'}
      仍有這些學生，到備份輪替刪除為止（通常在一年內）；下載或複製到別處的備份與匯出的檔案，請自行銷毀。
      {setAside > 0 &&
        `還原時另外保留的 ${formatCount(setAside)} 份資料庫不會自動刪除，確定不再需要時，請刪除資料夾裡的 before-restore 與 damaged。`}
    </p>
  );
}
