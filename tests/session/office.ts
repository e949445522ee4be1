import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openDatabase } from '../../db/connection.ts';
import { migrate } from '../../db/migrate.ts';
import { accounts } from '../../db/schema/index.ts';
import { createAudit } from '../../main/application/audit.ts';
import type { Outcome } from '../../main/application/contract.ts';
import { createJobs } from '../../main/application/jobs.ts';
import { createRouter, type Route, route } from '../../main/application/router.ts';
import { schoolSettings } from '../../main/application/school-settings.ts';
import { createSessions } from '../../main/application/sessions.ts';
import type { InputOf, OperationName, OutputOf } from '../../main/features/contract.ts';
import { createAdministrator } from '../../main/features/session/accounts.ts';
import { session } from '../../main/features/session/contract.ts';
import { hashPassword } from '../../main/features/session/password.ts';
import { createSessionService } from '../../main/features/session/service.ts';
import { openDataDirectory } from '../../main/platform/data-directory.ts';
import { silentLogger } from '../../main/platform/logger.ts';
import { WriteGate } from '../../main/platform/write-gate.ts';

export const administratorPassword = '測試用-相思樹-4821';
export const key = new Uint8Array(32).fill(7);

/** A clock that the test moves. */
export function movableClock(start = '2026-11-24T01:00:00.000Z') {
  let now = Date.parse(start);
  return {
    now: () => new Date(now),
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
  };
}

export interface OfficeOptions {
  path: string;
  clock: ReturnType<typeof movableClock>;
  /** Further routes beside the session's, for walks over the whole contract. */
  routes?: [string, Route][];
  onSignedIn?: () => void;
}

/** The real kernel (encrypted database, router, audit, jobs) with the session feature alone. */
export function openOffice({ path, clock, routes = [], onSignedIn }: OfficeOptions) {
  const connection = openDatabase(path, { key });
  migrate(connection.sqlite, { now: clock.now });
  const gate = new WriteGate();
  const foundation = {
    connection,
    clock,
    log: silentLogger,
    settings: schoolSettings(connection),
    directory: openDataDirectory(dirname(path)),
    masterKey: key,
    write: <Result>(change: () => Result) => gate.run(() => connection.sqlite.transaction(change).immediate()),
  };
  const sessions = createSessions();
  const service = createSessionService(foundation, sessions, onSignedIn);
  const sessionRoutes = route(session, service.handlers);
  const router = createRouter([...sessionRoutes, ...routes], {
    sessions,
    jobs: createJobs(foundation, () => {}),
    audit: createAudit(foundation),
    alwaysAllowed: new Set(sessionRoutes.map(([name]) => name)),
    log: silentLogger,
  });
  return {
    ...foundation,
    service,
    sessions,
    router,
    call: <Name extends OperationName>(name: Name, input: InputOf<Name>, connectionId = 'window') =>
      router.call({ connectionId }, name, input) as Promise<Outcome<OutputOf<Name>>>,
    /** Signs in past the captcha, as the command line does. */
    signIn: (accountName: string, password: string, connectionId = 'command') => {
      service.exemptFromCaptcha(connectionId);
      return router.call({ connectionId }, 'session.signIn', { accountName, password }) as Promise<Outcome<OutputOf<'session.signIn'>>>;
    },
    auditEntries: () =>
      connection.sqlite
        .prepare('select account_name as accountName, operation, action, outcome from audit_entries order by sequence')
        .all() as { accountName: string; operation: string; action: string; outcome: string }[],
    close: () => connection.close(),
  };
}
export type Office = ReturnType<typeof openOffice>;

/** A folder of its own with a school whose administrator may sign in. */
export async function newSchool(options: { mustChange?: boolean; routes?: [string, Route][]; onSignedIn?: () => void } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'session-'));
  const clock = movableClock();
  const path = join(folder, 'portfolio.db');
  const open = () => openOffice({ path, clock, routes: options.routes, onSignedIn: options.onSignedIn });
  let office = open();
  await createAdministrator(office, {
    schoolCode: '999999',
    schoolName: '測試高中',
    password: administratorPassword,
    mustChange: options.mustChange ?? false,
  });
  return {
    clock,
    path,
    get office() {
      return office;
    },
    /** As if the program had been closed and started again. */
    restart: () => {
      office.close();
      office = open();
      return office;
    },
    remove: () => {
      office.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An account of a teacher; without a password he has never signed in here. */
export async function addTeacherAccount(
  { connection: { orm } }: Office,
  { name, password = null, enabled = true }: { name: string; password?: string | null; enabled?: boolean },
): Promise<string> {
  const id = `account-${name}`;
  const passwordHash = password === null ? null : await hashPassword(password);
  orm.insert(accounts).values({ id, name, displayName: '教學組長', kind: 'teacher', passwordHash, enabled }).run();
  return id;
}

/** The error of a refused call; fails the test when the call was not refused. */
export function refusal(outcome: Outcome<unknown>) {
  if (outcome.ok) throw new Error('the call should have been refused');
  return outcome.error;
}

export function answer<Data>(outcome: Outcome<Data>): Data {
  if (!outcome.ok) throw new Error(`refused: ${outcome.error.code}`);
  return outcome.data;
}
