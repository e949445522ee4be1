import { CheckCircleFilled, MinusCircleOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import type { SignedIn } from '../../../main/features/session/contract.ts';
import { useCommand } from '../../app/backend.ts';
import { takeSession } from '../../app/session.ts';
import { ErrorNote } from '../../components/error-note.tsx';
import { Field } from './field.tsx';
import { passwordHints } from './password-hints.ts';

interface ChangePasswordProps {
  session: SignedIn;
  /** Empty when the page was loaded again since signing in: then it is asked for. */
  currentPassword: string;
}

/** The first sign-in asks for a password of one's own. */
export default function ChangePassword({ session, currentPassword }: ChangePasswordProps) {
  const [current, setCurrent] = useState(currentPassword);
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [leftAgain, setLeftAgain] = useState(false);
  const change = useCommand('session.changePassword');
  const signOut = useCommand('session.signOut');

  const hints = passwordHints(next, current, session.accountName);
  const differs = again !== '' && again !== next;
  const ready = current !== '' && hints.every((hint) => hint.met) && again === next;

  const submit = async () => {
    const changed = await change.run({ currentPassword: current, newPassword: next });
    if (changed) takeSession(changed);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit();
  };

  return (
    <form onSubmit={onSubmit}>
      <h1 className="sign-in-title">第一次登入，請設定自己的密碼</h1>
      <p className="muted">帳號 {session.accountName}。之後都用新密碼登入。</p>
      {currentPassword === '' && (
        <Field label="目前的密碼" htmlFor="current-password">
          <Input.Password
            id="current-password"
            value={current}
            autoComplete="current-password"
            onChange={(event) => setCurrent(event.target.value)}
          />
        </Field>
      )}
      <Field label="新密碼" htmlFor="new-password">
        <Input.Password
          id="new-password"
          autoFocus
          value={next}
          autoComplete="new-password"
          aria-describedby="password-hints"
          onChange={(event) => setNext(event.target.value)}
        />
        <ul id="password-hints" className="password-hints">
          {hints.map((hint) => (
            <li key={hint.text} className={hint.met ? 'state-done' : 'muted'}>
              {hint.met ? <CheckCircleFilled aria-label="符合" /> : <MinusCircleOutlined aria-label="尚未符合" />} {hint.text}
            </li>
          ))}
        </ul>
      </Field>
      <Field label="再輸入一次新密碼" htmlFor="new-password-again" problem={differs && leftAgain ? '兩次輸入的新密碼不同' : undefined}>
        <Input.Password
          id="new-password-again"
          value={again}
          autoComplete="new-password"
          onBlur={() => setLeftAgain(true)}
          onChange={(event) => {
            setAgain(event.target.value);
            setLeftAgain(false);
          }}
        />
      </Field>
      <ErrorNote error={change.error ?? signOut.error} />
      <Button type="primary" size="large" htmlType="submit" block loading={change.pending} disabled={!ready}>
        儲存新密碼並進入
      </Button>
      <Button type="link" block onClick={() => void signOut.run({}).then((done) => done && takeSession(null))}>
        回登入頁
      </Button>
    </form>
  );
}
