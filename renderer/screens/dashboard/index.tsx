import { Skeleton } from 'antd';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import { describeTerm } from '../../../domain/term.ts';
import { useQueryOperation } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { ErrorNote, formatAge, formatCount, PageFrame } from '../../components/index.ts';
import { ClassProgress } from './class-progress.tsx';
import { DutyList } from './duty-list.tsx';
import { WindowList } from './window-list.tsx';

/** 首頁: what the office has to do today. */
export default function Dashboard() {
  const { term, session } = useOffice();
  const overview = useQueryOperation('dashboard.overview', {});
  const data = overview.data;
  return (
    <PageFrame
      title="首頁"
      meaning={
        data && (
          <>
            {describeTerm(term)}，在學學生 {formatCount(data.students)} 人；
            {data.lastSyncAt ? (
              <span title={formatRocDateTime(data.lastSyncAt)}>上次同步：{formatAge(data.lastSyncAt)}</span>
            ) : (
              '尚未同步過資料'
            )}
          </>
        )
      }
    >
      <ErrorNote error={overview.error} onRetry={() => void overview.refetch()} />
      {overview.isPending && <Skeleton active paragraph={{ rows: 12 }} />}
      {data && (
        <div className="dashboard">
          <DutyList overview={data} />
          <WindowList windows={data.windows} />
          {mayUse(session, 'S0205S') && <ClassProgress classes={data.classes} />}
        </div>
      )}
    </PageFrame>
  );
}
