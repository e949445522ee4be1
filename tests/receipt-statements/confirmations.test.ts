import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { queryGrid } from '../../db/grid-query.ts';
import { taipeiDay } from '../../domain/roc-date.ts';
import { confirmationGrid } from '../../main/features/receipt-statements/contract.ts';
import { confirmationSource, statementOf } from '../../main/features/receipt-statements/queries.ts';
import { readPdf } from '../slips/pdf-text.ts';
import { temporaryFolder } from '../support/directories.ts';
import { type HandedIn, handInDirectly, scopeOf, statementTables, tablesWorkbook } from '../support/sent-roster.ts';
import { openTrial, type Trial, trialToday } from '../support/trial.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

/** 學生確認 (domain.md §1): the papers, the answers that come back, and who has not answered. */
const folder = temporaryFolder('receipt-confirmations');
const scope = scopeOf('outcomes', 114);
let trial: Trial;
let sent: HandedIn;
let statementId: string;
/** Of whom a record was changed by the ministry. */
let wronged: { studentId: string; title: string };

const kind = 'outcomes' as const;
const sqlite = () => trial.application.foundation.connection.sqlite;
const summary = () => trial.call('receiptStatements.summary', { kind, statementId });
const listed = async (filter: Record<string, string> = {}) =>
  (await trial.call('receiptStatements.confirmations', { kind, statementId, filter, pageSize: 1000 })).rows;
const print = async (choice: { studentIds?: string[]; className?: string; unansweredOnly?: boolean } = {}) => {
  const printed = await trial.runJob('receiptStatements.print', { kind, statementId, ...choice });
  return { ...printed, ...(await readPdf(trial.application.files.outgoingPath(printed.file.token))), count: printed.pages };
};

beforeAll(async () => {
  trial = await openTrial();
  sent = handInDirectly(sqlite(), scope);
  const tables = statementTables(sent);
  const sheet = tables.find(({ name }) => name === '學期課程學習成果')!;
  const headings = sheet.rows[0]!.map(String);
  sheet.rows[1]![headings.indexOf('修課學分')] = 9;
  wronged = { studentId: sent.sheets[0]!.rows[0]!.studentId, title: String(sheet.rows[1]![headings.indexOf('科目名稱')]) };
  const path = join(folder.path, 'statement.xlsx');
  writeFileSync(path, await tablesWorkbook(tables));
  const file = trial.application.files.receive(path, '收訖明細.xlsx', false);
  const read = await trial.runJob('receiptStatements.read', { ...scope, file, confirmFrom: trialToday, confirmUntil: '2026-11-30' });
  statementId = read.id;
});
afterAll(async () => {
  await trial.close();
  folder.remove();
});

describe('the papers', () => {
  it('give every student his records, a page of his own to begin with, and a serial that is on it alone', async () => {
    const { pages, students, missingCharacters, title, file } = await print();
    expect(title).toBe('114 學年度 課程學習成果 收訖明細確認單');
    expect(file.name).toBe('測試高中_1140_收訖明細確認單_1151124.pdf');
    expect(missingCharacters).toBe('');
    const confirmations = await listed();
    expect(students).toBe(confirmations.length);
    const firstPages = pages.filter(({ text }) => text.includes('第 1 頁，共'));
    expect(firstPages.map(({ text }) => /學號：(\d+)/.exec(text)?.[1])).toEqual(confirmations.map(({ studentNumber }) => studentNumber));
    const serials = firstPages.map(({ text }) => /(1140-[0-9A-Z]{5}-[0-9A-Z]{5})$/.exec(text)?.[1]);
    expect(new Set(serials).size).toBe(students);
    expect(new Set(serials)).toEqual(
      new Set(sqlite().prepare('select serial from receipt_confirmations where receipt_statement_id = ?').pluck().all(statementId)),
    );
    for (const { width, height } of pages) expect([Math.round(width), Math.round(height)]).toEqual([595, 842]);
  });

  it('say what a student must know to answer: his records, what differs in words, until when, and where to sign', async () => {
    const { pages, students } = await print({ studentIds: [wronged.studentId] });
    expect(students).toBe(1);
    const text = pages.map((page) => page.text).join('');
    expect(text).toContain('測試高中');
    expect(text).toContain('請於 115/11/24(二) 至 115/11/30(一) 核對');
    expect(text).toContain(wronged.title);
    expect(text).toMatch(/修課學分：送出 \d，收訖 9/);
    expect(text).toContain('內容不同');
    expect(text).toContain('正確：以上資料與本人提交的相符。');
    expect(text).toContain('錯誤：');
    expect(text).toContain('學生簽名：');
    const records = sent.sheets.flatMap((sheet) => sheet.rows).filter(({ studentId }) => studentId === wronged.studentId).length;
    expect(text).toContain(`學期課程學習成果（${records} 筆）`);
  });

  it('of a class, of those who have not answered, and of nobody', async () => {
    const [first] = await listed();
    const className = String(first!.className);
    expect((await print({ className })).students).toBe((await listed({ className })).length);
    await trial.call('receiptStatements.answer', { kind, statementId, studentIds: [String(first!.studentId)], answer: 'correct' });
    expect((await print({ className, unansweredOnly: true })).students).toBe((await listed({ className })).length - 1);
    await trial.call('receiptStatements.answer', { kind, statementId, studentIds: [String(first!.studentId)], answer: null });
    await expect(print({ className: '九年九班' })).rejects.toMatchObject({ code: 'receiptStatements.nobody' });
  });
});

describe('the answers', () => {
  it('are entered for many at once, with what is wrong, and taken back', async () => {
    const students = (await listed()).map(({ studentId }) => String(studentId));
    const before = await summary();
    expect(
      await trial.call('receiptStatements.answer', { kind, statementId, studentIds: students.slice(0, 5), answer: 'correct' }),
    ).toEqual({ answered: 5 });
    await trial.call('receiptStatements.answer', { kind, statementId, studentIds: [students[5]!], answer: 'wrong', remark: '少一件美術' });
    expect(await summary()).toMatchObject({ correct: 5, wrong: 1, unanswered: before.students - 6 });
    expect(await listed({ state: 'wrong' })).toMatchObject([{ studentId: students[5], remark: '少一件美術', answeredBy: '999999adm' }]);
    expect(await trial.call('receiptStatements.answer', { kind, statementId, studentIds: students, answer: null })).toMatchObject({});
    expect(await summary()).toMatchObject({ correct: 0, wrong: 0, unanswered: before.students });
    expect((await listed())[5]).toMatchObject({ state: 'waiting', remark: null, answeredAt: null, answeredBy: null });
  });

  it('are scanned from the papers; what can’t be taken says what to do with the paper in hand', async () => {
    const students = await listed();
    const [one, other] = sqlite()
      .prepare<[string], string>('select serial from receipt_confirmations where receipt_statement_id = ? limit 2')
      .pluck()
      .all(statementId);
    const scan = (text: string, answer: 'correct' | 'wrong' = 'correct', remark = '') =>
      trial.call('receiptStatements.scan', { kind, text, answer, remark });
    const taken = await scan(`999999/${one}`);
    expect(students.find(({ studentId }) => studentId === taken.studentId)).toMatchObject({
      studentNumber: taken.studentNumber,
      name: taken.name,
      className: taken.className,
    });
    expect(taken.statementId).toBe(statementId);
    await scan(other!.toLowerCase().replaceAll('-', ' '), 'wrong', '學分不對');
    expect(await summary()).toMatchObject({ correct: 1, wrong: 1 });
    expect(await listed({ state: 'wrong' })).toMatchObject([{ remark: '學分不對' }]);

    await expect(scan(one!)).rejects.toMatchObject({ code: 'receiptStatements.alreadyAnswered' });
    await expect(scan('1140-00000-00000')).rejects.toMatchObject({ code: 'receiptStatements.unknownCode' });
    await expect(scan('978986')).rejects.toMatchObject({ code: 'receiptStatements.unreadableCode' });
    await expect(scan(`353301/${other}`)).rejects.toMatchObject({ code: 'receiptStatements.otherSchool' });
    await expect(trial.call('receiptStatements.scan', { kind: 'cadres', text: one!, answer: 'correct' })).rejects.toMatchObject({
      code: 'receiptStatements.unknownCode',
    });
  });
});

describe('the window', () => {
  it('of at least three days is set anew; who has not answered by its end is overdue', async () => {
    const which = { kind, statementId };
    await expect(
      trial.call('receiptStatements.setWindow', { ...which, confirmFrom: '2026-11-20', confirmUntil: '2026-11-21' }),
    ).rejects.toMatchObject({
      code: 'receiptStatements.windowTooShort',
    });
    await expect(
      trial.call('receiptStatements.setWindow', { ...which, confirmFrom: '2026-11-20', confirmUntil: '2026-11-19' }),
    ).rejects.toMatchObject({
      code: 'receiptStatements.windowTooShort',
    });
    await trial.call('receiptStatements.setWindow', { ...which, confirmFrom: '2026-11-21', confirmUntil: '2026-11-23' });
    expect((await summary()).state).toBe('closed');
    expect(await listed({ state: 'waiting' })).toEqual([]);
    expect((await listed({ state: 'overdue' })).length).toBe((await summary()).unanswered);
    await trial.call('receiptStatements.setWindow', { ...which, confirmFrom: '2026-11-25', confirmUntil: '2026-11-27' });
    expect((await summary()).state).toBe('soon');
  });

  it('ends with its last day, not before', async () => {
    const statement = { ...statementOf(sqlite(), { kind, statementId }), confirmUntil: '2026-11-27' };
    const query = { filter: { state: 'overdue' }, page: 1, pageSize: 30 };
    const overdueOn = (instant: string) =>
      queryGrid(sqlite(), confirmationGrid, confirmationSource(statement, taipeiDay(new Date(instant))), query).total;
    expect(overdueOn('2026-11-27T23:59:00+08:00')).toBe(0);
    expect(overdueOn('2026-11-28T00:00:00+08:00')).toBeGreaterThan(0);
  });
});

it('is kept from an account without the module of its kind, and an account with it enters answers only with the right to', async () => {
  const { id } = await trial.call('roles.create', { code: '300', name: '收訖明細', enabled: true, remark: '' });
  await trial.call('roles.setModules', { groupId: id, modules: [{ module: 'S0207S', create: false, update: false, delete: false }] });
  const { available } = await trial.call('roles.people', { groupId: id });
  const clerk = available.find((person) => person.accountName !== '999999adm')!;
  const { oneTimePassword, accountName } = await trial.call('roles.givePassword', { accountId: clerk.id });
  await trial.call('roles.addMembers', { groupId: id, accountIds: [clerk.id] });
  const connectionId = 'the clerk’s window';
  await trial.application.signIn(connectionId, accountName, oneTimePassword);
  const as = async (name: string, input: unknown) => {
    const outcome = await trial.application.call({ connectionId }, name, input);
    return outcome.ok ? 'ok' : outcome.error.code;
  };
  expect(await as('session.changePassword', { currentPassword: oneTimePassword, newPassword: '校園裡的老榕樹與鐘樓' })).toBe('ok');
  expect(await as('receiptStatements.confirmations', { kind, statementId })).toBe('ok');
  expect(await as('receiptStatements.list', { kind: 'cadres' })).toBe('permission.denied');
  expect(await as('receiptStatements.confirmations', { kind: 'cadres', statementId })).toBe('permission.denied');
  const studentIds = [String((await listed())[0]!.studentId)];
  expect(await as('receiptStatements.answer', { kind, statementId, studentIds, answer: 'correct' })).toBe('permission.denied');
  expect(await as('receiptStatements.remove', { kind, statementId })).toBe('permission.denied');
});
