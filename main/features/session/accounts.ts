import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Orm } from '../../../db/connection.ts';
import { accounts, teachers } from '../../../db/schema/index.ts';
import type { Foundation } from '../../application/foundation.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { hashPassword } from './password.ts';

/** The account of the school's administrator: `999999adm` (manual §1.1). */
export function administratorName(schoolCode: string): string {
  return `${schoolCode}adm`;
}

export interface FirstAdministrator {
  schoolCode: string;
  schoolName: string;
  password: string;
  /** True for a password the program made: the first sign-in asks for another. */
  mustChange: boolean;
}

/**
 * Gives a fresh database its school and its administrator, `<校名>-學校管理`, in one transaction.
 * @throws `account.exists` when the school has its administrator already; nothing is changed then
 */
export async function createAdministrator(
  { connection: { orm }, settings, write }: Pick<Foundation, 'connection' | 'settings' | 'write'>,
  { schoolCode, schoolName, password, mustChange }: FirstAdministrator,
): Promise<void> {
  const name = administratorName(schoolCode);
  const passwordHash = await hashPassword(password);
  await write(() => {
    if (orm.select({ id: accounts.id }).from(accounts).where(eq(accounts.name, name)).get()) {
      throw new ApplicationError('account.exists', '這個資料庫已經有學校管理者帳號，請直接登入。', { schoolCode });
    }
    settings.set('school.code', schoolCode);
    settings.set('school.name', schoolName);
    orm
      .insert(accounts)
      .values({
        id: randomUUID(),
        name,
        displayName: `${schoolName}-學校管理`,
        kind: 'administrator',
        passwordHash,
        mustChangePassword: mustChange,
        enabled: true,
      })
      .run();
  });
}

/**
 * The account another one is about to be changed by. The administrator's is nobody's to change, so that a clerk who may set roles cannot
 * take it over or lock the school out; one's own goes through 變更密碼.
 * @param byAccountId who changes it
 * @param toBeUsed true where the change lets someone in: then the teacher must still serve
 * @throws `account.unknown`, `account.administrator`, `account.own`, `account.teacherGone`
 */
export function requireManageable(orm: Orm, accountId: string, byAccountId: string, { toBeUsed }: { toBeUsed: boolean }) {
  const account = orm.select().from(accounts).where(eq(accounts.id, accountId)).get();
  if (!account) throw new ApplicationError('account.unknown', '找不到這個帳號，請重新整理後再選。', { accountId });
  if (account.kind === 'administrator') {
    throw new ApplicationError('account.administrator', '學校管理者帳號不能在這裡停用或重設密碼，請用這個帳號登入後變更密碼。', {
      accountId,
    });
  }
  if (accountId === byAccountId) {
    throw new ApplicationError('account.own', '不能停用或重設自己的帳號，請改用「變更密碼」，或請學校管理者處理。', { accountId });
  }
  const teacher = account.teacherId === null ? null : orm.select().from(teachers).where(eq(teachers.id, account.teacherId)).get();
  if (toBeUsed && teacher && (!teacher.active || teacher.deletedAt !== null)) {
    throw new ApplicationError('account.teacherGone', '這位教師已不在職，帳號不能啟用；若資料有誤，請在校務行政系統更正後再同步。', {
      accountId,
    });
  }
  return account;
}
