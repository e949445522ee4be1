import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { studentPortfolios } from '../../db/student-portfolio.ts';
import type { OutputOf } from '../../main/features/contract.ts';
import { transferIn } from '../../main/features/transfer-in/contract.ts';
import { temporaryFolder } from '../support/directories.ts';
import { chosen, type HandedOver, handOver, importFile, richestStudents, traces } from '../support/transfer.ts';
import { openTrial, signInto, type Trial, trialPassword } from '../support/trial.ts';
import { amendAtCity, cityHasFile, cityRecord, cityRows } from '../support/trial-city.ts';

/** 復原: an import is taken back on its day, as long as nothing was built on it. */

const folder = temporaryFolder('undo');
let sender: Trial;
let students: string[];
let file: HandedOver;
let receiver: Trial;
/** A receiving school before any import, made once and copied for each test. */
const fresh = join(folder.path, 'fresh');
let copies = 0;

beforeAll(async () => {
  sender = await openTrial();
  students = richestStudents(sender, 2);
  [file] = (await handOver(sender, students, folder.path, { oneFile: true })) as [HandedOver];
  const school = await openTrial({ schoolCode: '888888', withoutPortfolios: true });
  await school.application.close();
  cpSync(school.directory, fresh, { recursive: true });
  rmSync(school.directory, { recursive: true });
});
afterAll(async () => {
  await sender.close();
  folder.remove();
});
beforeEach(async () => {
  copies += 1;
  const directory = join(folder.path, `school-${copies}`);
  cpSync(fresh, directory, { recursive: true });
  receiver = await signInto(directory, '888888adm', trialPassword);
});
afterEach(() => receiver.close());

const sqlite = () => receiver.application.foundation.connection.sqlite;
const value = (sql: string, ...parameters: (string | number)[]) =>
  sqlite()
    .prepare<unknown[], unknown>(sql)
    .pluck()
    .get(...parameters);
const change = (sql: string, ...parameters: (string | number | null)[]) =>
  receiver.application.foundation.write(() =>
    sqlite()
      .prepare(sql)
      .run(...parameters),
  );
const living = (table: string) => value(`select count(*) from ${table} where deleted_at is null`) as number;
const importIt = async () => (await importFile(receiver, file)).id!;
const synchronise = () => receiver.runJob('sync.run', {});
const undo = (id: string, position: number | null = null) => receiver.runJob('transferIn.undo', { id, position });
const plan = (id: string, position: number | null = null) => receiver.call('transferIn.undoPlan', { id, position });
const portfolio = (student: string) => studentPortfolios(sqlite())(student);
const outcome = () =>
  value('select id from learning_outcomes where student_id = ? and deleted_at is null order by id limit 1', students[0]!) as string;
const stateOfImport = async () => (await receiver.call('transferIn.list', {})).rows.map((row) => row.outcome);
type Rows = { rows: Record<string, number>; files: number };

describe('given an import that the city has not heard of', () => {
  it('then its undoing leaves nothing of it but the record that it was undone', async () => {
    const before = traces(receiver) as Rows;
    const id = await importIt();
    const written = traces(receiver) as Rows;
    const found = await plan(id);
    expect(found).toMatchObject({ students: 2, restored: {}, told: 0, refusal: null, obstacles: [] });
    expect(Object.values(found.removed).reduce((sum, count) => sum + count, 0)).toBe(written.rows.outbox);
    expect(found.files).toBe(written.files - before.files);
    expect(await undo(id)).toEqual({
      students: 2,
      studentIds: students,
      removed: found.removed,
      restored: {},
      files: found.files,
      told: 0,
    });
    const after = traces(receiver) as Rows;
    const history = ['outbox', 'transfer_ins', 'transfer_in_students', 'transfer_in_records'];
    const withoutHistory = ({ rows }: Rows) => Object.fromEntries(Object.entries(rows).filter(([table]) => !history.includes(table)));
    expect(withoutHistory(after)).toEqual(withoutHistory(before));
    expect(after.files).toBe(before.files);
    expect(value("select count(*) from outbox where state <> 'withdrawn'")).toBe(0);
    expect(await synchronise()).toMatchObject({ pushed: 0, pending: 0 });
    expect(cityRows(receiver, 'outcomes').filter((row) => row.id.startsWith('import-'))).toEqual([]);
    expect(await stateOfImport()).toEqual(['匯入2人，完成2人，已復原']);
    const details = await receiver.call('transferIn.details', { id });
    expect(details).toMatchObject({ undoable: false, atCity: { accepted: 0, waiting: 0, withdrawn: written.rows.outbox } });
    expect(details.students.map(({ undoneBy }) => undoneBy)).toEqual(['888888adm', '888888adm']);
  });

  it('then it is refused a second time, and the same file can be imported again', async () => {
    await undo(await importIt());
    const first = value('select id from transfer_ins') as string;
    await expect(undo(first)).rejects.toMatchObject({ code: 'transferIn.undone' });
    await expect(undo('unknown')).rejects.toMatchObject({ code: 'transferIn.unknown' });
    const { inspection } = await receiver.runJob('transferIn.preview', chosen(receiver, file));
    expect(inspection.remarks.join()).not.toContain('匯入過');
    const again = await importFile(receiver, file);
    expect(again).toMatchObject({ completed: 2 });
    expect(portfolio(students[0]!).outcomes.length).toBeGreaterThan(0);
    expect(await stateOfImport()).toEqual(expect.arrayContaining(['匯入2人，完成2人', '匯入2人，完成2人，已復原']));
  });

  it('then one student of it is undone without touching the other', async () => {
    const id = await importIt();
    const other = portfolio(students[1]!);
    expect(await undo(id, 0)).toMatchObject({ students: 1, studentIds: [students[0]] });
    expect(portfolio(students[0]!)).toEqual({ outcomes: [], performances: [], cadres: [] });
    expect(portfolio(students[1]!)).toEqual(other);
    for (const { document } of other.outcomes) if (document) receiver.application.foundation.attachments.read(document.sha256);
    expect(await stateOfImport()).toEqual(['匯入2人，完成2人，已復原1人']);
    expect(await undo(id)).toMatchObject({ students: 1, studentIds: [students[1]] });
    expect(await stateOfImport()).toEqual(['匯入2人，完成2人，已復原']);
  });

  it('then a file that another record uses stays', async () => {
    const id = await importIt();
    const used = portfolio(students[0]!).outcomes.find(({ document }) => document)!.document!.sha256;
    await change(
      `insert into autobiographies (id, version, student_id, kind, title, content, updated_at, document_sha256, document_name)
       values ('a1', 1, ?, 'autobiography', '自傳', '', '2026-11-24T00:00:00Z', ?, 'a.pdf')`,
      students[0]!,
      used,
    );
    const { files } = await plan(id);
    expect((await undo(id)).files).toBe(files);
    expect(receiver.application.foundation.attachments.has(used)).toBe(true);
    expect(value('select count(*) from attachments where sha256 = ?', used)).toBe(1);
  });
});

describe('given an import that the city has taken', () => {
  it('then its records and files are there; undone, the records are deleted there too and do not come back', async () => {
    const id = await importIt();
    const { outbox } = (traces(receiver) as Rows).rows;
    expect(await synchronise()).toMatchObject({ pushed: outbox, pending: 0 });
    expect((await receiver.call('transferIn.details', { id })).atCity).toMatchObject({ accepted: outbox, waiting: 0, filesWaiting: 0 });
    const [first] = portfolio(students[0]!).outcomes.filter(({ document }) => document);
    expect(cityRecord(receiver, 'outcomes', first!.id)).toMatchObject({
      summary: first!.summary,
      version: value('select version from learning_outcomes where id = ?', first!.id),
    });
    expect(cityHasFile(receiver, first!.document!.sha256)).toBe(true);

    expect((await plan(id)).told).toBe(outbox);
    expect(await undo(id)).toMatchObject({ told: outbox });
    for (const table of ['learning_outcomes', 'diverse_performances', 'cadres']) expect(living(table)).toBe(0);
    expect(receiver.application.foundation.attachments.has(first!.document!.sha256)).toBe(false);
    expect(await synchronise()).toMatchObject({ pushed: outbox, pending: 0 });
    for (const resource of ['outcomes', 'performances', 'cadres'] as const) {
      expect(cityRows(receiver, resource).filter((row) => row.id.startsWith('import-') && !row.deleted)).toEqual([]);
    }
    await receiver.runJob('sync.run', { full: true });
    expect(living('learning_outcomes')).toBe(0);

    const again = await importFile(receiver, file);
    expect(again).toMatchObject({ completed: 2 });
    expect(await synchronise()).toMatchObject({ pushed: outbox, pending: 0 });
    expect(receiver.application.foundation.attachments.has(first!.document!.sha256)).toBe(true);
  });

  it('then what was on its way when it was undone is deleted there as well', async () => {
    const id = await importIt();
    // As a program leaves it that was killed before the answer came: sent, and perhaps taken.
    await change('update outbox set attempts = 1');
    const { outbox } = (traces(receiver) as Rows).rows;
    expect(await undo(id)).toMatchObject({ told: outbox });
    await synchronise();
    await synchronise();
    expect(value("select count(*) from outbox where state in ('waiting', 'conflict', 'refused')")).toBe(0);
    for (const resource of ['outcomes', 'performances', 'cadres'] as const) {
      expect(cityRows(receiver, resource).filter((row) => row.id.startsWith('import-') && !row.deleted)).toEqual([]);
    }
  });

  it('then a record that another office changed meanwhile is shown with both sides, and the office chooses', async () => {
    const id = await importIt();
    await synchronise();
    const changed = outcome();
    amendAtCity(receiver, 'outcomes', changed, { summary: '學生自己改過' });
    await undo(id);
    await synchronise();
    const { changes } = await receiver.call('sync.changes', { resources: ['outcomes'] });
    expect(changes).toMatchObject([{ recordId: changed, state: 'conflict', operation: 'delete' }]);
    expect(changes[0]!.fields.find(({ label }) => label === '課程學習成果簡述')).toMatchObject({ mine: null, theirs: '學生自己改過' });
    await receiver.call('sync.settleChange', { resource: 'outcomes', recordId: changed, choice: 'theirs' });
    expect(value('select summary from learning_outcomes where id = ? and deleted_at is null', changed)).toBe('學生自己改過');
    const document = value('select document_sha256 from learning_outcomes where id = ?', changed) as string | null;
    if (document) await receiver.application.fetchFiles([document], { signal: new AbortController().signal });
  });

  it('then a record that the city refused is withdrawn with the rest', async () => {
    const id = await importIt();
    const refused = outcome();
    await change(`update outbox set data = json_set(data, '$.grade', 'one') where record_id = ?`, refused);
    await synchronise();
    expect(value('select state from outbox where record_id = ?', refused)).toBe('refused');
    expect((await receiver.call('transferIn.details', { id })).atCity).toMatchObject({ disputed: 1 });
    await change(
      `update outbox set data = json_set(data, '$.grade', (select grade from learning_outcomes where id = record_id)) where record_id = ?`,
      refused,
    );
    await undo(id);
    expect(value('select count(*) from learning_outcomes where id = ?', refused)).toBe(0);
    expect((await receiver.call('sync.changes', {})).changes.filter(({ state }) => state !== 'waiting')).toEqual([]);
  });
});

describe('given an import that replaced records', () => {
  /** A first import, one of its records corrected at this school and known to the city, and a second that replaces it. */
  const replaced = async (): Promise<{ first: string; second: string; record: string; original: string }> => {
    const first = await importIt();
    await synchronise();
    const record = outcome();
    const original = value('select summary from learning_outcomes where id = ?', record) as string;
    amendAtCity(receiver, 'outcomes', record, { summary: '本校的內容', submittedTerm: '0000' });
    await synchronise();
    const { id } = await receiver.runJob('transferIn.run', { ...chosen(receiver, file), conflicts: 'replace' });
    expect(value('select summary from learning_outcomes where id = ?', record)).toBe(original);
    return { first, second: id!, record, original };
  };
  const origin = (record: string) => value('select transfer_in_id from learning_outcomes where id = ?', record);

  it.each([
    ['before the city heard of it', false],
    ['after the city took it', true],
  ])('then undoing puts the former content back, %s', async (_when, sent) => {
    const { first, second, record } = await replaced();
    expect(origin(record)).toBe(second);
    if (sent) await synchronise();
    expect(await plan(second)).toMatchObject({ removed: {}, restored: { 課程學習成果: 1 }, files: 0, told: sent ? 1 : 0 });
    await undo(second);
    expect(value('select summary from learning_outcomes where id = ?', record)).toBe('本校的內容');
    expect(origin(record)).toBe(first);
    expect(await synchronise()).toMatchObject({ pushed: sent ? 1 : 0, pending: 0 });
    if (sent) expect(cityRecord(receiver, 'outcomes', record)).toMatchObject({ summary: '本校的內容' });
  });

  it('then the first import waits until the second is undone', async () => {
    const { first, second } = await replaced();
    const found = await plan(first);
    expect(found.obstacles.map(({ obstacle }) => obstacle)).toContain('laterImport');
    await expect(undo(first)).rejects.toMatchObject({ code: 'transferIn.undoBlocked' });
    await undo(second);
    // What this school corrected itself is still in the way.
    expect((await plan(first)).obstacles.map(({ obstacle }) => obstacle)).toEqual(expect.not.arrayContaining(['laterImport']));
  });
});

describe('given something built on an import, then nothing of it is undone, and every reason is named', () => {
  let id: string;
  beforeEach(async () => {
    id = await importIt();
    await synchronise();
  });
  const blocked = async (obstacle: OutputOf<'transferIn.undoPlan'>['obstacles'][number]['obstacle'], ofRecord: boolean) => {
    const before = traces(receiver);
    const { obstacles } = await plan(id);
    expect(obstacles.map((each) => [each.obstacle, each.record !== null])).toEqual([[obstacle, ofRecord]]);
    await expect(undo(id)).rejects.toMatchObject({ code: 'transferIn.undoBlocked', details: { obstacles: [{ obstacle }] } });
    expect(traces(receiver)).toEqual(before);
    expect(await undo(id, 1)).toMatchObject({ students: 1 });
  };
  const atCity = async (set: Record<string, unknown>) => {
    amendAtCity(receiver, 'outcomes', outcome(), set);
    await synchronise();
  };

  it('a record that was changed', async () => {
    await atCity({ summary: '學生改過' });
    await blocked('changed', true);
  });

  it('one that a teacher certified', async () => {
    const teacher = value('select id from teachers limit 1') as string;
    await atCity({ certifierId: teacher, certifierName: '王老師', certifiedAt: '2026-11-24T02:00:00.000Z', state: 'rejected' });
    await blocked('certified', true);
  });

  it('one that was ticked', async () => {
    await atCity({ tickedAt: '2026-11-24T02:00:00.000Z' });
    await blocked('ticked', true);
  });

  it('one that was submitted', async () => {
    await atCity({ submittedTerm: '1151' });
    await blocked('submitted', true);
  });

  it('one on a roster that was handed in', async () => {
    const sha256 = value('select sha256 from attachments limit 1') as string;
    await change(
      `insert into sent_rosters (id, kind, academic_year, semester, batch, division, roster_code, roster_name, layout_year, way, created_at, created_by,
         file_name, sha256, row_count, student_count, content_hash, idempotency_key)
       values ('r1', 'outcomes', 114, 0, 'regular', 'day', '25', '名冊', 108, 'city', '2026-11-24T00:00:00Z', 'x', 'x.xlsx', ?, 1, 1, 'h', 'k')`,
      sha256,
    );
    await change("insert into sent_roster_rows values ('r1', '一', 1, ?, ?, '[]')", students[0]!, outcome());
    await blocked('handedIn', true);
  });

  it('a slip that was printed', async () => {
    const { student } = await receiver.call('cabinet.read', { studentId: students[0]! });
    await receiver.runJob('slips.print', {
      grade: student.grade!,
      numberFrom: student.studentNumber,
      numberTo: student.studentNumber,
      currentYear: true,
      dueDate: '2026-12-04',
      remarks: '',
    } as never);
    expect(value('select count(*) from confirmation_slips')).toBe(1);
    await blocked('slipPrinted', false);
  });

  it('a transfer file that was made of it', async () => {
    await receiver.runJob('transferOut.produce', { studentIds: [students[0]!], oneFile: false });
    await blocked('handedOver', false);
  });

  it('a change of it that the city met with another', async () => {
    await change(
      `insert into outbox (idempotency_key, sequence, resource, record_id, base_version, operation, data, created_at, created_by, state)
       values ('disputed', 999999, 'outcomes', ?, 1, 'update', '{}', '2026-11-24T00:00:00Z', 'x', 'conflict')`,
      outcome(),
    );
    await blocked('disputed', true);
  });

  it('but a record that the city has deleted since is no obstacle', async () => {
    await change("update learning_outcomes set deleted_at = '2026-11-24T03:00:00Z' where id = ?", outcome());
    const { obstacles, removed } = await plan(id);
    expect(obstacles).toEqual([]);
    expect(removed.課程學習成果).toBe(value('select count(*) from learning_outcomes where deleted_at is null'));
    await undo(id);
    expect(living('learning_outcomes')).toBe(0);
  });
});

describe('who may undo, and when', () => {
  it('is the day of the import, in Taipei', async () => {
    const id = await importIt();
    const { directory } = receiver;
    await receiver.close();
    receiver = await signInto(directory, '888888adm', trialPassword, '2026-11-25');
    expect(await plan(id)).toMatchObject({ refusal: 'anotherDay' });
    expect((await receiver.call('transferIn.details', { id })).undoable).toBe(false);
    const before = traces(receiver);
    await expect(undo(id)).rejects.toMatchObject({ code: 'transferIn.undoAnotherDay' });
    expect(traces(receiver)).toEqual(before);
  });

  it('is an account with the right to delete, and it is in the audit log', async () => {
    const id = await importIt();
    await undo(id, 0);
    const entry = sqlite()
      .prepare(
        "select action, student_ids as students, outcome from audit_entries where operation = 'transferIn.undo' order by sequence desc limit 1",
      )
      .get();
    expect(entry).toEqual({ action: 'change', students: JSON.stringify([students[0]]), outcome: 'done' });
    expect(transferIn.operations.undo.access).toEqual({ module: 'S0220S', right: 'delete' });
  });
});

describe('given an arrival that is tracked', () => {
  it('then its case is done by the import and open again by the undoing', async () => {
    await change(
      `insert into transfer_cases (id, student_id, direction, moved_on, opened_at, school_named) values ('case', ?, 'in', '2026-11-02', '2026-11-02T00:00:00Z', 0)`,
      students[0]!,
    );
    const outcomeOfCase = () => value("select outcome from transfer_cases where id = 'case'");
    const id = await importIt();
    expect(outcomeOfCase()).toBe('imported');
    await undo(id);
    expect(outcomeOfCase()).toBeNull();
    await importIt();
    expect(outcomeOfCase()).toBe('imported');
  });
});
