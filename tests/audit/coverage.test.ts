import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { auditActions, type Operation } from '../../main/application/contract.ts';
import { operations } from '../../main/features/contract.ts';
import { openTrial, type Trial } from '../support/trial.ts';
import { fieldsRead } from './fields-read.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

/** Every operation of the contract is in the audit log, or here with the reason why not. */

const figures = 'figures only';
const settings = 'settings of the school, nobody’s data';
const teachers = 'teachers and classes, no student';
const choices = 'what a form offers to choose from';

const withoutEntry = new Map<string, string>([
  ['session.status', 'before sign-in: the school’s name, and the trial school’s own first password'],
  ['session.newCaptcha', 'before sign-in: four letters'],
  ['session.readCaptchaAloud', 'before sign-in: the same letters'],
  ['jobs.list', 'the account’s own jobs: each has its entry when it ends, and only its owner sees what came of it'],
  ['jobs.cancel', 'the job’s own entry says that it was cancelled'],
  ['jobs.dismiss', 'takes an ended job out of the tray; its entry stays'],
  ['dashboard.overview', figures],
  ['sync.problems', 'ids and paths of records, no values'],
  ['sync.overview', figures],
  ['sync.checkConnection', 'asks the city whether it is there'],
  ['roles.list', settings],
  ['roles.members', teachers],
  ['roles.modules', settings],
  ['roles.people', teachers],
  ['parameters.values', settings],
  ['courseCounselors.list', teachers],
  ['courseCounselors.teachers', teachers],
  ['courseCounselors.summary', figures],
  ['courseCounselors.classes', teachers],
  ['courseCounselors.previous', teachers],
  ['coTeaching.list', teachers],
  ['performances.summary', figures],
  ['schedule.list', settings],
  ['schedule.overview', settings],
  ['outcomes.summary', figures],
  ['outcomes.classStatistics', figures],
  ['outcomes.yearByClass', figures],
  ['receipts.list', 'kinds, sizes and times of what was received'],
  ['certification.teachers', teachers],
  ['certification.summary', figures],
  ['certification.addresses', teachers],
  ['certification.deputies', teachers],
  ['certification.teacherOptions', teachers],
  ['usage.list', figures],
  ['selfStudy.list', teachers],
  ['selfStudy.groups', settings],
  ['selfStudy.members', teachers],
  ['selfStudy.order', settings],
  ['temporaryAccounts.ticking', settings],
  ['counselors.list', teachers],
  ['counselors.summary', figures],
  ['terms.list', settings],
  ['terms.offered', choices],
  ['terms.state', settings],
  ['transferIn.list', 'names of files and how many were in them'],
  ['transferCases.summary', figures],
  ['transferCases.schools', choices],
  ['slips.dueDates', figures],
  ['slips.form', choices],
  ['slips.count', figures],
  ['submissions.list', 'the national database’s log: rosters, not their rows'],
  ['submissions.choices', choices],
  ['submissions.overview', figures],
  ['submissions.sheet', 'headings'],
  ['submissions.detail', 'one line of that log'],
  ['receiptStatements.list', 'files that were read and how many rows they had'],
  ['receiptStatements.summary', figures],
  ['audit.state', 'whether the log is whole'],
  ['audit.retention', figures],
  ['retention.summary', figures],
  ['retention.purges', 'who purged how many, when and why'],
  ['retention.purgeDetail', figures],
  ['backup.list', 'when backups were made, and where they lie'],
  ['backup.state', figures],
  ['backup.overview', settings],
  ['backup.rescueState', 'before sign-in: when the newest backup was made, of which school'],
]);

const audited = [...operations].filter(([, { audit }]) => audit !== undefined);
const keysOf = (schema: z.ZodType): string[] => {
  if (schema instanceof z.ZodObject) return Object.entries(schema.shape).flatMap(([key, value]) => [key, ...keysOf(value as z.ZodType)]);
  if (schema instanceof z.ZodArray) return keysOf(schema.element as z.ZodType);
  if (schema instanceof z.ZodUnion) return (schema.options as z.ZodType[]).flatMap(keysOf);
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) return keysOf(schema.unwrap() as z.ZodType);
  return [];
};

describe('the contract', () => {
  test('has an entry for every operation but those named here', () => {
    const silent = [...operations].filter(([, { audit }]) => audit === undefined).map(([name]) => name);
    expect(silent.filter((name) => !withoutEntry.has(name))).toEqual([]);
    expect([...withoutEntry.keys()].filter((name) => !silent.includes(name))).toEqual([]);
  });

  test('changes, exports and prints nothing without an entry', () => {
    const doers = [...withoutEntry.keys()].filter((name) => operations.get(name)!.kind !== 'query');
    expect(doers).toEqual(['jobs.cancel', 'jobs.dismiss', 'sync.checkConnection']);
  });

  test.each(audited)('%s is entered as what it is', (name, { audit, kind, output }: Operation) => {
    const does = name.slice(name.indexOf('.') + 1);
    expect(auditActions).toHaveProperty(audit!.action);
    if (/^export/.test(does)) expect(audit!.action).toBe('export');
    if (/^print/.test(does)) expect(['print', 'reveal']).toContain(audit!.action);
    if (kind === 'query') expect(['view', 'reveal']).toContain(audit!.action);
    // A file that leaves the program is more than a view, unless it is shown in the window.
    if (
      kind !== 'query' &&
      keysOf(output).includes('file') &&
      !['cabinet.openFile', 'slips.preview', 'transferIn.openFile'].includes(name)
    ) {
      expect(['export', 'print', 'reveal', 'import']).toContain(audit!.action);
    }
  });

  test('enters every password that is shown as shown', () => {
    const shown = [...operations]
      .filter(([, { output }]) => keysOf(output).some((key) => /password/i.test(key) && !/^(has|must)/.test(key)))
      .filter(([, { audit }]) => audit?.action !== 'reveal')
      .map(([name]) => name);
    // Before sign-in: the trial school's own password.
    expect(shown).toEqual(['session.status']);
  });

  test('enters signing in and out, locking and unlocking', () => {
    const entered = audited.filter(([, { audit }]) => audit!.action === 'signIn').map(([name]) => name);
    expect(entered).toEqual(['session.signIn', 'session.lock', 'session.unlock', 'session.signOut']);
  });

  test('says how many students wherever there are any', () => {
    // Those that can't: they change settings, or nobody can be named before they are done.
    const countless = audited.filter(([, { audit }]) => audit!.students === undefined && audit!.count === undefined).map(([name]) => name);
    const withStudents = countless.filter((name) => {
      const { input, output } = operations.get(name)!;
      return [...keysOf(input), ...keysOf(output)].some((key) => /^student./.test(key));
    });
    expect(withStudents).toEqual([]);
  });
});

/** What summaries may be made of. A new field is looked at before it is put here: no name, number or password of a student. */
const wordsOfSummaries = new Set([
  ...[
    'academicYear',
    'semester',
    'startsOn',
    'endsOn',
    'confirmFrom',
    'confirmUntil',
    'expiresOn',
    'on',
    'item',
    'kind',
    'direction',
    'how',
  ],
  ...['add', 'added', 'changes', 'classIds', 'courses', 'errors', 'failed', 'mended', 'remove', 'rows', 'saved', 'stages', 'warnings'],
  ...['answer', 'choice', 'processingStatus', 'resource', 'submissionFileId', 'enabled'],
  // Role groups, their modules and rights, and accounts of teachers.
  ...['code', 'modules', 'module', 'create', 'update', 'delete', 'accountName', 'accountNames'],
  // Of a group of teachers; of a school.
  'name',
  // Of a purge of the log.
  ...['keptYears', 'entries', 'fromSequence', 'throughSequence', 'checkpoint'],
  // Of backups: when, how much, where they lie, and the number of the paper that opens them.
  ...['files', 'madeAt', 'ok', 'time', 'secondPlace', 'savedAs', 'keyId'],
  // Typed by the clerk: what looks like a number, and the student's own name, is struck out (below).
  'reason',
]);

test.each(audited.filter(([, { audit }]) => audit!.summary))(
  'the summary of %s is made of nobody’s data',
  (_name, { audit }: Operation) => {
    expect([...fieldsRead(audit!.summary!)].filter((field) => !wordsOfSummaries.has(field))).toEqual([]);
  },
);

describe('in a school', () => {
  let trial: Trial;
  let pupils: { id: string; number: string; name: string; identity: string | null; account: string | null }[];
  const sqlite = () => trial.application.foundation.connection.sqlite;
  const newest = () =>
    sqlite()
      .prepare('select operation, summary, student_ids as ids, student_count as count from audit_entries order by sequence desc limit 1')
      .get() as { operation: string; summary: string; ids: string; count: number };

  beforeAll(async () => {
    trial = await openTrial();
    pupils = sqlite().prepare('select id, student_number as number, name, identity, account from students').all() as typeof pupils;
  });
  afterAll(() => trial.close());

  /** What identifies a student and nobody else: a teacher may have the same name. */
  const telling = () => {
    const ofTeachers = new Set(sqlite().prepare('select name from teachers').pluck().all() as string[]);
    return pupils.flatMap(({ id, number, identity, account, name }) =>
      [id, number, identity, account, ofTeachers.has(name) ? null : name].filter((value): value is string => value !== null),
    );
  };

  const term = { academicYear: 115, semester: 1 };
  const roster = { kind: 'outcomes', academicYear: 114, semester: 0 } as const;
  const inputs: Record<string, () => unknown> = {
    'session.readCaptchaAloud': () => ({ id: 'none' }),
    'roles.modules': () => ({ groupId: sqlite().prepare('select id from role_groups limit 1').pluck().get() }),
    'roles.people': () => ({ groupId: sqlite().prepare('select id from role_groups limit 1').pluck().get() }),
    'courseCounselors.classes': () => ({ ...term, teacherId: sqlite().prepare('select id from teachers limit 1').pluck().get() }),
    'performances.summary': () => ({ academicYear: 115 }),
    'outcomes.yearByClass': () => ({ ...term, statisticsYear: 114, pageSize: 1000 }),
    'selfStudy.groups': () => ({ kind: 'subject' }),
    'selfStudy.members': () => ({ groupId: sqlite().prepare('select id from certifier_groups limit 1').pluck().get() }),
    'transferCases.summary': () => ({ direction: 'out' }),
    'transferCases.schools': () => ({ direction: 'out' }),
    'slips.count': () => ({ grade: 1, dueDate: '2026-12-04', remarks: '' }),
    'submissions.list': () => ({ kind: 'outcomes' }),
    'submissions.choices': () => ({ kind: 'outcomes' }),
    'submissions.overview': () => roster,
    'submissions.sheet': () => ({ ...roster, sheet: '學期課程學習成果' }),
    'submissions.detail': () => ({
      kind: 'outcomes',
      id: sqlite().prepare("select id from submissions where kind = 'outcomes' limit 1").pluck().get(),
    }),
    'receiptStatements.list': () => ({ kind: 'outcomes' }),
  };
  /** Not called: what they need is made by tests of their own, or they answer nothing of the school. */
  const notCalled = new Set([
    'jobs.list',
    'jobs.cancel',
    'jobs.dismiss',
    'session.readCaptchaAloud',
    'receiptStatements.summary',
    'retention.purgeDetail',
  ]);

  test.each([...withoutEntry].filter(([name]) => !notCalled.has(name)))('%s, which has no entry, answers nobody’s data', async (name) => {
    const operation = operations.get(name)!;
    const input = inputs[name]?.() ?? (operation.input.safeParse({}).success ? {} : term);
    const answer = await trial.application.call({ connectionId: trial.connectionId }, name, input);
    expect(answer).toMatchObject({ ok: true });
    const text = JSON.stringify(answer);
    expect(telling().filter((value) => text.includes(`"${value}"`))).toEqual([]);
  });

  test('a page counts its students, an export all that it holds, each once', async () => {
    const enrolled = await trial.call('outcomes.list', { ...term, pageSize: 100 });
    expect(newest()).toMatchObject({ operation: 'outcomes.list', count: enrolled.rows.length });
    // One row an outcome, several of a student.
    const pending = await trial.call('certification.list', { ...term, pageSize: 1000 });
    const concerned = new Set(pending.rows.map(({ studentId }) => studentId));
    expect(concerned.size).toBeLessThan(pending.rows.length);
    expect(newest()).toMatchObject({ operation: 'certification.list', count: concerned.size });
    expect(await trial.runJob('certification.exportWorkbook', term)).toMatchObject({ rows: pending.total, students: concerned.size });
    expect(newest()).toMatchObject({ operation: 'certification.exportWorkbook', count: concerned.size });
    await trial.runJob('certification.printReport', term);
    expect(newest()).toMatchObject({ operation: 'certification.printReport', count: concerned.size });
    await trial.runJob('outcomes.exportClassStatistics', term);
    expect(newest()).toMatchObject({ operation: 'outcomes.exportClassStatistics', count: 0 });
    const { slips } = await trial.runJob('slips.print', { grade: 1, dueDate: '2026-12-04', remarks: '' });
    expect(newest()).toMatchObject({ operation: 'slips.print', count: slips });
    const returns = await trial.call('slips.returns', { ...term, pageSize: 100 });
    expect(newest()).toMatchObject({ operation: 'slips.returns', count: returns.total });
  });

  test('a student named twice counts once, and a few are kept by id', async () => {
    const [first, second] = pupils.filter(({ identity }) => identity !== null);
    await trial.call('transferOut.preview', { studentIds: [first!.id, second!.id, first!.id] });
    expect(newest()).toMatchObject({ ids: JSON.stringify([first!.id, second!.id]), count: 2 });
  });

  test('what a clerk types as a reason loses the student’s name and number, and anything like an identity', async () => {
    const pupil = pupils.find(({ identity, account }) => identity !== null && account !== null)!;
    const reason = `${pupil.name}（${pupil.number}，${pupil.account}）的證號 ${pupil.identity} 查驗無誤，父 A123456789`;
    await trial.call('submissions.waiveIdentity', { kind: 'outcomes', studentId: pupil.id, reason });
    expect(newest()).toMatchObject({
      operation: 'submissions.waiveIdentity',
      ids: JSON.stringify([pupil.id]),
      summary: '略過身分證號檢查：［學生］（［學生］，［學生］）的證號 ［證號］ 查驗無誤，父 ［證號］',
    });
  });

  test('nothing of it all is in the log: no name, no number, no identity, no password', async () => {
    const [pupil] = pupils;
    const password = 'a password that was typed as an account';
    await trial.application.signIn('stranger', password, password);
    await trial.application.signIn('stranger', '999999adm', password);
    await trial.call('students.list', { filter: { name: pupil!.name, identity: pupil!.identity ?? '' } });
    await trial.call('students.find', { text: pupil!.number });
    await trial.call('audit.list', { student: pupil!.name, filter: { summary: pupil!.number } });
    const leaver = sqlite()
      .prepare("select id from students where status = 'transferredOut' and identity is not null limit 1")
      .pluck()
      .get() as string;
    const { files } = await trial.runJob('transferOut.produce', { studentIds: [leaver] });
    const { password: filePassword } = await trial.call('transferOut.fileInformation', { id: files[0]!.id });
    await trial.call('transferOut.printHandover', { id: files[0]!.id });
    const account = sqlite().prepare("select id from accounts where kind = 'teacher' limit 1").pluck().get() as string;
    const { oneTimePassword } = await trial.call('roles.givePassword', { accountId: account });
    const texts = sqlite()
      .prepare("select account_name || ' ' || summary || ' ' || outcome || ' ' || operation from audit_entries")
      .pluck()
      .all() as string[];
    expect(texts.length).toBeGreaterThanOrEqual(15);
    const secrets = [password, filePassword, oneTimePassword];
    const personal = pupils
      .flatMap(({ number, name, identity, account }) => [number, name, identity, account])
      .filter((value) => value !== null);
    expect([...secrets, ...personal].filter((value) => texts.some((text) => text.includes(value)))).toEqual([]);
    expect(texts.filter((text) => text.includes('登入') || text.includes('session.')).length).toBeGreaterThan(0);
  });
});
