import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { waitAfter } from '../../main/features/session/attempts.ts';
import { captchaLetters } from '../../main/features/session/captcha-drawing.ts';
import { addTeacherAccount, administratorPassword, answer, newSchool, refusal } from './office.ts';

type School = Awaited<ReturnType<typeof newSchool>>;
let school: School;
let signedInAtWindow: number;

beforeEach(async () => {
  signedInAtWindow = 0;
  school = await newSchool({
    onSignedIn: () => {
      signedInAtWindow += 1;
    },
  });
});
afterEach(() => school.remove());

/** What a person reads off the picture. */
async function readCaptcha() {
  const { id, svg } = answer(await school.office.call('session.newCaptcha', {}));
  const { text } = answer(await school.office.call('session.readCaptchaAloud', { id }));
  return { id, svg, text: text.replaceAll(' ', '') };
}

async function signInAtWindow(password = administratorPassword) {
  const { id, text } = await readCaptcha();
  return school.office.call('session.signIn', { accountName: '999999adm', password, captcha: { id, text } });
}

describe('the page before sign-in', () => {
  test('given a school, then it names the school, its account and that a captcha is needed', async () => {
    const status = answer(await school.office.call('session.status', {}));
    expect(status).toMatchObject({
      connected: true,
      schoolCode: '999999',
      schoolName: '測試高中',
      defaultAccountName: '999999adm',
      captchaNeeded: true,
      trialFirstPassword: null,
      term: { academicYear: 115, semester: 1 },
      session: null,
    });
  });

  test('given a trial school whose first password was not changed, then the page shows it until it is', async () => {
    const { office } = school;
    await office.write(() => {
      office.settings.set('school.trial', true);
      office.settings.set('trial.firstPassword', administratorPassword);
    });
    expect(answer(await office.call('session.status', {})).trialFirstPassword).toBe(administratorPassword);
    answer(await signInAtWindow());
    const newPassword = '另一個-好記的-密碼';
    answer(await office.call('session.changePassword', { currentPassword: administratorPassword, newPassword }));
    expect(answer(await office.call('session.status', {})).trialFirstPassword).toBeNull();
  });
});

describe('驗證碼', () => {
  test('is four drawn letters without look-alikes and without any text to copy', async () => {
    const { svg, text } = await readCaptcha();
    expect(text).toHaveLength(4);
    expect(captchaLetters).toEqual(expect.arrayContaining([...text]));
    for (const alike of 'IOQSZBG') expect(captchaLetters).not.toContain(alike);
    expect(svg).toMatch(/^<svg xmlns=/);
    expect(svg).not.toContain('<text');
    expect(svg).not.toContain(text);
  });

  test('right letters in lower case and full width sign in, and the window is told who it is', async () => {
    const { id, text } = await readCaptcha();
    const fullWidth = [...text].map((letter) => String.fromCodePoint(letter.codePointAt(0)! + 0xfee0)).join('');
    const outcome = await school.office.call('session.signIn', {
      accountName: ' 999999adm ',
      password: administratorPassword,
      captcha: { id, text: fullWidth.toLowerCase() },
    });
    expect(answer(outcome)).toMatchObject({
      accountName: '999999adm',
      displayName: '測試高中-學校管理',
      administrator: true,
      locked: false,
    });
    expect(answer(outcome).rights.S0219S).toEqual(['view', 'create', 'update', 'delete']);
    expect(signedInAtWindow).toBe(1);
  });

  test('wrong letters are refused before the password counts, and use the picture up', async () => {
    const { id, text } = await readCaptcha();
    const attempt = (letters: string) =>
      school.office.call('session.signIn', {
        accountName: '999999adm',
        password: administratorPassword,
        captcha: { id, text: letters },
      });
    expect(refusal(await attempt('IIII')).code).toBe('session.captchaWrong');
    expect(refusal(await attempt(text)).code).toBe('session.captchaWrong');
    expect(answer(await signInAtWindow()).accountName).toBe('999999adm');
  });

  test('is missing, or five minutes old: refused', async () => {
    const missing = await school.office.call('session.signIn', { accountName: '999999adm', password: administratorPassword });
    expect(refusal(missing).code).toBe('session.captchaWrong');
    const { id, text } = await readCaptcha();
    school.clock.pass(5 * 60);
    const late = await school.office.call('session.signIn', {
      accountName: '999999adm',
      password: administratorPassword,
      captcha: { id, text },
    });
    expect(refusal(late).code).toBe('session.captchaWrong');
    expect(refusal(await school.office.call('session.readCaptchaAloud', { id })).code).toBe('session.captchaWrong');
  });

  test('given hundreds asked for and never used, then only the newest are kept', async () => {
    const first = await readCaptcha();
    for (let made = 0; made < 200; made += 1) await school.office.call('session.newCaptcha', {});
    expect(refusal(await school.office.call('session.readCaptchaAloud', { id: first.id })).code).toBe('session.captchaWrong');
  });

  test('by the policy "after a failure" is asked for once a password was wrong, "never" never', async () => {
    const { office } = school;
    const needed = async () => answer(await office.call('session.status', { accountName: '999999adm' })).captchaNeeded;
    await office.write(() => office.settings.set('signIn.captcha', 'afterFailure'));
    expect(await needed()).toBe(false);
    const wrong = await office.call('session.signIn', { accountName: '999999adm', password: 'wrong' });
    expect(refusal(wrong).code).toBe('session.wrong');
    expect(await needed()).toBe(true);
    const unread = await office.call('session.signIn', { accountName: '999999adm', password: administratorPassword });
    expect(refusal(unread).code).toBe('session.captchaWrong');
    await office.write(() => office.settings.set('signIn.captcha', 'never'));
    expect(await needed()).toBe(false);
    expect(answer(await office.call('session.signIn', { accountName: '999999adm', password: administratorPassword })).locked).toBe(false);
  });
});

describe('wrong passwords', () => {
  test('wait by the rule: nothing twice, then 1, 2, 4 … 64 seconds, from the tenth on fifteen minutes', () => {
    expect([1, 2, 3, 4, 5, 9, 10, 11].map(waitAfter)).toEqual([0, 0, 1, 2, 4, 64, 900, 900]);
  });

  test('given three wrong ones, when the right one comes at once it waits, and a second later it is let in', async () => {
    for (let count = 0; count < 3; count += 1) expect(refusal(await signInAtWindow('wrong')).code).toBe('session.wrong');
    const waiting = refusal(await signInAtWindow());
    expect(waiting).toMatchObject({ code: 'session.waiting', details: { waitSeconds: 1 } });
    school.clock.pass(1);
    answer(await signInAtWindow());
    expect(refusal(await signInAtWindow('wrong')).code).toBe('session.wrong');
  });

  test('given ten wrong ones, then the account is locked for fifteen minutes, and a restart changes nothing', async () => {
    for (let count = 0; count < 10; count += 1) {
      expect(refusal(await signInAtWindow('wrong')).code).toBe('session.wrong');
      school.clock.pass(64);
    }
    school.clock.pass(-64);
    school.restart();
    expect(refusal(await signInAtWindow())).toMatchObject({ code: 'session.waiting', details: { waitSeconds: 900 } });
    school.clock.pass(899);
    expect(refusal(await signInAtWindow()).details).toEqual({ waitSeconds: 1 });
    school.clock.pass(1);
    answer(await signInAtWindow());
  });

  test('given twenty at the same moment, then no more than three are looked at', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, at) => school.office.signIn('999999adm', `guess ${at}`)));
    const codes = outcomes.map((outcome) => refusal(outcome).code);
    expect(codes.filter((code) => code === 'session.wrong')).toHaveLength(3);
    expect(codes.filter((code) => code === 'session.waiting')).toHaveLength(17);
  });

  test('an account that does not exist says the same and waits the same', async () => {
    const attempt = async (accountName: string) => refusal(await school.office.signIn(accountName, 'wrong'));
    for (let count = 0; count < 4; count += 1) expect(await attempt('nobody')).toEqual(await attempt('999999adm'));
  });

  test('take an unknown account about as long as a known one', async () => {
    const timed = async (accountName: string) => {
      const times: number[] = [];
      for (let count = 0; count < 3; count += 1) {
        school.clock.pass(1000);
        const start = performance.now();
        await school.office.signIn(accountName, 'wrong');
        times.push(performance.now() - start);
      }
      return Math.min(...times);
    };
    const known = await timed('999999adm');
    const unknown = await timed('nobody');
    expect(unknown).toBeGreaterThan(known / 3);
    expect(unknown).toBeLessThan(known * 3);
  });
});

describe('who gets in', () => {
  test('a teacher whose account has no password does not, in the words of a wrong password', async () => {
    await addTeacherAccount(school.office, { name: 'teacher1' });
    expect(refusal(await school.office.signIn('teacher1', 'anything')).code).toBe('session.wrong');
  });

  test('a disabled account does not; only its right password is told that it is disabled', async () => {
    await addTeacherAccount(school.office, { name: 'teacher2', password: '山櫻花開了沒', enabled: false });
    expect(refusal(await school.office.signIn('teacher2', 'wrong')).code).toBe('session.wrong');
    expect(refusal(await school.office.signIn('teacher2', '山櫻花開了沒')).code).toBe('session.disabled');
  });

  test('a second administrator cannot be made over the first', async () => {
    const { createAdministrator } = await import('../../main/features/session/accounts.ts');
    const again = createAdministrator(school.office, { schoolCode: '999999', schoolName: '別校', password: 'x', mustChange: false });
    await expect(again).rejects.toMatchObject({ code: 'account.exists' });
    expect(school.office.settings.get('school.name')).toBe('測試高中');
  });
});

describe('鎖定', () => {
  test('given a locked window, then it answers nothing until the password is given, and wrong ones count', async () => {
    const { office } = school;
    answer(await signInAtWindow());
    answer(await office.call('session.lock', {}));
    expect(refusal(await office.call('session.changePassword', { currentPassword: administratorPassword, newPassword: 'x' })).code).toBe(
      'session.locked',
    );
    for (let count = 0; count < 3; count += 1)
      expect(refusal(await office.call('session.unlock', { password: 'wrong' })).code).toBe('session.wrong');
    expect(refusal(await office.call('session.unlock', { password: administratorPassword })).code).toBe('session.waiting');
    school.clock.pass(1);
    expect(answer(await office.call('session.unlock', { password: administratorPassword })).locked).toBe(false);
  });

  test('after signing out, nothing but the public operations is answered', async () => {
    answer(await signInAtWindow());
    answer(await school.office.call('session.signOut', {}));
    expect(refusal(await school.office.call('session.lock', {})).code).toBe('session.required');
  });
});

describe('稽核', () => {
  test('sign-ins and refusals are recorded with the account, and no name that was only typed', async () => {
    answer(await signInAtWindow());
    await school.office.signIn('999999adm', 'wrong');
    await school.office.signIn('my-secret-typed-in-the-wrong-field', 'wrong');
    answer(await school.office.call('session.signOut', {}));
    expect(school.office.auditEntries()).toEqual([
      { accountName: '999999adm', operation: 'session.signIn', action: 'signIn', outcome: 'done' },
      { accountName: '999999adm', operation: 'session.signIn', action: 'signIn', outcome: 'session.wrong' },
      { accountName: '-', operation: 'session.signIn', action: 'signIn', outcome: 'session.wrong' },
      { accountName: '999999adm', operation: 'session.signOut', action: 'signIn', outcome: 'done' },
    ]);
  });

  test('the database file shows no password', async () => {
    answer(await signInAtWindow());
    school.office.connection.sqlite.pragma('wal_checkpoint(TRUNCATE)');
    expect(readFileSync(school.path).includes(administratorPassword)).toBe(false);
  });
});
