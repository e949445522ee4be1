import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { accounts } from '../../../db/schema/index.ts';
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
