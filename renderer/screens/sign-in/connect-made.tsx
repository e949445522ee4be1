import { Alert, App, Button } from 'antd';
import { CopyText } from '../../components/copy-text.tsx';
import { RecoveryKeyShown } from '../backup/recovery-key-shown.tsx';
import type { OutputOfConnect } from './use-connect.ts';

/** What was made with the connection and is shown this once: the first password, and the 復原金鑰 to be printed. */
export default function ConnectMade({ made, onEnter }: { made: OutputOfConnect; onEnter: () => void }) {
  return (
    // Its messages: before sign-in there is no frame that shows them.
    <App>
      <h1 className="sign-in-title">已連線到{made.schoolName}</h1>
      <Alert
        type="warning"
        title={made.recoveryKey ? '請記下密碼並列印復原金鑰，離開這一頁後不會再顯示' : '請記下第一次登入的密碼，離開這一頁後不會再顯示'}
        description={
          <dl className="connect-made">
            <dt>帳號</dt>
            <dd>
              <CopyText label="帳號" text={made.accountName} monospace />
            </dd>
            {made.firstPassword && (
              <>
                <dt>密碼</dt>
                <dd>
                  <CopyText label="密碼" text={made.firstPassword} monospace />
                </dd>
              </>
            )}
          </dl>
        }
      />
      {made.recoveryKey && (
        <>
          <h2 className="connect-recovery">備份的復原金鑰</h2>
          <p className="muted">電腦損壞或更換時，靠它在另一台電腦打開備份。請列印後鎖在保險櫃。</p>
          <RecoveryKeyShown recoveryKey={made.recoveryKey} />
        </>
      )}
      <Button className="connect-enter" type="primary" size="large" block onClick={onEnter}>
        我記下了，前往登入
      </Button>
    </App>
  );
}
