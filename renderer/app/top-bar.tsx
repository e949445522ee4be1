import { DownOutlined, LockOutlined, LogoutOutlined, QuestionCircleOutlined, SearchOutlined, UserOutlined } from '@ant-design/icons';
import { Button, Dropdown, Tooltip } from 'antd';
import { Link } from 'wouter';
import { describeTerm } from '../../domain/term.ts';
import { useCommand } from './backend.ts';
import { JobTray } from './job-tray.tsx';
import { takeSession, useOffice } from './session.ts';
import { SyncIndicator } from './sync-indicator.tsx';
import { TermSelect, useViewedTerm } from './viewed-term.tsx';

interface TopBarProps {
  onFind: () => void;
  onHelp: () => void;
  onLock: () => void;
}

/** The school and term, the student search, the state of the sync, the jobs, and whose window it is. */
export function TopBar({ onFind, onHelp, onLock }: TopBarProps) {
  const { schoolName, schoolCode, session } = useOffice();
  const { term } = useViewedTerm();
  const signOut = useCommand('session.signOut');

  return (
    <header className="top-bar">
      <Link href="/" className="top-school">
        <strong>{schoolName}</strong>
        <span className="figure">{schoolCode}</span>
      </Link>
      <Tooltip title={`${describeTerm(term)}：各畫面查看的學年期`} placement="right">
        <span className="top-term">
          <TermSelect variant="borderless" />
        </span>
      </Tooltip>
      <button type="button" className="top-find" onClick={onFind} aria-keyshortcuts="Control+K">
        <SearchOutlined aria-hidden />
        <span>找學生：學號、姓名、班級</span>
        <kbd aria-hidden>Ctrl+K</kbd>
      </button>
      <div className="top-right">
        <SyncIndicator />
        <JobTray />
        <Tooltip title="本頁說明（F1）">
          <Button type="text" aria-label="本頁說明" icon={<QuestionCircleOutlined />} onClick={onHelp} />
        </Tooltip>
        <Dropdown
          trigger={['click']}
          placement="bottomRight"
          menu={{
            items: [
              { key: 'account', label: session.accountName, disabled: true },
              { type: 'divider' },
              { key: 'lock', icon: <LockOutlined />, label: '鎖定畫面', extra: 'Ctrl+L', onClick: onLock },
              {
                key: 'signOut',
                icon: <LogoutOutlined />,
                label: '登出',
                onClick: () => void signOut.run({}).then((done) => done && takeSession(null)),
              },
            ],
          }}
        >
          <Button type="text" icon={<UserOutlined />}>
            {session.displayName}
            <DownOutlined className="small-icon" />
          </Button>
        </Dropdown>
      </div>
    </header>
  );
}
