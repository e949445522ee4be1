import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openSqlite } from '../../db/sqlite.ts';
import { keepOutOfCoreDumps } from '../../main/platform/core-dumps.ts';
import { deriveKey } from '../../main/platform/secret-store.ts';
import { hostileTexts } from '../faults/fuzz/hostile-texts.ts';
import { temporaryFolder, testMasterKey } from '../support/directories.ts';
import { handOver, importFile, richestStudents } from '../support/transfer.ts';
import { layTrial, signInto, type Trial, trialPassword } from '../support/trial.ts';
import { type SeenChild, watchChildren } from './children.ts';
import { type Secret, scanFor, type TextScan } from './readable-texts.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

const folder = temporaryFolder('at-rest');
const [sender, receiver, temporary, handed] = ['sender', 'receiver', 'temporary', 'handed'].map((name) => join(folder.path, name)) as [
  string,
  string,
  string,
  string,
];
const environmentPassword = '環境變數裡的密碼-九重葛-3310';
const typedPassword = '打錯的密碼-金針花-5521';

/** A transfer file tells of its students in its entries' names, by its format; that is the clerk's to keep. */
const inTransferFile = (path: string) => path.startsWith('transfers');

/** What a trial school is given to play with, invented and told to everyone; its city's database is scanned like any other. */
const toPlayWith = /^trial\/(?!city\.db)/;
const readableIn = (directory: string) => scan.under(directory).filter((line) => !toPlayWith.test(line.split(' readable in ')[1]!));

const sqliteOf = (school: Trial) => school.application.foundation.connection.sqlite;
const secrets: Secret[] = [];
let children: SeenChild[] = [];
let scan: TextScan;
/** What was readable while the program ran, its write-ahead logs not yet folded in. */
const whileRunning: string[] = [];
let filterBefore = '';

function learnOf(school: Trial): void {
  const people = sqliteOf(school).prepare('select name, identity, student_number as number, account, email from students').all() as Record<
    string,
    string | null
  >[];
  for (const person of people) {
    for (const [what, text] of Object.entries(person))
      if (text) secrets.push({ what: `a student's ${what}`, text, allowedIn: inTransferFile });
  }
  const city = openSqlite(join(school.directory, 'trial', 'city.db'), { key: deriveKey(testMasterKey, 'trialCity'), readonly: true });
  const settings = city.prepare('select key, value from settings').all() as { key: string; value: string }[];
  city.close();
  const deviceKey = /"?deviceKey"?[":,]+"?([\w-]{20,})/.exec(
    JSON.stringify(Object.fromEntries(settings.map(({ key, value }) => [key, value]))).replaceAll('\\', ''),
  );
  if (deviceKey) secrets.push({ what: 'the device key', text: deviceKey[1]! });
}

/** What a clerk does in a term, and what goes wrong in it. */
async function season(): Promise<void> {
  const school = await signInto(sender, '999999adm', trialPassword);
  const { application, call, runJob } = school;
  learnOf(school);
  const refused = (work: Promise<unknown>) =>
    work.then(
      () => {},
      () => {},
    );
  const students = richestStudents(school, 2);
  const person = sqliteOf(school)
    .prepare('select name, identity, student_number as number from students where id = ?')
    .get(students[0]!) as Record<'name' | 'identity' | 'number', string>;

  await application.signIn('stranger', '999999adm', typedPassword);
  await application.signIn('stranger', person.identity, typedPassword);
  await call('students.list', { filter: { name: person.name } });
  await call('students.find', { text: person.number });
  await runJob('students.exportWorkbook', { filter: { name: person.name } });
  await runJob('slips.print', { grade: 1, dueDate: '2026-12-04', remarks: '' });
  await runJob('sync.run', {});
  const account = sqliteOf(school).prepare<[], string>("select id from accounts where kind = 'teacher' limit 1").pluck().get()!;
  const { oneTimePassword } = await call('roles.givePassword', { accountId: account });
  secrets.push({ what: 'a one-time password', text: oneTimePassword });
  await runJob('backup.create', {});
  const { file: whole } = await runJob('backup.download', {});
  const { text: recoveryKey } = await call('backup.makeRecoveryKey', {});
  secrets.push({ what: 'a recovery key', text: recoveryKey }, { what: 'the token of a file', text: whole.token });

  mkdirSync(handed);
  const watch = watchChildren();
  const [file] = await handOver(school, students, handed, { oneFile: true });
  await refused(runJob('transferOut.produce', { studentIds: [person.name, person.identity] }));
  secrets.push({ what: 'the password of a transfer file', text: file!.password });
  await call('transferOut.printHandover', {
    id: sqliteOf(school).prepare<[], string>('select id from transfer_out_files limit 1').pluck().get()!,
  });

  const other = await signInto(receiver, '888888adm', trialPassword);
  learnOf(other);
  const broken = join(handed, `${person.name}.zip`);
  writeFileSync(broken, `PK\x03\x04${person.name}`);
  await refused(importFile(other, { path: broken, md5: person.identity, password: file!.password }));
  await refused(importFile(other, { ...file!, password: typedPassword }));
  await importFile(other, file!);
  children = watch.stop();

  // Names where they do not belong, and what nobody means.
  for (const text of [person.name, person.identity, ...hostileTexts.slice(0, 30)]) {
    for (const operation of ['transferOut.fileInformation', 'cabinet.read', 'session.changePassword', 'transferIn.details', person.name]) {
      const input = { id: text, studentId: text, currentPassword: typedPassword, newPassword: typedPassword, name: person.name };
      await application.call({ connectionId: school.connectionId }, operation, input);
    }
  }
  scan = scanFor(secrets);
  for (const directory of [sender, receiver, temporary]) whileRunning.push(...readableIn(directory));
  await other.close();
  await school.close();
}

beforeAll(async () => {
  await layTrial(sender);
  await layTrial(receiver, { schoolCode: '888888', withoutPortfolios: true });
  mkdirSync(temporary, { mode: 0o700 });
  vi.stubEnv('TMPDIR', temporary);
  vi.stubEnv('PORTFOLIO_PASSWORD', environmentPassword);
  filterBefore = readFileSync('/proc/self/coredump_filter', 'latin1').trim();
  keepOutOfCoreDumps();
  secrets.push(
    { what: "an account's password", text: trialPassword },
    { what: 'a password that was wrong', text: typedPassword },
    { what: 'the password in the environment', text: environmentPassword },
    { what: 'the master key', text: Buffer.from(testMasterKey).toString('hex') },
    { what: 'the key of the database', text: Buffer.from(deriveKey(testMasterKey, 'database')).toString('hex') },
  );
  await season();
});
afterAll(() => {
  vi.unstubAllEnvs();
  writeFileSync('/proc/self/coredump_filter', `0x${filterBefore}`);
  folder.remove();
});

describe('after a term of a school, with its failures', () => {
  test('the scan finds what lies readable, in each encoding', () => {
    const [{ text }] = secrets.slice(-1) as [Secret];
    const one = scanFor([{ what: 'it', text }]);
    const forms = [
      Buffer.from(`x${text}`),
      Buffer.from(`x${text}`, 'utf16le'),
      Buffer.from(text, 'utf16le').swap16(),
      ...['', 'a', 'ab'].map((before) => Buffer.from(Buffer.from(`${before}${text}後`).toString('base64'))),
      Buffer.from(encodeURIComponent(text)),
    ];
    for (const form of forms) expect(one.in(form)).not.toEqual([]);
    expect(one.in(Buffer.from(text.slice(1)))).toEqual([]);
    expect(new Set(secrets.map(({ what }) => what)).size).toBeGreaterThan(10);
    expect(secrets.some(({ what }) => what === 'the device key')).toBe(true);
  });

  test('no file of the data directory, and none of the temporary folder, holds anybody’s data, a password, a key or a token', () => {
    expect(whileRunning).toEqual([]);
    for (const directory of [sender, receiver, temporary]) expect(readableIn(directory)).toEqual([]);
  });

  test('the logs tell what failed by code, and of nobody', () => {
    for (const directory of [sender, receiver]) {
      const log = readFileSync(join(directory, 'logs', 'office.log'));
      expect(log.toString()).toMatch(/operation refused|job ended early/);
      expect(scan.in(log)).toEqual([]);
    }
  });

  test('7-Zip was started with no password and nobody’s data among its arguments or in its environment', () => {
    expect(children.length).toBeGreaterThan(0);
    for (const { arguments: words, environment } of children) {
      expect(scan.in(Buffer.from(environment))).toEqual([]);
      expect(scan.in(Buffer.from(words), 'transfers')).toEqual([]);
      expect(words).not.toContain(trialPassword);
    }
  });

  test('nothing is left in the work folders or in the temporary folder', () => {
    for (const directory of [sender, receiver]) expect(readdirSync(join(directory, 'work'))).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')('every file is its owner’s alone', () => {
    for (const directory of [sender, receiver]) {
      const entries = readdirSync(directory, { recursive: true }) as string[];
      // The city of a trial school stands for another computer.
      const own = ['', ...entries.filter((path) => !path.startsWith('trial'))];
      expect(own.length).toBeGreaterThan(8);
      expect(own.filter((path) => (statSync(join(directory, path)).mode & 0o077) !== 0)).toEqual([]);
    }
  });

  test.skipIf(process.platform !== 'linux')('a crash of the program or of what it started writes no memory to the disk', () => {
    expect(Number(`0x${readFileSync('/proc/self/coredump_filter', 'latin1').trim()}`)).toBe(0);
    expect(children.map(({ coreDumpFilter }) => Number(`0x${coreDumpFilter}`))).toEqual(children.map(() => 0));
    expect(process.report).toMatchObject({ reportOnFatalError: false, reportOnSignal: false, reportOnUncaughtException: false });
  });
});
