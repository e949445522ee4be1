import { Button, Empty } from 'antd';
import type { ReactNode } from 'react';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import type { RosterScope } from '../../../main/features/submissions/contract.ts';
import { type JobHandle, useJob } from '../../app/backend.ts';
import { CountLink, ErrorNote, formatAge, formatCount, JobProgress } from '../../components/index.ts';
import { checkAddress } from './address.ts';
import { CheckLists } from './check-lists.tsx';
import { useHandIn } from './hand-in.tsx';
import { handedInSince, nextStep } from './rules.ts';
import { rosterKey } from './use-roster.ts';
import type { Overview } from './window-line.tsx';

interface SubmitTabProps {
  roster: RosterScope;
  overview: Overview;
}

/** The way in: ① 預檢, ② what it found, ③ 提交. The step that is next is marked. */
export function SubmitTab({ roster, overview }: SubmitTabProps) {
  const check = useJob('submissions.check', rosterKey(roster));
  const next = nextStep(overview);
  const { precheck } = overview;
  const startCheck = () => void check.start(roster);
  const handIn = useHandIn({ roster, overview, next, onCheck: startCheck });
  return (
    <>
      <ol className="submission-steps" aria-label="提交的步驟">
        <Step number={1} title="預檢" next={next}>
          <CheckStep overview={overview} check={check} primary={next === 1} onCheck={startCheck} />
        </Step>
        <Step number={2} title="修正" next={next}>
          <FindingsStep roster={roster} overview={overview} />
        </Step>
        <Step number={3} title="提交" next={next}>
          {handIn.content}
        </Step>
      </ol>
      {handIn.outcome}
      <ErrorNote error={check.error} onClose={check.reset} onRetry={startCheck} />
      {precheck ? (
        <CheckLists key={precheck.id} roster={roster} precheck={precheck} />
      ) : (
        <Empty
          image={Empty.PRESENTED_IMAGE_SIMPLE}
          description={
            overview.rows === 0
              ? '名冊現在沒有資料。請選擇其他學年，或先同步資料。'
              : '還沒有預檢。預檢之後，每一項問題列在這裡：哪一位學生、哪一筆、哪一欄、怎麼修正。'
          }
        >
          {overview.rows === 0 && <Button href="#/sync">前往同步作業</Button>}
        </Empty>
      )}
    </>
  );
}

interface StepProps {
  number: 1 | 2 | 3;
  title: string;
  next: 1 | 2 | 3 | null;
  children: ReactNode;
}

function Step({ number, title, next, children }: StepProps) {
  const here = next === number;
  return (
    <li className={here ? 'submission-step submission-step-next' : 'submission-step'} aria-current={here ? 'step' : undefined}>
      <h2>
        <span className="submission-step-number" aria-hidden>
          {number}
        </span>
        {title}
      </h2>
      {children}
    </li>
  );
}

interface CheckStepProps {
  overview: Overview;
  check: JobHandle<'submissions.check'>;
  primary: boolean;
  onCheck: () => void;
}

function CheckStep({ overview, check, primary, onCheck }: CheckStepProps) {
  const { precheck } = overview;
  if (check.running) return <JobProgress job={check.job} onCancel={check.cancel} />;
  return (
    <>
      <p>
        {precheck ? (
          <>
            {formatCount(precheck.rows)} 列 {formatCount(precheck.students)} 人，
            <span title={`${formatRocDateTime(precheck.checkedAt)} ${precheck.checkedBy}`}>{formatAge(precheck.checkedAt)}預檢</span>
            。名冊之後若有變動，提交前要再預檢一次。
            {precheck.uncheckedFiles > 0 && (
              <span className="state-soon"> {formatCount(precheck.uncheckedFiles)} 個檔案沒有檢查到：不在本機，也連不上市級系統。</span>
            )}
          </>
        ) : (
          '逐列檢查證號、日期、課程代碼、簡述、勾選件數與檔案，還不會送出。'
        )}
      </p>
      <Button type={primary ? 'primary' : 'default'} disabled={overview.rows === 0} onClick={onCheck}>
        {precheck ? '再預檢一次' : '開始預檢'}
      </Button>
    </>
  );
}

function FindingsStep({ roster: { kind }, overview }: SubmitTabProps) {
  const { precheck } = overview;
  if (!precheck) return <p className="muted">預檢找到的錯誤要先在市級系統或校務行政系統修正並同步；提醒由提交的人確認。</p>;
  const { errors, warnings, differences } = precheck;
  const to = (severity: string) => checkAddress(kind, 'findings', { severity });
  const change = (wanted: string) => checkAddress(kind, 'differences', { change: wanted });
  return (
    <>
      {errors + warnings === 0 ? (
        <p className="state-done">沒有發現問題。</p>
      ) : (
        <p className="submission-figures">
          <span className={errors > 0 ? 'submission-figure submission-errors' : 'submission-figure'}>
            錯誤 <CountLink count={errors} unit="項" to={to('error')} label="錯誤" />
          </span>
          <span className={warnings > 0 ? 'submission-figure submission-warnings' : 'submission-figure'}>
            提醒 <CountLink count={warnings} unit="項" to={to('warning')} label="提醒" />
          </span>
        </p>
      )}
      {precheck.comparedWithSentAt && (
        <p>
          與 <span className="figure">{formatRocDateTime(precheck.comparedWithSentAt).slice(0, -3)}</span> 提交的相比：新增{' '}
          <CountLink count={differences.added} unit="筆" to={change('added')} label="新增" />
          、移除 <CountLink count={differences.removed} unit="筆" to={change('removed')} label="移除" />
          、內容不同 <CountLink count={differences.changed} unit="筆" to={change('changed')} label="內容不同" />
        </p>
      )}
      {errors > 0 && <p className="muted">在市級系統或校務行政系統修正並同步後，再預檢一次。</p>}
      {handedInSince(overview) && errors === 0 && <p className="muted">這是上次提交前的預檢。</p>}
    </>
  );
}
