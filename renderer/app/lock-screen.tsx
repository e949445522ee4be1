import { LockOutlined } from '@ant-design/icons';
import { Button, Input, type InputRef } from 'antd';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { ErrorNote } from '../components/error-note.tsx';
import { Field } from '../screens/sign-in/field.tsx';
import { useWaiting } from '../screens/sign-in/use-waiting.ts';
import { useCommand } from './backend.ts';
import { takeSession, useOffice } from './session.ts';

/** Covers the window until the same person is back; what was typed lies untouched beneath. */
export function LockScreen() {
  const { session, schoolName } = useOffice();
  const unlock = useCommand('session.unlock');
  const signOut = useCommand('session.signOut');
  const [password, setPassword] = useState('');
  const dialog = useRef<HTMLDialogElement>(null);
  const field = useRef<InputRef>(null);
  const waiting = useWaiting(unlock.error);

  useEffect(() => {
    // Everything else becomes inert, an open drawer that holds on to the focus included.
    dialog.current?.showModal();
    field.current?.focus();
  }, []);

  const submit = async () => {
    const answer = await unlock.run({ password });
    if (answer) return takeSession(answer);
    setPassword('');
    field.current?.focus();
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit();
  };

  return (
    <dialog ref={dialog} className="sign-in-page lock-screen" aria-label="畫面已鎖定" onCancel={(event) => event.preventDefault()}>
      <div className="sign-in-card">
        <h1 className="sign-in-title">
          <LockOutlined aria-hidden /> 畫面已鎖定
        </h1>
        <p className="muted">
          {schoolName}　{session.displayName}（{session.accountName}）。尚未存檔的內容都還在。
        </p>
        <form onSubmit={onSubmit}>
          <Field label="密碼" htmlFor="unlock-password">
            <Input.Password
              id="unlock-password"
              ref={field}
              value={password}
              autoComplete="current-password"
              maxLength={1000}
              onChange={(event) => setPassword(event.target.value)}
            />
          </Field>
          <ErrorNote error={unlock.error ?? signOut.error} />
          <Button type="primary" htmlType="submit" block loading={unlock.pending} disabled={password === '' || waiting > 0}>
            {waiting > 0 ? `請等 ${waiting} 秒` : '解除鎖定'}
          </Button>
          <Button type="link" block onClick={() => void signOut.run({}).then((done) => done && takeSession(null))}>
            換人登入（未存檔的內容會清除）
          </Button>
        </form>
      </div>
    </dialog>
  );
}
