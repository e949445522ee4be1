import { eq } from 'drizzle-orm';
import { accounts } from '../../../db/schema/index.ts';
import { type FunctionModule, functionModules } from '../../application/contract.ts';
import { currentTerm } from '../../application/current-term.ts';
import type { Foundation } from '../../application/foundation.ts';
import type { CallContext, Handlers } from '../../application/router.ts';
import type { Session, Sessions } from '../../application/sessions.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { makeOneTimePassword } from '../../platform/one-time-password.ts';
import { administratorName, requireManageable } from './accounts.ts';
import { type Account, createAttempts } from './attempts.ts';
import { createCaptchas } from './captcha.ts';
import type { SignedIn, session as sessionFeature } from './contract.ts';
import { hashPassword, needsRehash, verifyPassword } from './password.ts';
import { requireGoodPassword } from './password-rules.ts';
import { rightsOf } from './rights.ts';

export interface SessionService {
  handlers: Handlers<typeof sessionFeature>;
  /** A connection that is no window (the command line): nobody is there to read a 驗證碼, everything else is the same. */
  exemptFromCaptcha: (connectionId: string) => void;
  /** Gives every open session the rights and standing its account has now; call after accounts or role groups changed. */
  refreshRights: () => void;
  /**
   * Gives a teacher's account a one-time password: enables it, lifts its waiting, ends its open sessions; the next sign-in asks for another.
   * @returns the password, kept nowhere
   * @throws `account.unknown`, `account.administrator`, `account.own`, `account.teacherGone`
   */
  giveOneTimePassword: (accountId: string, by: Session) => Promise<{ accountName: string; displayName: string; oneTimePassword: string }>;
  /**
   * Switches a teacher's account on or off; its open sessions end with it, and its waiting is lifted.
   * @throws as `giveOneTimePassword`, and `account.withoutPassword` where there is none to sign in with
   */
  setEnabled: (accountId: string, enabled: boolean, by: Session) => Promise<{ accountName: string }>;
}

const defaultIdleMinutes = 15;

/** What a window may know of its session. */
function signedInAs(session: Session): SignedIn {
  const rights: SignedIn['rights'] = {};
  if (session.administrator) {
    for (const module of Object.keys(functionModules) as FunctionModule[]) rights[module] = ['view', 'create', 'update', 'delete'];
  } else {
    for (const [module, held] of session.rights) rights[module] = [...held];
  }
  const { accountName, displayName, administrator, mustChangePassword, locked } = session;
  return { accountName, displayName, administrator, mustChangePassword, locked, rights };
}

/**
 * 登入, 鎖定 and passwords (manual §1.1).
 * @param onSignedIn called when someone signed in at a window: 學籍及人員資料 is synchronised then (manual §2.1)
 */
export function createSessionService(
  foundation: Pick<Foundation, 'connection' | 'settings' | 'clock' | 'write'>,
  sessions: Sessions,
  onSignedIn: () => void = () => {},
): SessionService {
  const { connection, settings, clock, write } = foundation;
  const { orm } = connection;
  const captchas = createCaptchas(clock);
  const attempts = createAttempts(foundation);
  const withoutCaptcha = new Set<string>();

  const captchaNeeded = (connectionId: string, accountName: string): boolean => {
    if (withoutCaptcha.has(connectionId)) return false;
    const policy = settings.get('signIn.captcha') ?? 'always';
    return policy === 'always' || (policy === 'afterFailure' && attempts.wrongEntries(accountName) > 0);
  };

  const standing = (account: Account) => ({
    displayName: account.displayName,
    administrator: account.kind === 'administrator',
    rights: rightsOf(orm, account.id),
    mustChangePassword: account.mustChangePassword,
  });

  /** @throws `session.wrong`, `session.disabled`, `session.waiting` */
  const authenticate = async (accountName: string, password: string): Promise<Account> => {
    const account = await attempts.begin(accountName);
    const right = await verifyPassword(password, account?.passwordHash ?? null);
    if (!account || !right) throw new ApplicationError('session.wrong', '帳號或密碼不正確，請再輸入一次。');
    await attempts.succeeded(account, needsRehash(account.passwordHash!) ? await hashPassword(password) : null);
    if (!account.enabled) throw new ApplicationError('session.disabled', '這個帳號已停用，請洽學校管理者。');
    return account;
  };

  const requireSession = ({ session }: CallContext): Session => {
    if (!session) throw new ApplicationError('session.required', '請先登入。');
    return session;
  };

  const handlers: SessionService['handlers'] = {
    status: ({ accountName }, { connectionId, session }) => {
      const schoolCode = settings.get('school.code') ?? '';
      const defaultAccountName = schoolCode === '' ? '' : administratorName(schoolCode);
      const trial = settings.get('school.trial') ?? false;
      return {
        connected: schoolCode !== '',
        schoolCode,
        schoolName: settings.get('school.name') ?? '',
        defaultAccountName,
        trial,
        trialFirstPassword: trial ? (settings.get('trial.firstPassword') ?? null) : null,
        captchaNeeded: captchaNeeded(connectionId, (accountName ?? defaultAccountName).trim()),
        idleMinutes: settings.get('signIn.idleMinutes') ?? defaultIdleMinutes,
        term: currentTerm(connection.sqlite, clock.now()),
        session: session ? signedInAs(session) : null,
      };
    },
    newCaptcha: () => captchas.make(),
    readCaptchaAloud: ({ id }) => ({ text: captchas.aloud(id) }),
    signIn: async ({ accountName: typed, password, captcha }, context) => {
      const accountName = typed.trim();
      // The audit entry of a refusal names the account only where there is one: what was typed may be a password.
      if (orm.select({ id: accounts.id }).from(accounts).where(eq(accounts.name, accountName)).get()) context.accountName = accountName;
      if (captchaNeeded(context.connectionId, accountName)) captchas.check(captcha);
      const account = await authenticate(accountName, password);
      const session: Session = {
        accountId: account.id,
        accountName: account.name,
        ...standing(account),
        locked: false,
        signedInAt: clock.now().toISOString(),
      };
      sessions.set(context.connectionId, session);
      if (!withoutCaptcha.has(context.connectionId)) onSignedIn();
      return signedInAs(session);
    },
    changePassword: async ({ currentPassword, newPassword }, context) => {
      const session = requireSession(context);
      if (session.locked) throw new ApplicationError('session.locked', '畫面已鎖定，請輸入密碼解除鎖定。');
      const account = await authenticate(session.accountName, currentPassword);
      requireGoodPassword(newPassword, currentPassword, account.name);
      const passwordHash = await hashPassword(newPassword);
      await write(() => {
        orm.update(accounts).set({ passwordHash, mustChangePassword: false }).where(eq(accounts.id, account.id)).run();
        if (account.kind === 'administrator') settings.set('trial.firstPassword', null);
      });
      // Whoever is still in with the old password signs in again.
      sessions.revise((open, connectionId) => {
        if (open.accountId !== account.id) return open;
        return connectionId === context.connectionId ? { ...open, mustChangePassword: false } : null;
      });
      return signedInAs({ ...session, mustChangePassword: false });
    },
    lock: (_input, context) => {
      sessions.set(context.connectionId, { ...requireSession(context), locked: true });
      return { done: true };
    },
    unlock: async ({ password }, context) => {
      const session = requireSession(context);
      const account = await authenticate(session.accountName, password);
      const unlocked = { ...session, ...standing(account), locked: false };
      sessions.set(context.connectionId, unlocked);
      return signedInAs(unlocked);
    },
    signOut: (_input, { connectionId }) => {
      sessions.end(connectionId);
      return { done: true };
    },
  };

  const refreshRights = () => {
    sessions.revise((open) => {
      const account = orm.select().from(accounts).where(eq(accounts.id, open.accountId)).get();
      return account?.enabled ? { ...open, ...standing(account) } : null;
    });
  };

  return {
    handlers,
    exemptFromCaptcha: (connectionId) => {
      withoutCaptcha.add(connectionId);
    },
    refreshRights,
    giveOneTimePassword: async (accountId, by) => {
      const oneTimePassword = makeOneTimePassword();
      const passwordHash = await hashPassword(oneTimePassword);
      const { name, displayName } = await write(() => {
        const account = requireManageable(orm, accountId, by.accountId, { toBeUsed: true });
        orm
          .update(accounts)
          .set({ passwordHash, mustChangePassword: true, enabled: true, failedSignIns: 0, lockedUntil: null })
          .where(eq(accounts.id, accountId))
          .run();
        return account;
      });
      sessions.revise((open) => (open.accountId === accountId ? null : open));
      return { accountName: name, displayName, oneTimePassword };
    },
    setEnabled: async (accountId, enabled, by) => {
      const { name } = await write(() => {
        const account = requireManageable(orm, accountId, by.accountId, { toBeUsed: enabled });
        if (enabled && account.passwordHash === null) {
          throw new ApplicationError('account.withoutPassword', '這個帳號還沒有密碼，請按「給密碼」，帳號會同時啟用。', { accountId });
        }
        orm.update(accounts).set({ enabled, failedSignIns: 0, lockedUntil: null }).where(eq(accounts.id, accountId)).run();
        return account;
      });
      refreshRights();
      return { accountName: name };
    },
  };
}
