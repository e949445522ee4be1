import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSqlite, type Sqlite } from '../../../db/sqlite.ts';
import { type Backend, startBackend } from '../../../main/application/backend-client.ts';
import type { JobState, Outcome } from '../../../main/application/contract.ts';
import { deriveKey } from '../../../main/platform/secret-store.ts';
import { temporaryFolder, testMasterKey } from '../../support/directories.ts';
import { handOver, richestStudents } from '../../support/transfer.ts';
import { layTrial, signInto, trialPassword, trialToday } from '../../support/trial.ts';
import type { Known } from './input-arbitrary.ts';

/** The whole backend in its thread, with who may do everything and who may do nothing signed in. */
export interface LiveBackend {
  backend: Backend;
  /** Another reader of the database that the backend has open. */
  sqlite: Sqlite;
  known: Known;
  /** A connection on which the account is signed in now. */
  connectionOf: (who: Who) => Promise<string>;
  /** Signed in anew when it is next asked for. */
  forget: (who: Who) => void;
  /** How a job ended. */
  jobEnd: (jobId: string) => Promise<JobState>;
  /** Rejected where the backend ended or closed by itself. */
  close: () => Promise<void>;
}
export type Who = 'administrator' | 'nobody';

const school = { students: 8, years: 2 };
const administrator = '999999adm';
const nobodyPassword = '沒有權限的人-相思樹-4821';

const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const columnsOf = (sqlite: Sqlite, table: string) =>
  sqlite.prepare<[string], { name: string; type: string }>('select name, type from pragma_table_info(?)').all(table);
export const tablesOf = (sqlite: Sqlite): string[] =>
  sqlite.prepare<[], string>("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'").pluck().all();

/** Some values of every column, by the name that inputs have for it. */
function valuesOf(sqlite: Sqlite): Map<string, (string | number)[]> {
  const values = new Map<string, (string | number)[]>();
  const add = (key: string, more: (string | number)[]) => values.set(key, [...(values.get(key) ?? []), ...more]);
  for (const table of tablesOf(sqlite)) {
    for (const { name, type } of columnsOf(sqlite, table)) {
      if (!/TEXT|INTEGER/i.test(type) || /password|hash|key$/.test(name)) continue;
      const some = sqlite
        .prepare<[], string | number>(
          `select distinct "${name}" from "${table}" where "${name}" is not null and length("${name}") < 100 limit 6`,
        )
        .pluck()
        .all();
      add(camel(name), some);
      if (name === 'id') add(camel(`${table.replace(/s$/, '')}_id`), some);
    }
  }
  return values;
}

const days = ['2026-11-24', '2026-08-01', '2027-01-31', '2026-02-29'];

/** Small files of every kind that a clerk may choose, and a good transfer file. */
async function receivedFiles(backend: Backend, folder: string, transfer: { path: string; fileName: string }): Promise<string[]> {
  const contents = {
    'empty.zip': '',
    'broken.zip': 'PK\x03\x04broken',
    'text.csv': '學號,姓名\n1,王\n',
    'page.pdf': '%PDF-1.4 broken',
    'book.xlsx': 'PK',
  };
  const tokens: string[] = [];
  for (const [name, content] of Object.entries(contents)) {
    const path = join(folder, name);
    writeFileSync(path, content);
    tokens.push((await backend.receive(path, name, false)).token);
  }
  tokens.push((await backend.receive(transfer.path, transfer.fileName, false)).token);
  return tokens;
}

export async function openLiveBackend(): Promise<LiveBackend> {
  const folder = temporaryFolder('contract');
  const directory = join(folder.path, 'data');
  await layTrial(directory, school);
  const trial = await signInto(directory, administrator, trialPassword);
  const teacher = trial.application.foundation.connection.sqlite
    .prepare<[], { id: string; name: string }>(
      "select id, name from accounts where kind = 'teacher' and id not in (select account_id from role_members) limit 1",
    )
    .get()!;
  const { oneTimePassword } = await trial.call('roles.givePassword', { accountId: teacher.id });
  await trial.application.signIn('first', teacher.name, oneTimePassword);
  const accepted = await trial.application.call({ connectionId: 'first' }, 'session.changePassword', {
    currentPassword: oneTimePassword,
    newPassword: nobodyPassword,
  });
  if (!accepted.ok) throw new Error(accepted.error.code);
  trial.application.foundation.settings.set('signIn.captcha', 'never');
  const [handed] = await handOver(trial, richestStudents(trial, 1), folder.path);
  const values = valuesOf(trial.application.foundation.connection.sqlite);
  await trial.close();

  const backend = startBackend({ dataDirectory: directory, masterKey: testMasterKey, fixedNow: `${trialToday}T01:00:00.000Z` });
  const failure = await backend.whenStarted;
  if (failure) throw new Error(failure.code);
  const ended = new Map<string, JobState>();
  const waiting = new Map<string, (job: JobState) => void>();
  backend.onEvent((event) => {
    if (event.event !== 'job' || event.job.state === 'running') return;
    ended.set(event.job.id, event.job);
    waiting.get(event.job.id)?.(event.job);
  });

  values.set('token', await receivedFiles(backend, folder.path, handed!));
  values.set('password', [handed!.password]);
  values.set('md5', [handed!.md5]);
  values.set('academicYear', [114, 115]);
  values.set('semester', [0, 1, 2]);
  const others = values.get('accountName')?.filter((name) => name !== administrator && name !== teacher.name) ?? [];
  values.set('accountName', others);
  values.set('accountNames', others);
  values.set(
    'accountId',
    values.get('accountId')!.filter((id) => id !== teacher.id),
  );
  const anyId = [...values].filter(([key]) => /^id$|Id$/.test(key)).flatMap(([, some]) => some.slice(0, 2));
  const known: Known = (key) => {
    const own = values.get(key) ?? [];
    if (/^id$|Id$/.test(key)) return [...own, ...anyId];
    return /On$|From$|Until$|^on$|[dD]ay$|Date$/.test(key) ? [...own, ...days] : own;
  };

  const connections = new Map<Who, string>();
  const signIn = async (who: Who): Promise<string> => {
    const connectionId = randomUUID();
    const account = { administrator: [administrator, trialPassword], nobody: [teacher.name, nobodyPassword] }[who];
    const outcome = await backend.call(connectionId, 'session.signIn', { accountName: account[0], password: account[1] });
    if (!outcome.ok) throw new Error(`${who} cannot sign in: ${outcome.error.code}`);
    connections.set(who, connectionId);
    return connectionId;
  };

  const sqlite = openSqlite(join(directory, 'portfolio.db'), { key: deriveKey(testMasterKey, 'database'), readonly: true });
  return {
    backend,
    sqlite,
    known,
    connectionOf: async (who) => connections.get(who) ?? (await signIn(who)),
    forget: (who) => {
      const connectionId = connections.get(who);
      connections.delete(who);
      if (connectionId !== undefined) backend.endConnection(connectionId);
    },
    jobEnd: (jobId) =>
      new Promise((resolve) => {
        const job = ended.get(jobId);
        if (job) resolve(job);
        else waiting.set(jobId, resolve);
      }),
    close: async () => {
      sqlite.close();
      await backend.close();
      folder.remove();
    },
  };
}

export type Answer = Outcome<unknown>;
