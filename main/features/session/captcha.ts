import { randomInt, randomUUID } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { captchaLetters, drawCaptcha } from './captcha-drawing.ts';

const letterCount = 4;
const lifetimeMilliseconds = 5 * 60_000;
/** More at once than any office opens; the oldest makes room. */
const mostKept = 200;

/** 驗證碼 given out and not used yet. Each can be tried once, for five minutes. */
export interface Captchas {
  make: () => { id: string; svg: string };
  /** The letters one by one, `R O H Q`. @throws `session.captchaWrong` when it is used, too old or unknown */
  aloud: (id: string) => string;
  /** Uses one up. @throws `session.captchaWrong` */
  check: (given: { id: string; text: string } | undefined) => void;
}

const gone = () => new ApplicationError('session.captchaWrong', '驗證碼已失效，請換一張再輸入一次。');

export function createCaptchas(clock: Clock): Captchas {
  const kept = new Map<string, { text: string; expiresAt: number }>();
  const find = (id: string): string => {
    const captcha = kept.get(id);
    if (!captcha || captcha.expiresAt <= clock.now().getTime()) throw gone();
    return captcha.text;
  };
  return {
    make: () => {
      const now = clock.now().getTime();
      for (const [id, { expiresAt }] of kept) {
        if (expiresAt > now && kept.size < mostKept) break;
        kept.delete(id);
      }
      const id = randomUUID();
      const text = Array.from({ length: letterCount }, () => captchaLetters[randomInt(captchaLetters.length)]).join('');
      kept.set(id, { text, expiresAt: now + lifetimeMilliseconds });
      return { id, svg: drawCaptcha(text, Math.random) };
    },
    aloud: (id) => [...find(id)].join(' '),
    check: (given) => {
      if (!given || given.text.trim() === '') throw new ApplicationError('session.captchaWrong', '請輸入圖中的四個字母（驗證碼）。');
      const text = find(given.id);
      kept.delete(given.id);
      const typed = given.text.normalize('NFKC').replace(/\s/g, '').toUpperCase();
      if (typed !== text) throw new ApplicationError('session.captchaWrong', '驗證碼不正確，請看新的一張再輸入一次。');
    },
  };
}
