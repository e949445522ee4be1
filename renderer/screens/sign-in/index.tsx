import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import type { SessionStatus } from '../../app/session.ts';
import { SignInForm } from './sign-in-form.tsx';
import type { OutputOfConnect } from './use-connect.ts';

const ChangePassword = lazy(() => import('./change-password.tsx'));
const Connect = lazy(() => import('./connect.tsx'));
const ConnectMade = lazy(() => import('./connect-made.tsx'));

/** 登入 (manual 1.1): connecting the school at the very first start, signing in, and the first change of password. */
export default function SignIn({ status }: { status: SessionStatus }) {
  /** Kept until the first change of password, so that it needn't be typed twice. */
  const [password, setPassword] = useState('');
  /** Stays until the clerk has it on paper, though the school is connected already. */
  const [made, setMade] = useState<OutputOfConnect | null>(null);

  useEffect(() => {
    document.title = '登入｜學習歷程檔案校管理端';
  }, []);

  let step: ReactNode = <SignInForm status={status} onSignedIn={setPassword} />;
  if (made) step = <ConnectMade made={made} onEnter={() => setMade(null)} />;
  else if (!status.connected) step = <Connect onMade={setMade} />;
  else if (status.session?.mustChangePassword) step = <ChangePassword session={status.session} currentPassword={password} />;

  return (
    <main className="sign-in-page">
      <div className="sign-in-card">
        <p className="sign-in-product">臺北市學生學習歷程檔案系統　校管理端</p>
        {status.connected && !made && (
          <p className="sign-in-school">
            <strong>{status.schoolName}</strong> <span className="figure">{status.schoolCode}</span>
          </p>
        )}
        <Suspense>{step}</Suspense>
      </div>
    </main>
  );
}
