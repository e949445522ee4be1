import { Alert } from 'antd';
import { lazy, Suspense } from 'react';
import { ErrorNote } from '../components/error-note.tsx';
import SignIn from '../screens/sign-in/index.tsx';
import { useBackendEvents } from './connection.ts';
import { OfficeContext, useSessionStatus } from './session.ts';

/** Not needed before someone is in: the sign-in page must be there at once. */
const Frame = lazy(() => import('./frame.tsx'));

const Rescue = lazy(() => import('../screens/backup/rescue.tsx'));

/** The school cannot be opened, and a backup can take its place. */
const needsRescue: ReadonlySet<string> = new Set(['database.damaged', 'secrets.lost', 'secrets.sealed']);

/** The window: the way in, or the frame with its screens. */
export function Window() {
  const connected = useBackendEvents();
  const status = useSessionStatus();

  if (!status.data) {
    return (
      <div className="window-waiting">
        {status.error && needsRescue.has(status.error.code) ? (
          <main className="sign-in-card">
            <Suspense>
              <Rescue failure={status.error} onRestored={() => void status.refetch()} />
            </Suspense>
          </main>
        ) : status.error ? (
          <ErrorNote error={status.error} onRetry={() => void status.refetch()} />
        ) : (
          <p className="muted" role="status">
            開啟中…
          </p>
        )}
      </div>
    );
  }
  const { session } = status.data;
  return (
    <>
      {!connected && <Alert banner type="warning" title="與程式的連線中斷，正在重新連線。沒有存檔的內容還在畫面上。" />}
      {session && !session.mustChangePassword ? (
        <OfficeContext value={{ ...status.data, session }}>
          <Suspense fallback={<div className="window-waiting" />}>
            <Frame />
          </Suspense>
        </OfficeContext>
      ) : (
        <SignIn status={status.data} />
      )}
    </>
  );
}
