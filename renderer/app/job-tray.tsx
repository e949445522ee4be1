import { CloseOutlined, LoadingOutlined, ProfileOutlined } from '@ant-design/icons';
import { Badge, Button, Empty, Popover } from 'antd';
import { useState, useSyncExternalStore } from 'react';
import { Link } from 'wouter';
import type { JobState } from '../../main/application/contract.ts';
import { formatMoment } from '../components/format.ts';
import { JobProgress } from '../components/job-progress.tsx';
import { cancelJob, dismissJob } from './backend.ts';
import { outgoingOf } from './job-outcome.ts';
import { jobStore } from './job-store.ts';
import { useSaveFile } from './save-file.ts';
import { type Screen, screens } from './screens.tsx';

/** Where a job's feature has its screen: under the feature's name. */
function screenOf({ operation }: JobState): Screen | undefined {
  const feature = operation.slice(0, operation.indexOf('.'));
  const path = `/${feature.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return screens.find((screen) => screen.path === path);
}

/** Every running and finished job: progress, cancel, and what came of it. Jobs go on when the screen is left. */
export function JobTray() {
  const jobs = useSyncExternalStore(jobStore.subscribe, jobStore.all);
  const [open, setOpen] = useState(false);
  const running = jobs.filter((job) => job.state === 'running').length;
  const failed = jobs.some((job) => job.state === 'failed' || job.state === 'interrupted');

  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      placement="bottomRight"
      content={
        <section className="job-tray" aria-label="作業">
          {jobs.length === 0 ? (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="沒有進行中或剛完成的作業" />
          ) : (
            <ul>
              {jobs.slice(0, 20).map((job) => (
                <JobEntry key={job.id} job={job} onLeave={() => setOpen(false)} />
              ))}
            </ul>
          )}
        </section>
      }
    >
      <Badge dot={failed && running === 0} offset={[-6, 6]}>
        <Button type="text" icon={running > 0 ? <LoadingOutlined /> : <ProfileOutlined />}>
          {running > 0 ? `${running} 項作業` : '作業'}
        </Button>
      </Badge>
    </Popover>
  );
}

const outcomes: Record<Exclude<JobState['state'], 'running'>, { text: string; className: string }> = {
  done: { text: '完成', className: 'state-done' },
  failed: { text: '沒有完成', className: 'state-wrong' },
  cancelled: { text: '已取消', className: 'muted' },
  interrupted: { text: '中斷', className: 'state-wrong' },
};

function JobEntry({ job, onLeave }: { job: JobState; onLeave: () => void }) {
  const saveFile = useSaveFile();
  const file = outgoingOf(job);
  const screen = screenOf(job);
  return (
    <li>
      <div className="job-line">
        <strong>{job.title}</strong>
        {job.state !== 'running' && (
          <>
            <span className={outcomes[job.state].className}>{outcomes[job.state].text}</span>
            <span className="muted figure">{formatMoment(job.finishedAt ?? job.startedAt)}</span>
            <Button
              type="text"
              size="small"
              aria-label={`移除${job.title}`}
              icon={<CloseOutlined />}
              onClick={() => void dismissJob(job)}
            />
          </>
        )}
      </div>
      <JobProgress job={job} onCancel={() => void cancelJob(job.id)} />
      {job.error && job.state !== 'cancelled' && (
        <p className="job-problem">
          {job.error.message} <span className="error-code">代碼 {job.error.code}</span>
        </p>
      )}
      {(file || screen) && (
        <div className="job-line">
          {file && (
            <Button size="small" onClick={() => void saveFile(file)}>
              儲存 {file.name}
            </Button>
          )}
          {screen && (
            <Link href={screen.path} onClick={onLeave}>
              開啟{screen.title}
            </Link>
          )}
        </div>
      )}
    </li>
  );
}
