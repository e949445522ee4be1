import { Alert, Button } from 'antd';
import type { RosterScope } from '../../../main/features/submissions/contract.ts';
import { ErrorNote, formatCount, JobProgress } from '../../components/index.ts';
import { checkAddress, useSubmissionPlace } from './address.ts';
import type { RosterExport } from './use-export.ts';
import { rosterKey } from './use-roster.ts';

interface ExportOutcomeProps {
  rosterExport: RosterExport;
  /** The roster on the screen. */
  shown: RosterScope;
}

/** How far 匯出 is; and where its roster has errors, how many, and the two ways on. */
export function ExportOutcome({ rosterExport: { job, roster, start }, shown }: ExportOutcomeProps) {
  const place = useSubmissionPlace();
  const { error } = job;
  if (job.running) return <JobProgress job={job.job} onCancel={job.cancel} />;
  if (error?.code !== 'submissions.findings' || !roster) return <ErrorNote error={error} onClose={job.reset} />;
  const { errors, warnings } = error.details;
  const here = rosterKey(roster) === rosterKey(shown);
  return (
    <Alert
      className="error-note"
      type="warning"
      showIcon
      role="alert"
      title={`名冊有 ${formatCount(Number(errors))} 項錯誤、${formatCount(Number(warnings))} 項提醒，還不能上傳，所以沒有匯出。`}
      closable={{ onClose: job.reset, 'aria-label': '關閉訊息' }}
      action={
        <span className="submission-buttons">
          {here && (
            <Button
              size="small"
              onClick={() => {
                job.reset();
                place.go(checkAddress(roster.kind, 'findings', { severity: 'error' }));
              }}
            >
              查看錯誤
            </Button>
          )}
          <Button size="small" onClick={() => start(roster, true)}>
            仍要匯出（供查對，不可上傳）
          </Button>
        </span>
      }
    />
  );
}
