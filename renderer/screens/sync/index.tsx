import { SyncOutlined } from '@ant-design/icons';
import { App, Button, Skeleton } from 'antd';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import type { SyncResourceName } from '../../../main/features/sync/contract.ts';
import { useCommand } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { useSyncState } from '../../app/sync-state.ts';
import { ErrorNote, formatAge, formatCount, JobProgress, PageFrame } from '../../components/index.ts';
import { OfficeChanges, SyncProblems } from './office-changes.tsx';
import { SyncTable } from './sync-table.tsx';

/** 同步作業 (manual 2.1): what comes from the city, when, how it went, and 立即同步. */
export default function Sync() {
  const { session } = useOffice();
  const { message } = App.useApp();
  const { overview, error, refetch, job } = useSyncState();
  const check = useCommand('sync.checkConnection');
  const mayRun = mayUse(session, 'S0225S', 'update');

  const run = async (resources?: SyncResourceName[]) => {
    const result = await job.start(resources ? { resources } : {});
    if (!result) return;
    const received = result.resources.reduce((sum, resource) => sum + resource.received, 0);
    message.success(received === 0 ? '已是最新資料' : `同步完成，收到 ${formatCount(received)} 筆`);
  };
  const checkConnection = async () => {
    if (await check.run({})) message.success('連線正常');
  };

  return (
    <PageFrame
      title="同步作業"
      meaning={
        overview && (
          <>
            {overview.lastCompleteAt ? (
              <span title={formatRocDateTime(overview.lastCompleteAt)}>上次全部同步：{formatAge(overview.lastCompleteAt)}</span>
            ) : (
              '尚未全部同步過'
            )}
            {overview.nextRunAt && <>；下次：{formatRocDateTime(overview.nextRunAt).slice(0, -3)}</>}
            {overview.waiting > 0 ? `；${formatCount(overview.waiting)} 筆異動待送` : '；沒有待送的異動'}
          </>
        )
      }
      actions={
        <>
          <Button loading={check.pending} onClick={() => void checkConnection()}>
            檢查連線
          </Button>
          {mayRun && (
            <Button type="primary" icon={<SyncOutlined />} disabled={job.running} onClick={() => void run()}>
              全部立即同步
            </Button>
          )}
        </>
      }
    >
      <ErrorNote error={check.error} onRetry={() => void checkConnection()} onClose={check.reset} />
      <ErrorNote error={job.error} onRetry={mayRun ? () => void run() : undefined} onClose={job.reset} />
      <ErrorNote error={error} onRetry={() => void refetch()} />
      <JobProgress job={job.job} onCancel={mayRun ? job.cancel : undefined} />
      {overview ? (
        <SyncTable items={overview.items} running={job.running} onRun={mayRun ? (resource) => void run([resource]) : undefined} />
      ) : (
        !error && <Skeleton active paragraph={{ rows: 14 }} />
      )}
      <OfficeChanges />
      {mayUse(session, 'S0225S') && <SyncProblems />}
    </PageFrame>
  );
}
