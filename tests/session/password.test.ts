import { scryptSync } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { accounts } from '../../db/schema/index.ts';
import { hashPassword, needsRehash, verifyPassword } from '../../main/features/session/password.ts';
import { requireGoodPassword } from '../../main/features/session/password-rules.ts';
import { addTeacherAccount, administratorPassword, answer, newSchool, refusal } from './office.ts';

describe('a kept password', () => {
  test('is verified by its hash alone, and two hashes of it differ', async () => {
    const [one, other] = await Promise.all([hashPassword('相思樹下'), hashPassword('相思樹下')]);
    expect(one).not.toBe(other);
    expect(await verifyPassword('相思樹下', one)).toBe(true);
    expect(await verifyPassword('相思樹上', one)).toBe(false);
    expect(await verifyPassword('相思樹下', null)).toBe(false);
  });

  test('typed composed or decomposed is the same', async () => {
    expect(await verifyPassword('café-au-lait', await hashPassword('café-au-lait'))).toBe(true);
  });

  test('given a hash made at a lower cost, when its owner signs in, then it is made again at today’s', async () => {
    const school = await newSchool();
    try {
      const { office } = school;
      const id = await addTeacherAccount(office, { name: 'teacher' });
      const salt = Buffer.from('0123456789abcdef');
      const weak = `scrypt$N=1024,r=8,p=1$${salt.toString('base64')}$${scryptSync('舊的密碼', salt, 32, { N: 1024 }).toString('base64')}`;
      expect(needsRehash(weak)).toBe(true);
      office.connection.orm.update(accounts).set({ passwordHash: weak }).where(eq(accounts.id, id)).run();
      answer(await office.signIn('teacher', '舊的密碼'));
      const kept = office.connection.orm.select().from(accounts).where(eq(accounts.id, id)).get()!;
      expect(needsRehash(kept.passwordHash!)).toBe(false);
      answer(await office.signIn('teacher', '舊的密碼'));
    } finally {
      school.remove();
    }
  });
});

describe('a new password', () => {
  const rule = (password: string) => {
    try {
      requireGoodPassword(password, 'old-Password-77', '999999adm');
      return 'good';
    } catch (error) {
      return (error as { details: { rule: string } }).details.rule;
    }
  };
  test.each([
    ['short-one', 'length'],
    ['old-Password-77', 'same'],
    ['my-999999ADM-x', 'accountName'],
    ['aaaaaaaaaaaa', 'trivial'],
    ['abcabcabcabc', 'trivial'],
    ['abcdabcdabcd', 'trivial'],
    ['1234567890', 'trivial'],
    ['zyxwvutsrqp', 'trivial'],
    ['一二三四五六七八九十', 'good'],
    ['correct horse battery', 'good'],
  ])('%s is %s', (password, expected) => expect(rule(password)).toBe(expected));
});

describe('the first password', () => {
  test('given one the program made, then nothing else is answered until it is changed, and other windows sign in again', async () => {
    const school = await newSchool({ mustChange: true });
    try {
      const { office } = school;
      await office.write(() => office.settings.set('signIn.captcha', 'never'));
      const signIn = (connectionId: string, password: string) =>
        office.call('session.signIn', { accountName: '999999adm', password }, connectionId);
      expect(answer(await signIn('window', administratorPassword)).mustChangePassword).toBe(true);
      answer(await signIn('other window', administratorPassword));
      const weak = await office.call('session.changePassword', { currentPassword: administratorPassword, newPassword: '太短' });
      expect(refusal(weak).code).toBe('session.passwordWeak');
      const wrong = await office.call('session.changePassword', { currentPassword: 'wrong', newPassword: '春天的後山小徑九號' });
      expect(refusal(wrong).code).toBe('session.wrong');
      const changed = await office.call('session.changePassword', {
        currentPassword: administratorPassword,
        newPassword: '春天的後山小徑九號-xy',
      });
      expect(answer(changed).mustChangePassword).toBe(false);
      expect(refusal(await office.call('session.lock', {}, 'other window')).code).toBe('session.required');
      expect(refusal(await signIn('window', administratorPassword)).code).toBe('session.wrong');
      expect(answer(await signIn('window', '春天的後山小徑九號-xy')).mustChangePassword).toBe(false);
    } finally {
      school.remove();
    }
  });
});
