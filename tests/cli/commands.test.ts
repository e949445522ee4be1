import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { accounts, roleGroupModules, roleGroups, roleMembers } from '../../db/schema/index.ts';
import { hashPassword } from '../../main/features/session/password.ts';
import { answerOf, inDatabase, password, refusalOf, run } from './command-line.ts';

/** Each test starts several processes; on a busy machine that takes its time. */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** Two small schools with the same register: 999999 keeps portfolios, 888888 receives them. */
let folder: string;
let school: string;
let receiving: string;

interface Row {
  studentNumber: string;
  name: string;
  className: string;
  seatNumber: number;
  grade: number;
}
interface Listing {
  total: number;
  rows: Row[];
}
interface ExportedFile {
  path: string;
  md5: string;
  password: string;
  students: number;
  bytes: number;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'));
  school = join(folder, 'school');
  receiving = join(folder, 'receiving');
  const size = ['--students', '24', '--years', '3', '--seed', '5'];
  expect(await answerOf(['trial', 'create', ...size], { data: school })).toEqual({
    schoolCode: '999999',
    students: 24,
    dataDir: school,
    recoveryKey: expect.stringMatching(/^(\w{5}-){6}\w{5}$/),
  });
  await answerOf(['trial', 'create', ...size, '--school', '888888', '--without-portfolios'], { data: receiving });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const list = (...args: string[]) => answerOf<Listing>(['students', 'list', ...args], { data: school });

describe('trial create', () => {
  test('where a school is already, is refused and changes nothing', async () => {
    const before = readdirSync(school);
    expect((await refusalOf(['trial', 'create', '--students', '10'], { data: school })).code).toBe('trial.exists');
    expect(readdirSync(school)).toEqual(before);
    expect((await list()).total).toBe(24);
  });
});

describe('signing in', () => {
  test('a wrong password is refused with status 1', async () => {
    const error = await refusalOf(['students', 'list'], { data: school, env: { PORTFOLIO_PASSWORD: 'wrong' } });
    expect(error.code).toBe('session.wrong');
  });

  test('the password may come from stdin, and no other way is a command', async () => {
    const options = { data: school, env: { PORTFOLIO_PASSWORD: '' } };
    expect((await run(['students', 'list'], options)).status).toBe(2);
    const answer = await answerOf<Listing>(['students', 'list', '--password-stdin'], { ...options, stdin: `${password}\n` });
    expect(answer.total).toBe(24);
    expect((await run(['students', 'list', '--password', password], options)).status).toBe(2);
  });

  test('an account may do what its groups allow, and each command is in the audit log under its name', async () => {
    const passwordHash = await hashPassword(password);
    await inDatabase(school, ({ orm }) => {
      orm.insert(accounts).values({ id: 'clerk', name: 'clerk', displayName: '組員', kind: 'teacher', passwordHash, enabled: true }).run();
      orm.insert(roleGroups).values({ id: 'slips', code: '901', name: '確認單人員', enabled: true }).run();
      orm.insert(roleGroupModules).values({ roleGroupId: 'slips', module: 'S0222S' }).run();
      orm.insert(roleMembers).values({ roleGroupId: 'slips', accountId: 'clerk' }).run();
    });
    const [student] = (await answerOf<Listing>(['students', 'list', '--account', 'clerk'], { data: school })).rows;
    const refused = await refusalOf(['student', 'show', student!.studentNumber, '--account', 'clerk'], { data: school });
    expect(refused.code).toBe('permission.denied');
    const entries = await inDatabase(school, ({ sqlite }) =>
      sqlite.prepare("select operation, outcome from audit_entries where account_name = 'clerk' order by sequence").all(),
    );
    expect(entries).toEqual([
      { operation: 'session.signIn', outcome: 'done' },
      { operation: 'students.list', outcome: 'done' },
      { operation: 'session.signOut', outcome: 'done' },
      { operation: 'session.signIn', outcome: 'done' },
      { operation: 'cabinet.read', outcome: 'permission.denied' },
      { operation: 'session.signOut', outcome: 'done' },
    ]);
  });

  test('an account that must change its password first is told to do so in the window', async () => {
    const passwordHash = await hashPassword(password);
    await inDatabase(school, ({ orm }) => {
      orm
        .insert(accounts)
        .values({ id: 'new', name: 'new', displayName: '新人', kind: 'teacher', passwordHash, enabled: true, mustChangePassword: true })
        .run();
    });
    const error = await refusalOf(['students', 'list', '--account', 'new'], { data: school });
    expect(error.code).toBe('session.mustChangePassword');
  });
});

describe('sync', () => {
  test('with nothing new moves nothing, and names each resource with its figures', async () => {
    const result = await answerOf<{ resources: Record<string, unknown>[]; pushed: number; pending: number }>(['sync'], { data: school });
    expect(result).toMatchObject({ pushed: 0, pending: 0 });
    expect(result.resources.map(({ name }) => name)).toEqual(expect.arrayContaining(['students', 'teachers', 'outcomes', 'performances']));
    for (const resource of result.resources) {
      expect(resource).toMatchObject({ received: 0, upserted: 0, deleted: 0 });
      expect(resource.seconds).toEqual(expect.any(Number));
    }
  });

  test('of one resource in full receives it again', async () => {
    const { resources } = await answerOf<{ resources: { name: string; received: number }[] }>(
      ['sync', '--resource', 'students', '--full'],
      { data: school },
    );
    expect(resources.map(({ name, received }) => [name, received])).toEqual([['students', 24]]);
  });
});

describe('students list', () => {
  test('lists in pages of what was asked for, with the total of all', async () => {
    const all = await list();
    expect(all.rows).toHaveLength(24);
    const [first] = all.rows;
    expect(Object.keys(first!).sort()).toEqual(['className', 'grade', 'name', 'seatNumber', 'studentNumber']);
    const some = await list('--limit', '5');
    expect(some.total).toBe(24);
    expect(some.rows).toEqual(all.rows.slice(0, 5));
  });

  test('finds by grade, class code or class name, number and name', async () => {
    const all = (await list()).rows;
    const [first] = all;
    const inGrade = await list('--grade', '2');
    expect(inGrade.rows.map((row) => row.studentNumber)).toEqual(all.filter((row) => row.grade === 2).map((row) => row.studentNumber));
    const inClass = await list('--class', first!.className);
    expect(inClass.rows).toEqual(all.filter((row) => row.className === first!.className));
    const code = await inDatabase(
      school,
      ({ sqlite }) =>
        sqlite
          .prepare('select code from class_sections where name = ? order by academic_year desc')
          .pluck()
          .get(first!.className) as string,
    );
    expect(await list('--class', code)).toEqual(inClass);
    const numbers = all.map((row) => row.studentNumber).sort();
    const between = await list('--number', `${numbers[3]}..${numbers[7]}`);
    expect(between.rows.map((row) => row.studentNumber).sort()).toEqual(numbers.slice(3, 8));
    expect((await list('--name', first!.name)).rows).toContainEqual(first);
  });

  test('read by a person, ends with the line of the grid', async () => {
    const text = await run(['students', 'list', '--limit', '5'], { data: school, json: false });
    expect(text.stdout.trimEnd().split('\n').at(-1)).toBe('1 - 5 共 24 條');
  });
});

describe('student show', () => {
  test('shows the cabinet with counts that are those of its sections', async () => {
    const [first] = (await list('--grade', '3')).rows;
    const cabinet = await answerOf<{
      student: { studentNumber: string };
      counts: { courseRecords: number; learningOutcomes: number };
      courseRecords: unknown[];
      learningOutcomes: unknown[];
    }>(['student', 'show', first!.studentNumber], { data: school });
    expect(cabinet.student.studentNumber).toBe(first!.studentNumber);
    expect(cabinet.counts.courseRecords).toBe(cabinet.courseRecords.length);
    expect(cabinet.counts.courseRecords).toBeGreaterThan(0);
    expect(cabinet.counts.learningOutcomes).toBe(cabinet.learningOutcomes.length);
  });

  test('of nobody is refused', async () => {
    expect((await refusalOf(['student', 'show', '00000000'], { data: school })).code).toBe('student.unknown');
  });
});

describe('transfer', () => {
  let files: ExportedFile[];
  let out: string;

  beforeAll(async () => {
    out = join(folder, 'out');
    const { rows } = await list('--grade', '3');
    const numbers = rows.slice(0, 2).map((row) => row.studentNumber);
    ({ files } = await answerOf<{ files: ExportedFile[] }>(['transfer', 'export', '--student', numbers.join(','), '--out', out], {
      data: school,
    }));
  });

  const reading = (file: ExportedFile) => ({ data: receiving, env: { PORTFOLIO_ZIP_PASSWORD: file.password } });

  test('export makes one file a student, whole, with its MD5 in groups and its password', () => {
    expect(files.map(({ students }) => students)).toEqual([1, 1]);
    expect(readdirSync(out).sort()).toEqual(files.map(({ path }) => basename(path)).sort());
    for (const file of files) {
      const content = readFileSync(file.path);
      expect(content.byteLength).toBe(file.bytes);
      expect(file.md5).toMatch(/^[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$/);
      expect(file.md5.replaceAll('-', '').toLowerCase()).toBe(createHash('md5').update(content).digest('hex'));
      expect(file.password.length).toBeGreaterThanOrEqual(16);
    }
  });

  test('export with --one-file makes one for all', async () => {
    const numbers = (await list('--grade', '2')).rows.slice(0, 2).map((row) => row.studentNumber);
    const one = await answerOf<{ files: ExportedFile[] }>(
      ['transfer', 'export', '--student', numbers.join(','), '--one-file', '--out', join(folder, 'one')],
      { data: school },
    );
    expect(one.files.map(({ students }) => students)).toEqual([2]);
  });

  test('export of a number that belongs to nobody names it and makes nothing', async () => {
    const error = await refusalOf(['transfer', 'export', '--student', '00000000', '--out', join(folder, 'none')], { data: school });
    expect(error).toMatchObject({ code: 'student.unknown', details: { studentNumbers: ['00000000'] } });
  });

  test('reading the password is in the audit log', async () => {
    const revealed = await inDatabase(
      school,
      ({ sqlite }) =>
        sqlite.prepare("select count(*) from audit_entries where action = 'reveal' and outcome = 'done'").pluck().get() as number,
    );
    expect(revealed).toBeGreaterThanOrEqual(files.length);
  });

  interface Inspection {
    md5: string;
    senderSchoolCode: string;
    encryption: string;
    origin: { createdAt: string | null; schoolName: string | null; applicationVersion: string | null };
    remarks: string[];
    students: { nationalId: string; name: string; counts: object }[];
    problems: { code: string; message: string; details: object }[];
  }
  const inspect = (file: ExportedFile, ...more: string[]) =>
    answerOf<Inspection>(['transfer', 'inspect', file.path, ...more], reading(file));

  test('inspect describes a file, who made it and when, and imports nothing', async () => {
    const file = files[0]!;
    const inspection = await inspect(file, '--md5', file.md5);
    expect(inspection).toMatchObject({ senderSchoolCode: '999999', encryption: 'AES-256', problems: [], remarks: [] });
    expect(inspection.origin).toEqual({
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      schoolName: '測試高中',
      applicationVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    expect(inspection.students).toHaveLength(1);
    expect(inspection.students[0]).toMatchObject({ nationalId: expect.any(String), name: expect.any(String), counts: expect.any(Object) });
    const imports = await inDatabase(
      receiving,
      ({ sqlite }) => sqlite.prepare('select count(*) from transfer_ins').pluck().get() as number,
    );
    expect(imports).toBe(0);
  });

  test('inspect goes without an MD5, and tells a wrong one beside what is inside', async () => {
    const file = files[0]!;
    const without = await inspect(file);
    expect(without).toMatchObject({ problems: [], remarks: ['沒有輸入 MD5 值，未核對檔案是否完整。'] });
    expect(without.students).toHaveLength(1);
    const wrong = await inspect(file, '--md5', '00000000-0000-0000-0000-000000000000');
    expect(wrong.problems).toMatchObject([{ code: 'transferIn.md5Mismatch', details: { actual: file.md5 } }]);
    expect(wrong.students).toEqual(without.students);
  });

  test('inspect tells what is wrong with a file by code, and what it is all the same', async () => {
    const file = files[0]!;
    const broken = (bytes: Buffer) => {
      const path = join(folder, 'broken.zip');
      writeFileSync(path, bytes);
      return { ...file, path };
    };
    const bytes = readFileSync(file.path);
    const cut = await inspect(broken(bytes.subarray(0, bytes.byteLength / 2)), '--md5', file.md5);
    expect(cut.problems.map(({ code }) => code)).toEqual(['transferIn.md5Mismatch', 'transferIn.truncated']);
    expect(cut).toMatchObject({ students: [], md5: expect.stringMatching(/^[0-9a-f]{32}$/) });
    const none = await inspect(broken(Buffer.from('no archive at all, only a text that someone saved as one')));
    expect(none.problems.map(({ code }) => code)).toEqual(['transferIn.notZip']);
    const locked = await answerOf<Inspection>(['transfer', 'inspect', file.path, '--md5', file.md5], {
      data: receiving,
      env: { PORTFOLIO_ZIP_PASSWORD: 'not-the-password' },
    });
    expect(locked).toMatchObject({ students: [], encryption: 'AES-256', problems: [{ code: 'transferIn.passwordWrong' }] });
  });

  test('inspect in words says all that a clerk is asked for on the telephone', async () => {
    const file = files[0]!;
    const { students } = await inspect(file);
    const args = ['transfer', 'inspect', file.path, '--md5', '00000000-0000-0000-0000-000000000000'];
    const { stdout } = await run(args, { ...reading(file), json: false });
    for (const told of [basename(file.path), file.md5, '999999', '測試高中', 'AES-256', students[0]!.name, '（transferIn.md5Mismatch）']) {
      expect(stdout).toContain(told);
    }
  });

  test.each([
    ['a wrong MD5', { md5: '00000000-0000-0000-0000-000000000000', zip: undefined }, 'transferIn.md5Mismatch'],
    ['no MD5', { md5: '', zip: undefined }, 'transferIn.md5Missing'],
    ['a wrong password', { md5: undefined, zip: 'not-the-password' }, 'transferIn.passwordWrong'],
  ])('import with %s is refused', async (_case, { md5, zip }, code) => {
    const file = files[0]!;
    const args = md5 === '' ? [] : ['--md5', md5 ?? file.md5];
    const error = await refusalOf(['transfer', 'import', file.path, ...args], {
      data: receiving,
      env: { PORTFOLIO_ZIP_PASSWORD: zip ?? file.password },
    });
    expect(error.code).toBe(code);
  });

  test('import of a file that is not there is refused', async () => {
    const error = await refusalOf(['transfer', 'import', join(folder, 'nothing.zip'), '--md5', files[0]!.md5], reading(files[0]!));
    expect(error.code).toBe('file.notFound');
  });

  test('import completes the student, and the same file again adds nothing', async () => {
    const [file] = files;
    const importing = () =>
      answerOf<{ students: number; completed: number; details: { added: Record<string, number>; messages: string[] }[] }>(
        ['transfer', 'import', file!.path, '--md5', file!.md5],
        reading(file!),
      );
    const first = await importing();
    expect(first).toMatchObject({ students: 1, completed: 1 });
    expect(Object.values(first.details[0]!.added).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
    expect(first.details[0]!.messages.length).toBeGreaterThan(0);
    const again = await importing();
    expect(again).toMatchObject({ students: 1, completed: 1 });
    expect(Object.values(again.details[0]!.added).reduce((sum, count) => sum + count, 0)).toBe(0);
  });

  test('import of a record that is here with other content leaves it, unless --conflicts says what to do', async () => {
    const [file] = files;
    const summaries = (sql: string) =>
      inDatabase(receiving, ({ sqlite }) => {
        const statement = sqlite.prepare(sql);
        return statement.reader ? statement.pluck().all() : [statement.run().changes];
      });
    await summaries(
      `update learning_outcomes set summary = '不同', submitted_term = '0000' where id = (select min(id) from learning_outcomes)`,
    );
    const differing = () => summaries("select id from learning_outcomes where summary = '不同'");
    const importing = ['transfer', 'import', file!.path, '--md5', file!.md5];
    expect(await refusalOf(importing, reading(file!))).toMatchObject({
      code: 'transferIn.conflict',
      details: { conflicts: { 課程學習成果: 1 } },
    });
    const kept = await answerOf<{ completed: number; details: { kept: object }[] }>([...importing, '--conflicts', 'keep'], reading(file!));
    expect(kept).toMatchObject({ completed: 1, details: [{ kept: { 課程學習成果: 1 } }] });
    expect(await differing()).toHaveLength(1);
    const replaced = await answerOf<{ completed: number; details: { replaced: object }[] }>(
      [...importing, '--conflicts', 'replace'],
      reading(file!),
    );
    expect(replaced).toMatchObject({ completed: 1, details: [{ replaced: { 課程學習成果: 1 } }] });
    expect(await differing()).toHaveLength(0);
    expect((await run([...importing, '--conflicts', 'newer'], reading(file!))).status).toBe(2);
  });
});

describe('slips', () => {
  test('of a grade are one page a student in one PDF', async () => {
    const out = join(folder, 'slips', '確認單.pdf');
    const { total } = await list('--grade', '2');
    const made = await answerOf<{ slips: number; pages: number; bytes: number; seconds: number }>(
      ['slips', '--grade', '2', '--deadline', '2026-12-18', '--out', out],
      { data: school },
    );
    expect(made).toMatchObject({ slips: total, pages: total });
    const content = readFileSync(out);
    expect(content.subarray(0, 5).toString('latin1')).toBe('%PDF-');
    expect(content.byteLength).toBe(made.bytes);
    expect(readdirSync(join(folder, 'slips'))).toEqual(['確認單.pdf']);
  });

  test('with remarks of a file that is too long are refused and nothing is written', async () => {
    const note = join(folder, 'note.txt');
    writeFileSync(note, '請記得繳回。\n'.repeat(40));
    const out = join(folder, 'never.pdf');
    const args = ['slips', '--grade', '2', '--deadline', '2026-12-18', '--note-file', note, '--out', out];
    expect((await refusalOf(args, { data: school })).code).toBe('slips.remarksTooLong');
    expect(readdirSync(folder)).not.toContain('never.pdf');
  });
});

describe('doctor', () => {
  test('finds a trial school well and says that no backup exists', async () => {
    const diagnosis = await answerOf<{ ok: boolean; checks: { name: string; ok: boolean; message: string }[] }>(['doctor'], {
      data: school,
    });
    expect(diagnosis.checks.map(({ name, ok }) => [name, ok])).toEqual(
      ['database', 'attachments', 'secrets', 'clock', 'disk', 'connection', 'backup'].map((name) => [name, true]),
    );
    expect(diagnosis.ok).toBe(true);
    expect(diagnosis.checks.at(-1)!.message).toContain('還沒有任何備份');
  });
});

test('no log of either school holds a password or an identity', async () => {
  for (const data of [school, receiving]) {
    const logs = readdirSync(join(data, 'logs')).map((name) => readFileSync(join(data, 'logs', name), 'utf8'));
    expect(logs.join('').includes(password)).toBe(false);
    expect(logs.join('')).not.toMatch(/[A-Z][A-D1289]\d{8}/);
  }
});
