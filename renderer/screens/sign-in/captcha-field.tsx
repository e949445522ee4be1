import { ReloadOutlined, SoundOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { CallError, call, useQueryOperation } from '../../app/backend.ts';
import { Field } from './field.tsx';
import { readAloud } from './read-aloud.ts';

/** A 驗證碼 is good for five minutes; a new one comes before that while nothing is typed yet. */
const renewAfter = 4 * 60_000;

export function useCaptcha(needed: boolean, untouched: boolean) {
  return useQueryOperation(
    'session.newCaptcha',
    {},
    { enabled: needed, staleTime: Number.POSITIVE_INFINITY, refetchInterval: untouched ? renewAfter : false },
  );
}

interface CaptchaFieldProps {
  captcha: ReturnType<typeof useCaptcha>;
  letters: string;
  onLetters: (letters: string) => void;
}

/** 驗證碼: four drawn letters, another picture, and the letters read aloud. */
export function CaptchaField({ captcha, letters, onLetters }: CaptchaFieldProps) {
  const [silence, setSilence] = useState<string | null>(null);
  const listen = async () => {
    if (!captcha.data) return;
    setSilence(null);
    try {
      const { text } = await call('session.readCaptchaAloud', { id: captcha.data.id });
      await readAloud(text);
    } catch (error) {
      setSilence(CallError.from(error).message);
    }
  };
  return (
    <Field label="驗證碼" htmlFor="captcha" problem={captcha.error?.message ?? silence ?? undefined}>
      <div className="captcha">
        <Input
          id="captcha"
          value={letters}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={8}
          placeholder="四個字母"
          onChange={(event) => onLetters(event.target.value)}
        />
        <span className="captcha-picture">
          {captcha.data && <img alt="驗證碼圖片，看不清楚可以換一張或聽讀音" src={pictureOf(captcha.data.svg)} />}
        </span>
        <Button
          title="換一張"
          aria-label="換一張驗證碼"
          icon={<ReloadOutlined />}
          onClick={() => {
            onLetters('');
            void captcha.refetch();
          }}
        />
        <Button title="唸給我聽" aria-label="朗讀驗證碼" icon={<SoundOutlined />} onClick={() => void listen()} />
      </div>
    </Field>
  );
}

/** As a picture, so that nothing in it can run or be selected. */
const pictureOf = (svg: string) => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
