import { formatRocDateTime } from '../../../domain/roc-date.ts';
import type { OutputOf } from '../../../main/features/contract.ts';
import { useQueryOperation } from '../../app/backend.ts';
import { formatCount, type OpenedRow, RowDrawer } from '../../components/index.ts';
import { KindsTable } from './kinds-table.tsx';

interface PurgeDrawerProps {
  opened: OpenedRow | null;
  onOpen: (row: OpenedRow | null) => void;
}

/** 明細 of one purge: who, when, why, how much of what. Whom it was about is known nowhere any more. */
export function PurgeDrawer({ opened, onOpen }: PurgeDrawerProps) {
  const details = useQueryOperation('retention.purgeDetail', { id: opened?.id ?? '' }, { enabled: opened !== null });
  return (
    <RowDrawer title="清除紀錄明細" width={640} opened={opened} onOpen={onOpen} details={details}>
      {(purge) => <Purge purge={purge} />}
    </RowDrawer>
  );
}

function Purge({ purge }: { purge: OutputOf<'retention.purgeDetail'> }) {
  const { createdAt, createdBy, keptYears, reason, students } = purge;
  return (
    <>
      <dl className="retention-purge">
        <dt>清除時間</dt>
        <dd className="figure-left">{formatRocDateTime(createdAt)}</dd>
        <dt>清除人員</dt>
        <dd>{createdBy}</dd>
        <dt>學生人數</dt>
        <dd className="figure-left">{formatCount(students)} 位</dd>
        <dt>保存期限</dt>
        <dd>離校後 {keptYears} 學年</dd>
        <dt>原因</dt>
        <dd>{reason}</dd>
      </dl>
      <h3>清除的資料</h3>
      <KindsTable counts={purge.counts} />
      <p className="muted">清除的是哪些學生，本機不再有任何紀錄；稽核紀錄只留代號。</p>
    </>
  );
}
