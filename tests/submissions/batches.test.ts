import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Sqlite } from '../../db/connection.ts';
import type { OutgoingFile } from '../../main/application/contract.ts';
import type { InputOf } from '../../main/features/contract.ts';
import { openTrial, type Trial } from '../support/trial.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

/** 高三 hands in apart from the others, in two 梯次 of which the second has what the first left (domain.md §2.1). */
const academicYear = 115;
type Scope = Required<InputOf<'submissions.check'>>;
type Kind = Scope['kind'];

let trial: Trial;
let sqlite: Sqlite;

beforeAll(async () => {
  trial = await openTrial();
  sqlite = trial.application.foundation.connection.sqlite;
  const ticked = '2026-11-20T04:00:00.000Z';
  sqlite
    .prepare("update learning_outcomes set ticked_at = ? where academic_year = 115 and state = 'approved' and certified_at < ?")
    .run(ticked, ticked);
  sqlite.prepare('update diverse_performances set ticked_at = ? where academic_year = 115').run(ticked);
  // 勾選 within its limit, however many the sample uploaded.
  for (const [table, most] of [
    ['learning_outcomes', 6],
    ['diverse_performances', 10],
  ] as const) {
    sqlite.exec(`update ${table} set ticked_at = null where rowid in
      (select rowid from (select rowid, row_number() over (partition by student_id order by id) as place from ${table} where academic_year = 115)
       where place > ${most})`);
  }
});
afterAll(() => trial.close());

const scopeOf = (kind: Kind, batch: Scope['batch']): Scope => ({
  kind,
  academicYear,
  semester: kind === 'cadres' ? 1 : 0,
  batch,
  division: 'day',
});

/** Ids of records, by the grade of the class in which their students sit now. */
function recordsOf(kind: Kind, grades: readonly number[]): string[] {
  const table = { outcomes: 'learning_outcomes', performances: 'diverse_performances', cadres: 'cadres' }[kind];
  return sqlite
    .prepare<[], string>(
      `select r.id from ${table} r join students s on s.id = r.student_id
       where r.academic_year = ${academicYear} and r.deleted_at is null and s.current_grade in (${grades.join(', ')})
         ${kind === 'cadres' ? 'and r.semester = 1' : 'and r.ticked_at is not null'} order by r.id`,
    )
    .pluck()
    .all();
}

/** Ids of every row that the screen lists of a roster. */
async function listed(scope: Scope): Promise<string[]> {
  const { sheets, rows } = await trial.call('submissions.overview', scope);
  const ids: string[] = [];
  for (const { name } of sheets) {
    ids.push(...(await trial.call('submissions.roster', { ...scope, sheet: name, pageSize: 1000 })).rows.map(({ id }) => String(id)));
  }
  expect(ids).toHaveLength(rows);
  return ids.sort();
}

async function coverOf(file: OutgoingFile): Promise<unknown[]> {
  const workbook = new ExcelJS.Workbook();
  const { files } = trial.application;
  if (files.outgoing(file.token).path === null) await workbook.xlsx.load((await files.readOutgoing(file.token, 0, file.bytes)) as never);
  else await workbook.xlsx.readFile(files.outgoingPath(file.token));
  return (workbook.getWorksheet('封面')!.getRow(2).values as unknown[]).slice(1);
}

/** The file for the upload by hand, made after a check without errors. */
async function prepare(scope: Scope) {
  const { id: precheckId, errors } = await trial.runJob('submissions.check', scope);
  expect(errors).toBe(0);
  return trial.runJob('submissions.prepareUpload', { ...scope, precheckId, confirmWarnings: true });
}

const answer = (kind: Kind, id: string, statusText: string) =>
  trial.call('submissions.recordResult', { kind, id, submissionFileId: '61234', statusText });

const codes: Record<Kind, [regular: string, senior1: string, senior2: string]> = {
  cadres: ['24', '34', '74'],
  performances: ['25', '35', '75'],
  outcomes: ['26', '36', '76'],
};

describe.each(['outcomes', 'performances', 'cadres'] as const)('梯次 of %s', (kind) => {
  const [regularCode, firstCode, secondCode] = codes[kind];

  test('given third graders with records, then they stand in 高三 alone and everybody else in 一般 alone', async () => {
    const seniors = recordsOf(kind, [3]);
    const others = recordsOf(kind, [1, 2]);
    expect(Math.min(seniors.length, others.length)).toBeGreaterThan(2);
    expect(await listed(scopeOf(kind, 'senior1'))).toEqual(seniors);
    expect(await listed(scopeOf(kind, 'regular'))).toEqual(others);
  });

  test('then each has its own 名冊別 on the 封面', async () => {
    for (const [batch, code] of [
      ['regular', regularCode],
      ['senior1', firstCode],
      ['senior2', secondCode],
    ] as const) {
      const scope = scopeOf(kind, batch);
      expect((await trial.call('submissions.overview', scope)).rosterCode).toBe(code);
      const { file } = await trial.runJob('submissions.exportRoster', { ...scope, evenWithErrors: true });
      expect(await coverOf(file)).toEqual(['999999', '115', String(scope.semester), code]);
      expect(file.name.startsWith(`${code}_`)).toBe(true);
    }
  });

  test('given 第一梯次 handed in, then 第二梯次 has everything while it waits or is refused, and what came later once it is accepted', async () => {
    const seniors = recordsOf(kind, [3]);
    const table = { outcomes: 'learning_outcomes', performances: 'diverse_performances', cadres: 'cadres' }[kind];
    const late = seniors.at(-1)!;
    // One that is not there yet when the first is handed in.
    sqlite.prepare(`update ${table} set deleted_at = '2026-11-21T00:00:00.000Z' where id = ?`).run(late);
    const { id } = await prepare(scopeOf(kind, 'senior1'));
    sqlite.prepare(`update ${table} set deleted_at = null where id = ?`).run(late);

    const second = scopeOf(kind, 'senior2');
    expect(await listed(second)).toEqual(seniors);
    await answer(kind, id, '資料檢核錯誤，請重新上傳{名冊名稱=學生自填多元表現名冊}');
    expect(await listed(second)).toEqual(seniors);
    await answer(kind, id, '檢核無誤，資料已匯入');
    expect(await listed(second)).toEqual([late]);
    expect(await listed(scopeOf(kind, 'senior1'))).toEqual(seniors);

    const sent = await prepare(second);
    expect([sent.rows, sent.students]).toEqual([1, 1]);
    expect(await coverOf(sent.file)).toEqual(['999999', '115', String(second.semester), secondCode]);
    sqlite.prepare(`update ${table} set deleted_at = '2026-11-21T00:00:00.000Z' where id = ?`).run(late);
    await expect(trial.runJob('submissions.check', second)).rejects.toMatchObject({ code: 'submissions.empty' });
    sqlite.prepare(`update ${table} set deleted_at = null where id = ?`).run(late);
  });
});

test('before 110 nobody is in 高三 yet, and no 梯次 but 一般 is offered', async () => {
  const id = trial.application.foundation.connection.sqlite.prepare<[], string>('select id from class_sections limit 1').pluck().get()!;
  sqlite
    .prepare(
      'insert into class_sections (id, version, academic_year, semester, grade, code, name, sort_key) values (?, 1, 109, 1, 1, ?, ?, ?)',
    )
    .run(`${id}-109`, '101', '一年一班', '0001年0001班');
  const { rosters } = await trial.call('submissions.choices', { kind: 'outcomes' });
  const batchesOf = (year: number) => rosters.find((each) => each.academicYear === year)!.batches.map(({ batch }) => batch);
  expect(batchesOf(109)).toEqual(['regular']);
  expect(batchesOf(115)).toEqual(['regular', 'senior1', 'senior2']);
});
