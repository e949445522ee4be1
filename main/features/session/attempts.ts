import { eq } from 'drizzle-orm';
import { accounts } from '../../../db/schema/index.ts';
import type { Foundation } from '../../application/foundation.ts';
import { ApplicationError } from '../../platform/errors.ts';

const free = 2;
const lockAfter = 10;
const lockSeconds = 15 * 60;
const mostUnknownNames = 1000;

/** Seconds an account waits after so many wrong entries in a row: none, none, 1, 2, 4 … 64, and 15 minutes from the tenth on. */
export function waitAfter(wrongEntries: number): number {
  if (wrongEntries <= free) return 0;
  return wrongEntries >= lockAfter ? lockSeconds : 2 ** (wrongEntries - free - 1);
}

export type Account = typeof accounts.$inferSelect;

interface Standing {
  failedSignIns: number;
  lockedUntil: string | null;
}

/** Wrong entries by account. Kept in the database, so that restarting the program does not set them back. */
export interface Attempts {
  /** Wrong entries since the last right one. */
  wrongEntries: (accountName: string) => number;
  /**
   * Begins an attempt, counted as wrong until `succeeded`: neither a killed program nor many attempts at once get
   * one for nothing. @returns the account, or null where there is none (it waits all the same)
   * @throws `session.waiting` with `details.waitSeconds`
   */
  begin: (accountName: string) => Promise<Account | null>;
  succeeded: (account: Account, newHash: string | null) => Promise<void>;
}

export function createAttempts({ connection: { orm }, write, clock }: Pick<Foundation, 'connection' | 'write' | 'clock'>): Attempts {
  /** Names that belong to no account behave as if they did; in memory only. */
  const unknown = new Map<string, Standing>();

  const find = (name: string) => orm.select().from(accounts).where(eq(accounts.name, name)).get() ?? null;

  const counted = ({ failedSignIns, lockedUntil }: Standing): Standing => {
    const now = clock.now().getTime();
    const waitMilliseconds = lockedUntil === null ? 0 : Date.parse(lockedUntil) - now;
    if (waitMilliseconds > 0) {
      const waitSeconds = Math.ceil(waitMilliseconds / 1000);
      const wait = waitSeconds >= 60 ? `${Math.ceil(waitSeconds / 60)} 分鐘` : `${waitSeconds} 秒`;
      throw new ApplicationError('session.waiting', `密碼輸入錯誤次數過多，請等 ${wait}後再試。`, { waitSeconds });
    }
    const wrong = failedSignIns + 1;
    const seconds = waitAfter(wrong);
    return { failedSignIns: wrong, lockedUntil: seconds === 0 ? null : new Date(now + seconds * 1000).toISOString() };
  };

  return {
    wrongEntries: (name) => (find(name) ?? unknown.get(name))?.failedSignIns ?? 0,
    begin: (name) =>
      write(() => {
        const account = find(name);
        if (account) {
          orm.update(accounts).set(counted(account)).where(eq(accounts.id, account.id)).run();
          return account;
        }
        const standing = counted(unknown.get(name) ?? { failedSignIns: 0, lockedUntil: null });
        unknown.delete(name);
        unknown.set(name, standing);
        if (unknown.size > mostUnknownNames) unknown.delete(unknown.keys().next().value!);
        return null;
      }),
    succeeded: (account, newHash) =>
      write(() => {
        orm
          .update(accounts)
          .set({
            failedSignIns: 0,
            lockedUntil: null,
            lastSignedInAt: clock.now().toISOString(),
            ...(newHash ? { passwordHash: newHash } : {}),
          })
          .where(eq(accounts.id, account.id))
          .run();
      }),
  };
}
