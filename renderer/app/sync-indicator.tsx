import { CheckCircleOutlined, DisconnectOutlined, ExclamationCircleOutlined, SyncOutlined } from '@ant-design/icons';
import { Tooltip } from 'antd';
import { Link } from 'wouter';
import { formatRocDateTime } from '../../domain/roc-date.ts';
import { formatMoment } from '../components/format.ts';
import { useShortcut } from '../components/use-shortcut.ts';
import { mayUse, useOffice } from './session.ts';
import { useSyncState } from './sync-state.ts';

/** ● 已同步 09:12 · 待送 2: a link to 同步作業. Ctrl+Shift+S synchronises. */
export function SyncIndicator() {
  const { session } = useOffice();
  const { overview, job } = useSyncState();
  const mayRun = mayUse(session, 'S0225S', 'update');
  useShortcut({ key: 's', mod: true, shift: true }, () => void job.start({}), mayRun && !job.running);

  if (!overview) return null;
  const failed = overview.items.some((item) => item.lastResult === 'failed');
  const state = job.running
    ? 'running'
    : overview.online === false
      ? 'offline'
      : failed
        ? 'failed'
        : overview.lastCompleteAt
          ? 'done'
          : 'never';
  const shown = {
    running: { icon: <SyncOutlined spin />, text: '同步中', className: 'sync-running' },
    offline: { icon: <DisconnectOutlined />, text: '離線', className: 'sync-offline' },
    failed: { icon: <ExclamationCircleOutlined />, text: '同步未完成', className: 'sync-failed' },
    done: {
      icon: <CheckCircleOutlined />,
      text: overview.lastCompleteAt ? `已同步 ${formatMoment(overview.lastCompleteAt)}` : '',
      className: 'sync-done',
    },
    never: { icon: <ExclamationCircleOutlined />, text: '尚未同步', className: 'sync-offline' },
  }[state];
  const content = (
    <>
      <span className={shown.className} aria-hidden>
        {shown.icon}
      </span>
      <span>{shown.text}</span>
      {overview.waiting > 0 && <span>· 待送 {overview.waiting}</span>}
      {overview.disputed > 0 && <span className="sync-failed">· 待處理 {overview.disputed}</span>}
    </>
  );
  const when = overview.lastCompleteAt ? `上次全部同步 ${formatRocDateTime(overview.lastCompleteAt)}` : '尚未全部同步過';
  return (
    <Tooltip title={mayRun ? `${when}（Ctrl+Shift+S 立即同步）` : when}>
      {mayUse(session, 'S0225S') ? (
        <Link href="/sync" className="top-sync figure">
          {content}
        </Link>
      ) : (
        <span className="top-sync figure">{content}</span>
      )}
    </Tooltip>
  );
}
