import { Alert, Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { nationalSite, type SubmissionWay } from '../../../domain/submission.ts';
import { type RosterScope, submissionModules } from '../../../main/features/submissions/contract.ts';
import { type CallError, useJob } from '../../app/backend.ts';
import { useSaveFile } from '../../app/save-file.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { CopyText, ErrorNote, formatCount, JobProgress } from '../../components/index.ts';
import { checkAddress, tabAddress, useSubmissionPlace } from './address.ts';
import { HandInDialog } from './hand-in-dialog.tsx';
import { reasonAgainst } from './rules.ts';
import { rosterKey } from './use-roster.ts';
import type { Overview } from './window-line.tsx';

interface HandingIn {
  roster: RosterScope;
  overview: Overview;
  next: 1 | 2 | 3 | null;
  onCheck: () => void;
}

/**
 * ③ The two ways of the manual's two generations: through the city, or the file to upload by hand.
 * @returns what stands in the third step, and what came of it, to stand beneath the steps
 */
export function useHandIn({ roster, overview, next, onCheck }: HandingIn): { content: ReactNode; outcome: ReactNode } {
  const { kind } = roster;
  const { session } = useOffice();
  const { go } = useSubmissionPlace();
  const saveFile = useSaveFile();
  const send = useJob('submissions.send', rosterKey(roster));
  const upload = useJob('submissions.prepareUpload', rosterKey(roster));
  const [confirming, setConfirming] = useState<SubmissionWay | null>(null);
  const mayCreate = mayUse(session, submissionModules[kind], 'create');
  const against = { city: reasonAgainst(overview, 'city', mayCreate), manual: reasonAgainst(overview, 'manual', mayCreate) };
  const running = send.running ? send : upload.running ? upload : null;

  const handIn = async (way: SubmissionWay) => {
    setConfirming(null);
    send.reset();
    upload.reset();
    if (!overview.precheck) return;
    const input = { ...roster, precheckId: overview.precheck.id, confirmWarnings: overview.precheck.warnings > 0 };
    if (way === 'city') {
      await send.start(input);
    } else {
      const made = await upload.start(input);
      if (made) await saveFile(made.file);
    }
  };

  const content = running ? (
    <JobProgress job={running.job} onCancel={running.cancel} />
  ) : (
    <div className="submission-ways">
      <Way
        way="city"
        title="提交至市級系統"
        about="由市級系統送到中央資料庫，FID 與結果會自動回來。"
        against={against.city}
        checked={overview.precheck !== null}
        primary={next === 3}
        onChoose={setConfirming}
      />
      <Way
        way="manual"
        title="自行上傳"
        about="製作檔案，到國教署網站上傳，再回來登錄 FID 與結果。"
        against={against.manual}
        checked={overview.precheck !== null}
        primary={false}
        onChoose={setConfirming}
      />
    </div>
  );
  const failed = send.error ? { job: send, way: 'city' as const } : upload.error ? { job: upload, way: 'manual' as const } : null;
  const outcome = (
    <>
      {send.result && (
        <Alert
          type="success"
          showIcon
          role="status"
          title={`已提交，FID ${send.result.submissionFileId}：${formatCount(send.result.rows)} 列、${formatCount(send.result.students)} 人。檢核結果會隨同步回到提交紀錄。`}
          closable={{ onClose: send.reset, 'aria-label': '關閉訊息' }}
          action={
            <Button size="small" onClick={() => go(tabAddress(kind, 'records'))}>
              查看提交紀錄
            </Button>
          }
        />
      )}
      {upload.result && (
        <UploadAdvice
          name={upload.result.file.name}
          onClose={upload.reset}
          onRecord={() => go(tabAddress(kind, 'records', upload.result?.id))}
        />
      )}
      {failed && (
        <Refusal
          error={failed.job.error!}
          roster={roster}
          onCheck={() => {
            failed.job.reset();
            onCheck();
          }}
          onConfirm={() => setConfirming(failed.way)}
          onClose={failed.job.reset}
        />
      )}
      {confirming && overview.precheck && (
        <HandInDialog
          way={confirming}
          roster={roster}
          overview={overview}
          precheck={overview.precheck}
          onClose={() => setConfirming(null)}
          onConfirm={() => void handIn(confirming)}
        />
      )}
    </>
  );
  return { content, outcome };
}

interface WayProps {
  way: SubmissionWay;
  title: string;
  about: string;
  against: string | null;
  /** Before the first check there is nothing wrong, only something to do first. */
  checked: boolean;
  primary: boolean;
  onChoose: (way: SubmissionWay) => void;
}

function Way({ way, title, about, against, checked, primary, onChoose }: WayProps) {
  return (
    <div className="submission-way">
      <p id={`submission-way-${way}`} className={against && checked ? 'state-soon' : 'muted'}>
        {against ?? about}
      </p>
      <Button
        type={primary ? 'primary' : 'default'}
        disabled={against !== null}
        aria-describedby={`submission-way-${way}`}
        onClick={() => onChoose(way)}
      >
        {title}
      </Button>
    </div>
  );
}

function UploadAdvice({ name, onClose, onRecord }: { name: string; onClose: () => void; onRecord: () => void }) {
  return (
    <Alert
      type="success"
      showIcon
      role="status"
      title={`已製作上傳檔「${name}」，並在提交紀錄記下一筆。`}
      description={
        <>
          請到國教署學習歷程資料庫上傳：
          <CopyText text={nationalSite} label="國教署網址" monospace />
          。上傳後把網站給的 FID 與處理狀態登錄到提交紀錄；請不要更改檔案內容。
        </>
      }
      closable={{ onClose, 'aria-label': '關閉訊息' }}
      action={
        <Button size="small" onClick={onRecord}>
          登錄結果
        </Button>
      }
    />
  );
}

interface RefusalProps {
  error: CallError;
  roster: RosterScope;
  onCheck: () => void;
  onConfirm: () => void;
  onClose: () => void;
}

/** Why the backend did not hand it in, and the way on that belongs to it. */
function Refusal({ error, roster: { kind }, onCheck, onConfirm, onClose }: RefusalProps) {
  const { go } = useSubmissionPlace();
  const ways: Readonly<Record<string, { text: string; act: () => void }>> = {
    'submissions.notChecked': { text: '再預檢一次', act: onCheck },
    'submissions.findings': { text: '查看錯誤', act: () => go(checkAddress(kind, 'findings', { severity: 'error' })) },
    'submissions.warnings': { text: '確認提醒', act: onConfirm },
    'submissions.archived': { text: '查看提交紀錄', act: () => go(tabAddress(kind, 'records')) },
    'sync.offline': { text: '再送一次', act: onConfirm },
  };
  const way = ways[error.code];
  return (
    <ErrorNote
      error={error}
      onClose={onClose}
      action={
        way && (
          <Button size="small" onClick={way.act}>
            {way.text}
          </Button>
        )
      }
    />
  );
}
