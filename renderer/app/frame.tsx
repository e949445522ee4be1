import { App, Skeleton } from 'antd';
import { Suspense, useEffect, useState } from 'react';
import { matchRoute, Redirect, Route, Switch, useLocation, useRouter } from 'wouter';
import { PageFrame } from '../components/page-frame.tsx';
import { useShortcut } from '../components/use-shortcut.ts';
import { AuditBand } from './audit-band.tsx';
import { call, refreshAll } from './backend.ts';
import { BackupBand } from './backup-band.tsx';
import { reloadJobs } from './connection.ts';
import { DataAgeBand } from './data-age-band.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { FindStudent } from './find-student.tsx';
import { HelpDrawer } from './help-drawer.tsx';
import { LockScreen } from './lock-screen.tsx';
import { queryClient } from './query-client.ts';
import { maySee, screens } from './screens.tsx';
import { takeSession, useOffice } from './session.ts';
import { SideMenu } from './side-menu.tsx';
import { TopBar } from './top-bar.tsx';
import { LeavingQuestion } from './unsaved-changes.tsx';
import { useIdle } from './use-idle.ts';
import { ViewedTermProvider } from './viewed-term.tsx';

/** The window of someone signed in: top bar, menu, the screen, and what lies over it (search, help, lock). */
export default function Frame() {
  const office = useOffice();
  const { session } = office;
  const [path] = useLocation();
  const { parser } = useRouter();
  const [finding, setFinding] = useState(false);
  const [helping, setHelping] = useState(false);

  const lock = () => {
    if (session.locked) return;
    // The cover goes up at once; the backend's answer only confirms it.
    takeSession({ ...session, locked: true });
    call('session.lock', {}).catch(() => queryClient.invalidateQueries({ queryKey: ['session.status'] }));
  };

  useEffect(() => void reloadJobs(), []);
  useIdle(office.idleMinutes, lock);
  useShortcut({ key: 'l', mod: true }, lock);
  useShortcut({ key: 'k', mod: true }, () => setFinding(true), !session.locked);
  useShortcut({ key: 'F1' }, () => setHelping(true), !session.locked);
  useShortcut({ key: 'F5' }, () => void refreshAll(), !session.locked);

  const allowed = screens.filter((screen) => maySee(session, screen));
  const current = screens.find((screen) => matchRoute(parser, screen.path, path)[0]);

  return (
    <App className="app-root" message={{ duration: 5 }}>
      <ViewedTermProvider>
        <div className="frame">
          <button type="button" className="skip-link" onClick={() => document.getElementById('page')?.focus()}>
            跳到主要內容
          </button>
          <TopBar onFind={() => setFinding(true)} onHelp={() => setHelping(true)} onLock={lock} />
          <div className="frame-body">
            <SideMenu />
            <div id="page" className="frame-page" tabIndex={-1}>
              <BackupBand />
              <DataAgeBand />
              <AuditBand />
              <ErrorBoundary resetKey={path}>
                <Suspense fallback={<PageSkeleton title={current?.title ?? ''} />}>
                  <Switch>
                    {allowed.map(({ path: at, component: Screen }) => (
                      <Route key={at} path={at}>
                        <Screen />
                      </Route>
                    ))}
                    <Route>
                      <Redirect to="/" replace />
                    </Route>
                  </Switch>
                </Suspense>
              </ErrorBoundary>
            </div>
          </div>
        </div>
      </ViewedTermProvider>
      <FindStudent open={finding} onClose={() => setFinding(false)} />
      <HelpDrawer open={helping} screen={current ?? screens[0]!} onClose={() => setHelping(false)} />
      <LeavingQuestion />
      {session.locked && <LockScreen />}
    </App>
  );
}

function PageSkeleton({ title }: { title: string }) {
  return (
    <PageFrame title={title}>
      <Skeleton active paragraph={{ rows: 10 }} />
    </PageFrame>
  );
}
