import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { errorFrom } from '../../main/platform/errors.ts';
import { temporaryFolder } from '../support/directories.ts';
import { type HandedIn, handInDirectly, scopeOf, statementTables, type TableSheet, tablesWorkbook } from '../support/sent-roster.ts';
import { openTrial, type Trial, trialToday } from '../support/trial.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

const folder = temporaryFolder('receipt-statements');
const confirmation = { confirmFrom: trialToday, confirmUntil: '2026-11-26' };
const scope = scopeOf('outcomes', 114);
let trial: Trial;
let sent: HandedIn;

beforeAll(async () => {
  trial = await openTrial();
  sent = handInDirectly(trial.application.foundation.connection.sqlite, scope);
});
afterAll(async () => {
  await trial.close();
  folder.remove();
});

const sqlite = () => trial.application.foundation.connection.sqlite;
const count = (sql: string, ...parameters: unknown[]) =>
  sqlite()
    .prepare(sql)
    .pluck()
    .get(...parameters) as number;

/** A chosen file. */
function chosen(content: Buffer | string, name = '收訖明細.xlsx') {
  const path = join(folder.path, `${randomUUID()}-upload`);
  writeFileSync(path, content);
  return trial.application.files.receive(path, name, false);
}
const read = (content: Buffer | string, { name, ...also }: { name?: string } & Partial<typeof scope & typeof confirmation> = {}) =>
  trial.runJob('receiptStatements.read', { ...scope, ...confirmation, ...also, file: chosen(content, name) });
const readTables = async (tables: readonly TableSheet[]) => read(await tablesWorkbook(tables));
const code = (error: unknown) => (error as { code?: string }).code;
const comparison = async (statementId: string, filter = {}) =>
  (await trial.call('receiptStatements.comparison', { kind: 'outcomes', statementId, filter, pageSize: 1000 })).rows;

/** The sheet of 學期課程學習成果, headings first. */
const mainSheet = (tables: readonly TableSheet[]) => tables.find(({ name }) => name === '學期課程學習成果')!;

describe('a statement', () => {
  it('of exactly what was handed in agrees with it, record by record', async () => {
    const result = await readTables(statementTables(sent));
    const rows = sent.sheets.reduce((sum, sheet) => sum + sheet.rows.length, 0);
    const students = new Set(sent.sheets.flatMap((sheet) => sheet.rows.map(({ studentId }) => studentId)));
    expect(rows).toBeGreaterThan(50);
    expect(result).toMatchObject({
      rows,
      same: rows,
      missing: 0,
      extra: 0,
      different: 0,
      unknown: 0,
      students: students.size,
      compared: true,
    });
    const summary = await trial.call('receiptStatements.summary', { kind: 'outcomes', statementId: result.id });
    expect(summary).toEqual({
      academicYear: 114,
      semester: 0,
      rosterName: '學生課程學習成果名冊',
      fileName: '收訖明細.xlsx',
      ...confirmation,
      state: 'open',
      compared: true,
      comparison: { same: rows, missing: 0, extra: 0, different: 0 },
      students: students.size,
      correct: 0,
      wrong: 0,
      unanswered: students.size,
    });
    const [listed] = (await trial.call('receiptStatements.list', { kind: 'outcomes' })).rows;
    expect(listed).toMatchObject({
      id: result.id,
      academicYear: 114,
      semester: 0,
      batchName: '一般',
      rows,
      differing: 0,
      unanswered: students.size,
    });
  });

  it('with a record less, one more and one that differs says so of the right students', async () => {
    const tables = statementTables(sent);
    const { rows } = mainSheet(tables);
    const headings = rows[0]!.map(String);
    const at = (heading: string) => headings.indexOf(heading);
    const [dropped, changed] = [rows[3]!, rows[1]!];
    const more = [...changed];
    more[at('科目名稱')] = '多元選修：編織';
    more[at('課程代碼')] = '9'.repeat(23);
    more[at('成果簡述')] = '不是送出去的那一件。';
    more[at('開課年級')] = 9;
    more[at('修課學分')] = 8;
    changed[at('成果簡述')] = '國教署寫的';
    rows.splice(3, 1);
    rows.push(more, ['A123456789', '0990101', 1, '1'.repeat(23), '查無此人', 1, 2, '簡述']);
    const result = await readTables(tables);
    const total = sent.sheets.reduce((sum, sheet) => sum + sheet.rows.length, 0);
    expect(result).toMatchObject({ rows: total + 1, same: total - 2, missing: 1, extra: 2, different: 1, unknown: 1 });

    const differing = (await comparison(result.id)).filter((row) => row.comparison !== 'same');
    const studentOf = (identity: unknown) => sqlite().prepare('select id from students where identity = ?').pluck().get(identity);
    const original = sent.sheets[0]!.rows[0]!.cells[sent.sheets[0]!.headings.indexOf('成果簡述')];
    expect(differing.map((row) => [row.comparison, row.studentId, row.title, row.detail])).toEqual(
      expect.arrayContaining([
        ['different', studentOf(changed[0]), changed[at('科目名稱')], `成果簡述：送出 ${original}，收訖 國教署寫的`],
        ['missing', studentOf(dropped[0]), dropped[at('科目名稱')], ''],
        ['extra', studentOf(changed[0]), '多元選修：編織', ''],
        ['extra', null, '查無此人', ''],
      ]),
    );
    expect(await comparison(result.id, { comparison: 'different' })).toHaveLength(1);
    await trial.call('receiptStatements.remove', { kind: 'outcomes', statementId: result.id });
  });

  it('lists its records by class and seat, first to last and back, on pages that never overlap', async () => {
    const [statement] = (await trial.call('receiptStatements.list', { kind: 'outcomes' })).rows;
    const ask = async (descending: boolean, page: number) =>
      (
        await trial.call('receiptStatements.comparison', {
          kind: 'outcomes',
          statementId: String(statement!.id),
          sort: { key: 'className', descending },
          page,
          pageSize: 40,
        })
      ).rows;
    const first = [...(await ask(false, 1)), ...(await ask(false, 2))];
    expect(new Set(first.map(({ id }) => id)).size).toBe(first.length);
    const places = sqlite()
      .prepare<[string], string>(
        `select c.sort_key || '/' || printf('%03d', e.seat_number) from enrollments e join class_sections c on c.id = e.class_section_id
         where e.student_id = ? and e.academic_year = 114 order by e.semester desc limit 1`,
      )
      .pluck();
    const order = first.map(({ studentId }) => places.get(String(studentId))!);
    expect(order).toEqual([...order].sort());
    expect((await ask(true, 1))[0]!.className).not.toBe(first[0]!.className);
  });

  it('is read however it is written: columns and sheets in another order, a title above, other columns, other names of the identity, days in any form', async () => {
    const tables = statementTables(sent).reverse();
    for (const table of tables) {
      if (table.name === '封面') continue;
      const [headings, ...rows] = table.rows.map((row) => [...row].reverse());
      const birthday = headings!.indexOf('出生日期');
      for (const [index, row] of rows.entries()) {
        const text = String(row[birthday]);
        const western = Number(text.slice(0, 3)) + 1911;
        const [month, date] = [text.slice(3, 5), text.slice(5)];
        row[birthday] = [
          Number(text),
          `${Number(text.slice(0, 3))}/${Number(month)}/${Number(date)}`,
          `${western}/${month}/${date}`,
          new Date(Date.UTC(western, Number(month) - 1, Number(date))),
        ][index % 4]!;
      }
      const renamed = headings!.map((heading) =>
        heading === '身分證號' ? '身分證 統一編號＊' : heading === '出生日期' ? '出生日期（民國）' : heading,
      );
      table.name = ` ${table.name} `;
      table.rows = [
        ['收訖明細'],
        ['列印日期', '115/11/20'],
        ['項次', ...renamed, '國教署備註'],
        ...rows.map((row, index) => [index + 1, ...row, '已收訖']),
      ];
    }
    const result = await readTables(tables);
    expect(result).toMatchObject({ same: result.rows, missing: 0, extra: 0, different: 0 });
    await trial.call('receiptStatements.remove', { kind: 'outcomes', statementId: result.id });
  });

  it('is read from a table as text, and another day of birth is found', async () => {
    const cadres = scopeOf('cadres', 114, 1);
    const handedIn = handInDirectly(sqlite(), cadres);
    const { headings, rows } = handedIn.sheets[0]!;
    const lines = [headings, ...rows.map(({ cells }) => [...cells])];
    lines[1]![1] = '0990101';
    const csv = lines.map((cells) => cells.map((cell) => `"${cell ?? ''}"`).join(',')).join('\r\n');
    const result = await read(`\ufeff${csv}`, { ...cadres, name: '24.csv' });
    expect(result).toMatchObject({ rows: rows.length, different: 1, same: rows.length - 1 });
    const answer = await trial.call('receiptStatements.comparison', {
      kind: 'cadres',
      statementId: result.id,
      filter: { comparison: 'different' },
    });
    expect(answer.rows[0]!.detail).toMatch(/^出生日期：送出 \d{7}，收訖 0990101$/);
  });

  it('is held against the newest accepted roster, not against one that was refused later', async () => {
    const years = scopeOf('performances', 114);
    const accepted = handInDirectly(sqlite(), years, { at: '2026-10-01T02:00:00.000Z' });
    handInDirectly(sqlite(), years, { at: '2026-10-09T02:00:00.000Z', status: 'refused' });
    const { id } = await read(await tablesWorkbook(statementTables(accepted)), years);
    expect(sqlite().prepare('select sent_roster_id from receipt_statements where id = ?').pluck().get(id)).toBe(accepted.sentRosterId);
  });

  it('of which nothing was handed in from here is read, and says it could not be compared', async () => {
    const other = scopeOf('outcomes', 113);
    const tables = statementTables({ ...sent, roster: { ...sent.roster, scope: other } });
    const result = await read(await tablesWorkbook(tables), other);
    expect(result).toMatchObject({ compared: false, missing: 0, extra: 0, different: 0 });
    expect((await trial.call('receiptStatements.summary', { kind: 'outcomes', statementId: result.id })).compared).toBe(false);
    expect(new Set((await comparison(result.id)).map((row) => row.comparison))).toEqual(new Set(['']));
    await trial.call('receiptStatements.remove', { kind: 'outcomes', statementId: result.id });
  });
});

describe('what is refused leaves nothing', () => {
  let before: string;
  const kept = () =>
    ['receipt_statements', 'receipt_statement_rows', 'receipt_confirmations', 'attachments']
      .map((table) => count(`select count(*) from ${table}`))
      .join();
  const inStore = () => trial.application.foundation.attachments.sqlite.prepare('select count(*) from files').pluck().get();
  beforeEach(() => {
    before = `${kept()}/${inStore()}`;
  });
  const refused = async (content: Buffer | string, also: Parameters<typeof read>[1] = {}) => {
    const outcome = await read(content, also).then(() => 'kept', code);
    expect(`${kept()}/${inStore()}`).toBe(before);
    return outcome;
  };

  it('another roster, another school, a window of two days, no workbook, nothing in it', async () => {
    const tables = statementTables(sent);
    const workbook = await tablesWorkbook(tables);
    expect(await refused(workbook, { academicYear: 113 })).toBe('receiptStatements.otherRoster');
    expect(await refused(workbook, { kind: 'performances' })).toBe('receiptStatements.otherRoster');
    expect(await refused(await tablesWorkbook(statementTables(sent, '353301')))).toBe('receiptStatements.otherSchool');
    expect(await refused(workbook, { confirmUntil: '2026-11-25' })).toBe('receiptStatements.windowTooShort');
    expect(await refused(workbook, { batch: 'senior1', academicYear: 109 })).toBe('submissions.noRoster');
    expect(await refused('%PDF-1.7')).toBe('workbook.unreadable');
    expect(
      await refused(
        await tablesWorkbook([
          {
            name: '座位表',
            rows: [
              ['班級', '座號'],
              [1, 2],
            ],
          },
        ]),
      ),
    ).toBe('receiptStatements.unreadable');
    const empty = tables.map(({ name, rows }) => ({ name, rows: rows.slice(0, name === '封面' ? 2 : 1) }));
    expect(await refused(await tablesWorkbook(empty))).toBe('receiptStatements.empty');
  });

  it('a reading that is cancelled', async () => {
    const { writeGate } = trial.application.foundation;
    const lease = await writeGate.acquire();
    let jobId: string;
    try {
      const file = chosen(await tablesWorkbook(statementTables(sent)));
      ({ jobId } = (await trial.call('receiptStatements.read', { ...scope, ...confirmation, file })) as { jobId: string });
      await trial.call('jobs.cancel', { jobId });
    } finally {
      lease.release();
    }
    const job = await trial.application.waitForJob(jobId);
    expect([job.state, job.error && code(errorFrom(job.error))]).toEqual(['cancelled', 'job.cancelled']);
    expect(`${kept()}/${inStore()}`).toBe(before);
  });
});

describe('the kept workbook', () => {
  it('is downloaded as it came, and goes with its statement', async () => {
    const content = await tablesWorkbook(statementTables(sent));
    const { id } = await read(content, { name: '114收訖.xlsx' });
    const which = { kind: 'outcomes', statementId: id } as const;
    const { file } = await trial.call('receiptStatements.download', which);
    expect(file.name).toBe('114收訖.xlsx');
    expect(Buffer.from(trial.application.files.readOutgoing(file.token, 0, file.bytes)).equals(content)).toBe(true);
    await trial.call('receiptStatements.remove', which);
    expect(count('select count(*) from receipt_statement_rows where receipt_statement_id = ?', id)).toBe(0);
    expect(count('select count(*) from receipt_confirmations where receipt_statement_id = ?', id)).toBe(0);
    await expect(trial.call('receiptStatements.download', which)).rejects.toMatchObject({ code: 'receiptStatements.unknown' });
  });

  it('stays while another statement is of the same file', async () => {
    const content = await tablesWorkbook(statementTables(sent));
    const [one, other] = [await read(content), await read(content)];
    await trial.call('receiptStatements.remove', { kind: 'outcomes', statementId: one.id });
    const { file } = await trial.call('receiptStatements.download', { kind: 'outcomes', statementId: other.id });
    expect(file.bytes).toBe(content.byteLength);
    await trial.call('receiptStatements.remove', { kind: 'outcomes', statementId: other.id });
  });
});

describe('workbooks', () => {
  it('of the comparison and of the answers hold what the lists show', async () => {
    const [statement] = (await trial.call('receiptStatements.list', { kind: 'outcomes' })).rows;
    const which = { kind: 'outcomes', statementId: String(statement!.id) } as const;
    for (const [list, workbook] of [
      ['receiptStatements.comparison', 'receiptStatements.exportComparison'],
      ['receiptStatements.confirmations', 'receiptStatements.exportConfirmations'],
    ] as const) {
      const { total } = await trial.call(list, which);
      const made = (await trial.runJob(workbook, which)) as { file: { token: string; name: string }; rows: number };
      expect(made.rows).toBe(total);
      expect(made.file.name).toMatch(/^測試高中_1140_收訖明細/);
      const book = new ExcelJS.Workbook();
      await book.xlsx.load(new Uint8Array(readFileSync(trial.application.files.outgoingPath(made.file.token))).buffer as ArrayBuffer);
      expect(book.worksheets[0]!.rowCount).toBe(total + 2);
    }
  });
});

it('a statement of another kind is unknown: who may see one kind sees nothing of another', async () => {
  const [statement] = (await trial.call('receiptStatements.list', { kind: 'outcomes' })).rows;
  const which = { kind: 'cadres', statementId: String(statement!.id) } as const;
  for (const asked of [
    () => trial.call('receiptStatements.summary', which),
    () => trial.call('receiptStatements.comparison', which),
    () => trial.call('receiptStatements.confirmations', which),
    () => trial.runJob('receiptStatements.exportComparison', which),
    () => trial.runJob('receiptStatements.print', which),
    () => trial.call('receiptStatements.setWindow', { ...which, ...confirmation }),
    () => trial.call('receiptStatements.answer', { ...which, studentIds: ['x'], answer: 'correct' }),
    () => trial.call('receiptStatements.remove', which),
    () => trial.call('receiptStatements.download', which),
  ]) {
    expect(await asked().then(() => 'answered', code)).toBe('receiptStatements.unknown');
  }
});
