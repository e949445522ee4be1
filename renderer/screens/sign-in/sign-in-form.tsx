import { keepPreviousData } from '@tanstack/react-query';
import { Alert, Button, Input, type InputRef } from 'antd';
import { type FormEvent, useDeferredValue, useEffect, useRef, useState } from 'react';
import { useCommand, useQueryOperation } from '../../app/backend.ts';
import { type SessionStatus, takeSession, useSignedOutReason } from '../../app/session.ts';
import { ErrorNote } from '../../components/error-note.tsx';
import { CaptchaField, useCaptcha } from './captcha-field.tsx';
import { Field } from './field.tsx';
import { useWaiting } from './use-waiting.ts';

interface SignInFormProps {
  status: SessionStatus;
  /** With the password just used, in case it must be changed at once. */
  onSignedIn: (password: string) => void;
}

/** 帳號, 密碼, 驗證碼. */
export function SignInForm({ status, onSignedIn }: SignInFormProps) {
  const [accountName, setAccountName] = useState(status.defaultAccountName);
  const [password, setPassword] = useState('');
  const [letters, setLetters] = useState('');
  const passwordField = useRef<InputRef>(null);
  const signIn = useCommand('session.signIn');
  const waiting = useWaiting(signIn.error);
  const signedOut = useSignedOutReason();

  // Whether a 驗證碼 is asked for can depend on the account.
  const asked = useDeferredValue(accountName.trim());
  const ofAccount = useQueryOperation(
    'session.status',
    { accountName: asked },
    { enabled: asked !== '' && asked !== status.defaultAccountName, placeholderData: keepPreviousData },
  );
  const captchaNeeded = ofAccount.data?.captchaNeeded ?? status.captchaNeeded;
  const captcha = useCaptcha(captchaNeeded, letters === '');

  useEffect(() => passwordField.current?.focus(), []);

  const submit = async () => {
    const given = captchaNeeded && captcha.data ? { captcha: { id: captcha.data.id, text: letters } } : {};
    const session = await signIn.run({ accountName, password, ...given });
    if (session) {
      onSignedIn(password);
      takeSession(session);
      return;
    }
    setLetters('');
    void ofAccount.refetch();
    if (captchaNeeded) void captcha.refetch();
    passwordField.current?.select();
  };

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit();
  };

  return (
    <form onSubmit={onSubmit}>
      {signedOut && <Alert className="sign-in-trial" type="warning" showIcon title={signedOut} role="status" />}
      {status.trialFirstPassword && (
        <Alert
          className="sign-in-trial"
          type="info"
          title="這是試用學校，資料都是虛構的"
          description={
            <>
              第一次的密碼：<code className="unbroken">{status.trialFirstPassword}</code>
            </>
          }
          action={
            <Button
              size="small"
              onClick={() => {
                setAccountName(status.defaultAccountName);
                setPassword(status.trialFirstPassword ?? '');
              }}
            >
              帶入
            </Button>
          }
        />
      )}
      <Field label="帳號" htmlFor="account-name">
        <Input
          id="account-name"
          value={accountName}
          autoComplete="username"
          maxLength={100}
          onChange={(event) => setAccountName(event.target.value)}
        />
      </Field>
      <Field label="密碼" htmlFor="password">
        <Input.Password
          id="password"
          ref={passwordField}
          value={password}
          autoComplete="current-password"
          maxLength={1000}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      {captchaNeeded && <CaptchaField captcha={captcha} letters={letters} onLetters={setLetters} />}
      <ErrorNote error={signIn.error} />
      <Button
        type="primary"
        size="large"
        htmlType="submit"
        block
        loading={signIn.pending}
        disabled={waiting > 0 || accountName.trim() === '' || password === '' || (captchaNeeded && letters.trim() === '')}
      >
        {waiting > 0 ? `請等 ${waiting} 秒` : '登入'}
      </Button>
    </form>
  );
}
