import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { answerOf, inDatabase, password, refusalOf, run } from './command-line.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

interface Contents {
  ok: boolean;
  tables: Record<string, number>;
  files: number;
}
interface Row {
  studentNumber: string;
}

let folder: string;
let school: string;
let file: string;
let created: Contents & { path: string };
let recoveryKey: string;

const students = (data: string) => answerOf<{ total: number; rows: Row[] }>(['students', 'list'], { data });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-backup-'));
  school = join(folder, 'school');
  file = join(folder, 'usb', '本校.portfolio-backup');
  const made = await answerOf<{ recoveryKey: string }>(['trial', 'create', '--students', '15', '--years', '2', '--seed', '4'], {
    data: school,
  });
  recoveryKey = made.recoveryKey;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('backup create', () => {
  test('writes one verified file with rows by table and the number of files, and counts for doctor', async () => {
    created = await answerOf<Contents & { path: string }>(['backup', 'create', '--out', file], { data: school });
    expect(created).toMatchObject({ ok: true, path: file, files: expect.any(Number) });
    const counted = await inDatabase(school, ({ sqlite }) => sqlite.prepare('select count(*) from course_records').pluck().get());
    expect(created.tables).toMatchObject({ students: 15, course_records: counted });
    expect(readdirSync(join(folder, 'usb'))).toEqual(['本校.portfolio-backup']);
    const { checks } = await answerOf<{ checks: { name: string; ok: boolean; message: string }[] }>(['doctor'], { data: school });
    expect(checks.find(({ name }) => name === 'backup')).toMatchObject({
      ok: true,
      message: expect.stringContaining('最近一次驗證過的備份'),
    });
  });

  test('never writes over a file', async () => {
    const before = readFileSync(file);
    expect((await refusalOf(['backup', 'create', '--out', file], { data: school })).code).toBe('file.exists');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('needs an account', async () => {
    const options = { data: school, env: { PORTFOLIO_PASSWORD: 'wrong' } };
    expect((await refusalOf(['backup', 'create', '--out', join(folder, 'never')], options)).code).toBe('session.wrong');
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });
});

describe('backup verify', () => {
  test('answers what create answered', async () => {
    const { ok, tables, files } = created;
    expect(await answerOf(['backup', 'verify', file], { data: school })).toMatchObject({ ok, tables, files });
  });

  test('of a file with one byte changed, of half of one, and of another file is refused', async () => {
    const bytes = readFileSync(file);
    const changed = join(folder, 'changed');
    const flipped = Buffer.from(bytes);
    flipped[Math.floor(flipped.length / 2)]! ^= 1;
    writeFileSync(changed, flipped);
    expect((await refusalOf(['backup', 'verify', changed], { data: school })).code).toBe('backup.damaged');
    writeFileSync(changed, bytes.subarray(0, bytes.length / 2));
    expect((await refusalOf(['backup', 'verify', changed], { data: school })).code).toBe('backup.damaged');
    writeFileSync(changed, 'a letter');
    expect((await refusalOf(['backup', 'verify', changed], { data: school })).code).toBe('backup.notBackup');
    expect((await refusalOf(['backup', 'verify', join(folder, 'nothing')], { data: school })).code).toBe('backup.gone');
  });

  test('on another computer needs the recovery key, typed right', async () => {
    const elsewhere = join(folder, 'elsewhere');
    expect((await refusalOf(['backup', 'verify', file], { data: elsewhere })).code).toBe('backup.keyNeeded');
    const wrong = recoveryKey.replace(/^./, recoveryKey.startsWith('A') ? 'B' : 'A');
    const refused = await refusalOf(['backup', 'verify', file], { data: elsewhere, env: { PORTFOLIO_RECOVERY_KEY: wrong } });
    expect(refused).toMatchObject({ code: 'recoveryKey.group', details: { group: 1 } });
    const answer = await answerOf<Contents>(['backup', 'verify', file], { data: elsewhere, env: { PORTFOLIO_RECOVERY_KEY: recoveryKey } });
    expect(answer.tables).toEqual(created.tables);
    expect(existsSync(elsewhere)).toBe(false);
  });
});

describe('backup restore', () => {
  test('into an empty directory with the recovery key makes a working school with a key of its own', async () => {
    const elsewhere = join(folder, 'new-computer');
    expect((await refusalOf(['backup', 'restore', file], { data: elsewhere })).code).toBe('backup.keyNeeded');
    const restored = await answerOf<Contents>(['backup', 'restore', file], {
      data: elsewhere,
      env: { PORTFOLIO_RECOVERY_KEY: recoveryKey },
    });
    expect(restored).toMatchObject({ ok: true, tables: created.tables, files: created.files });
    expect(readFileSync(join(elsewhere, 'secret.key'), 'utf8')).not.toBe(readFileSync(join(school, 'secret.key'), 'utf8'));
    expect(await students(elsewhere)).toEqual(await students(school));
    const synced = await answerOf<{ pushed: number; pending: number }>(['sync'], { data: elsewhere });
    expect(synced).toMatchObject({ pushed: 0, pending: 0 });
    expect((await answerOf<{ ok: boolean }>(['doctor'], { data: elsewhere })).ok).toBe(true);
    expect(readdirSync(elsewhere)).not.toContain('restore.json');
    expect(readdirSync(elsewhere)).not.toContain('restore');
  });

  test('goes back to the backup, and keeps what was there', async () => {
    await inDatabase(school, ({ sqlite }) => sqlite.prepare("update students set name = '改過的名字'").run());
    const restored = await answerOf<Contents & { keptIn: string }>(['backup', 'restore', file], { data: school });
    expect(restored).toMatchObject({ ok: true, tables: created.tables });
    const named = (data: string) =>
      inDatabase(data, ({ sqlite }) => sqlite.prepare("select count(*) from students where name = '改過的名字'").pluck().get());
    expect(await named(school)).toBe(0);
    expect(existsSync(join(restored.keptIn, 'portfolio.db'))).toBe(true);
    copyFileSync(join(school, 'secret.key'), join(restored.keptIn, 'secret.key'));
    expect(await named(restored.keptIn)).toBe(15);
    // The backup that was made before lies among the others.
    expect(readdirSync(join(school, 'backups')).filter((name) => name.endsWith('.portfolio-backup'))).toHaveLength(1);
    const entries = await inDatabase(school, ({ sqlite }) =>
      sqlite.prepare("select operation from audit_entries where operation like 'backup.%' order by sequence").pluck().all(),
    );
    expect(entries).toEqual(['backup.download', 'backup.noteSaved', 'backup.restore', 'backup.restored']);
  });

  test('of a damaged database and of a lost key needs no account; the damaged one is kept', async () => {
    const damaged = join(folder, 'damaged');
    await answerOf(['backup', 'restore', file], { data: damaged, env: { PORTFOLIO_RECOVERY_KEY: recoveryKey } });
    writeFileSync(join(damaged, 'portfolio.db'), Buffer.alloc(50_000, 3));
    const error = await refusalOf(['students', 'list'], { data: damaged });
    expect(error.code).toBe('database.damaged');
    const env = { PORTFOLIO_RECOVERY_KEY: recoveryKey, PORTFOLIO_PASSWORD: '' };
    const restored = await answerOf<{ keptIn: string }>(['backup', 'restore', file], { data: damaged, env });
    expect(readFileSync(join(restored.keptIn, 'portfolio.db')).equals(Buffer.alloc(50_000, 3))).toBe(true);
    expect((await students(damaged)).total).toBe(15);

    rmSync(join(damaged, 'secret.key'));
    expect((await refusalOf(['students', 'list'], { data: damaged })).code).toBe('secrets.lost');
    expect((await refusalOf(['backup', 'restore', file], { data: damaged })).code).toBe('backup.keyNeeded');
    expect(existsSync(join(damaged, 'secret.key'))).toBe(false);
    await answerOf(['backup', 'restore', file], { data: damaged, env });
    expect((await students(damaged)).total).toBe(15);
  });

  test('of another school is refused and changes nothing', async () => {
    const other = join(folder, 'other');
    await answerOf(['trial', 'create', '--students', '3', '--years', '1', '--school', '888888', '--without-portfolios'], { data: other });
    expect((await refusalOf(['backup', 'restore', file], { data: other })).code).toBe('backup.otherSchool');
    expect((await students(other)).total).toBe(3);
  });

  test('no argument, log or answer holds the recovery key or the password', async () => {
    for (const data of [school, join(folder, 'new-computer'), join(folder, 'damaged')]) {
      const logs = readdirSync(join(data, 'logs')).map((name) => readFileSync(join(data, 'logs', name), 'utf8'));
      for (const secret of [password, recoveryKey, recoveryKey.slice(0, 5)]) expect(logs.join('')).not.toContain(secret);
    }
    expect((await run(['backup', 'verify', file, '--recovery-key', recoveryKey], { data: school })).status).toBe(2);
  });
});
