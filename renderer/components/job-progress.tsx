import { Button, Progress } from 'antd';
import type { JobState } from '../../main/application/contract.ts';
import { formatBytes, formatCount, formatDuration } from './format.ts';
import { remainingSeconds } from './job-time.ts';

export interface JobProgressProps {
  job: JobState | null;
  onCancel?: () => void;
}

/** What a running job does now, how far it is, how long it will take, and 取消. Nothing when nothing runs. */
export function JobProgress({ job, onCancel }: JobProgressProps) {
  if (job?.state !== 'running') return null;
  const known = job.total > 0;
  const percent = known ? Math.min(100, Math.floor((job.done / job.total) * 100)) : 0;
  const left = remainingSeconds(job, new Date());
  const amount = (value: number) => (job.unit === '位元組' ? formatBytes(value) : formatCount(value));
  return (
    <div className="job-progress">
      <div className="job-progress-line">
        <span className="job-step" aria-live="polite">
          {job.step}
        </span>
        <span className="figure">
          {known &&
            (job.unit === '位元組' ? `${amount(job.done)}／${amount(job.total)}` : `${amount(job.done)}／${amount(job.total)} ${job.unit}`)}
          {left !== null && `，剩餘約 ${formatDuration(left)}`}
        </span>
      </div>
      <div className="job-progress-line">
        <Progress
          percent={known ? percent : 100}
          status={known ? 'normal' : 'active'}
          showInfo={known}
          size={{ height: 6 }}
          aria-label={job.title}
        />
        {onCancel && (
          <Button size="small" onClick={onCancel}>
            取消
          </Button>
        )}
      </div>
    </div>
  );
}
