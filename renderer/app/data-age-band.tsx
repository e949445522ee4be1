import { DisconnectOutlined } from '@ant-design/icons';
import { formatRocDateTime } from '../../domain/roc-date.ts';
import { formatAge } from '../components/format.ts';
import { useQueryOperation } from './backend.ts';

/** A quiet line while the city can't be reached: everything works, and this is how old it is. */
export function DataAgeBand() {
  const overview = useQueryOperation('sync.overview', {});
  if (overview.data?.online !== false) return null;
  const { lastCompleteAt, waiting } = overview.data;
  return (
    <p className="offline-band" role="status">
      <DisconnectOutlined aria-hidden /> 離線中，
      {lastCompleteAt ? (
        <span title={formatRocDateTime(lastCompleteAt)}>顯示 {formatAge(lastCompleteAt)}同步的資料</span>
      ) : (
        '尚未同步過資料'
      )}
      ；可以照常作業{waiting > 0 && `，${waiting} 筆異動連線後送出`}。
    </p>
  );
}
