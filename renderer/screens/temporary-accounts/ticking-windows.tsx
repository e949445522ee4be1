import type { UseQueryResult } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useLocation } from 'wouter';
import { operationWindowItemNames } from '../../../domain/office-settings.ts';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import type { OutputOf } from '../../../main/features/contract.ts';
import type { CallError } from '../../app/backend.ts';
import { ErrorNote } from '../../components/index.ts';

export type Ticking = OutputOf<'temporaryAccounts.ticking'>;

/** The 勾選時間 that accounts live within, or the manual's sentence and the way to set one (§3.17). */
export function TickingWindows({ ticking }: { ticking: UseQueryResult<Ticking, CallError> }) {
  const [, go] = useLocation();
  if (ticking.error) return <ErrorNote error={ticking.error} onRetry={() => void ticking.refetch()} />;
  if (!ticking.data) return null;
  if (ticking.data.windows.length === 0) {
    return (
      <Alert
        type="warning"
        showIcon
        title="學校未設定勾選時間，無法開通學生帳號。"
        action={
          <Button size="small" onClick={() => go('/schedule')}>
            設定學校作業時間
          </Button>
        }
      />
    );
  }
  return (
    <ul className="ticking-windows" aria-label="開放中的勾選時間">
      {ticking.data.windows.map(({ item, academicYear, opensAt, closesAt }) => (
        <li key={`${item} ${academicYear}`}>
          <span>
            {academicYear} 學年度{operationWindowItemNames[item]}
          </span>
          <span className="figure">
            {formatRocDateTime(opensAt)} ~ {formatRocDateTime(closesAt)}
          </span>
        </li>
      ))}
    </ul>
  );
}
