import { Button } from 'antd';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import type { OutputOf } from '../../../main/features/contract.ts';
import { type SyncResourceName, syncItems } from '../../../main/features/sync/contract.ts';
import { formatAge, formatCount } from '../../components/index.ts';
import { inManualOrder } from './manual-order.ts';

type SyncItem = OutputOf<'sync.overview'>['items'][number];

const results = {
  done: { text: '完成', className: 'state-done' },
  failed: { text: '沒有完成', className: 'state-wrong' },
  cancelled: { text: '已取消', className: 'muted' },
} as const;

interface SyncTableProps {
  items: readonly SyncItem[];
  running: boolean;
  /** Absent for an account that may only look. */
  onRun?: (resource: SyncResourceName) => void;
}

/** The manual's table: 角色, 同步項目, 排程, and how the last run went. */
export function SyncTable({ items, running, onRun }: SyncTableProps) {
  return (
    <div className="sync-table">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">角色</th>
            <th scope="col">同步項目</th>
            <th scope="col">排程</th>
            <th scope="col">上次同步</th>
            <th scope="col" className="figure">
              筆數
            </th>
            <th scope="col" className="figure">
              問題
            </th>
            <th scope="col">結果</th>
            {onRun && <th scope="col" aria-label="立即同步" />}
          </tr>
        </thead>
        {inManualOrder(items).map(({ role, items: ofRole }) => (
          <tbody key={role}>
            {ofRole.map((item, index) => (
              <tr key={item.resource}>
                {index === 0 && (
                  <th scope="rowgroup" rowSpan={ofRole.length} className="sync-role">
                    {role}
                  </th>
                )}
                <td>{syncItems[item.resource].title}</td>
                <td className="muted">{syncItems[item.resource].schedule}</td>
                <td className="figure-left" title={item.lastFinishedAt ? formatAge(item.lastFinishedAt) : undefined}>
                  {item.lastFinishedAt ? formatRocDateTime(item.lastFinishedAt) : '—'}
                </td>
                <td className="figure">{item.lastFinishedAt ? formatCount(item.received) : '—'}</td>
                <td className={item.problems > 0 ? 'figure state-wrong' : 'figure'}>
                  {item.lastFinishedAt ? formatCount(item.problems) : '—'}
                </td>
                <td>
                  {item.lastResult && <span className={results[item.lastResult].className}>{results[item.lastResult].text}</span>}
                  {item.lastResult === 'failed' && item.lastError && <div className="sync-problem">{item.lastError}</div>}
                </td>
                {onRun && (
                  <td className="row-actions">
                    <Button
                      type="link"
                      size="small"
                      disabled={running}
                      aria-label={`立即同步${syncItems[item.resource].title}`}
                      onClick={() => onRun(item.resource)}
                    >
                      立即同步
                    </Button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}
