import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPdf } from '../slips/pdf-text.ts';
import { richestStudents } from '../support/transfer.ts';
import { openTrial, type Trial } from '../support/trial.ts';

let trial: Trial;
beforeAll(async () => {
  trial = await openTrial();
});
afterAll(() => trial.close());

const made = async (count: number, richest = false) => {
  const { rows } = await trial.call('students.list', { filter: { identity: '1' }, pageSize: 30 });
  const studentIds = richest ? richestStudents(trial, count) : rows.slice(0, count).map(({ id }) => String(id));
  const { files } = await trial.runJob('transferOut.produce', { studentIds, oneFile: true });
  return { file: files[0]!, rows: rows.slice(0, count), studentIds };
};

/** The pages of a paper; what was read in lies in memory only. */
const pagesOf = async (printed: { file: { token: string; bytes: number } }, name: string) => {
  const { files } = trial.application;
  expect(files.outgoing(printed.file.token).path).toBeNull();
  const path = join(trial.directory, name);
  writeFileSync(path, files.readOutgoing(printed.file.token, 0, printed.file.bytes));
  return (await readPdf(path)).pages;
};
const audited = (operation: string) =>
  trial.application.foundation.connection.sqlite
    .prepare('select action, student_count as students from audit_entries where operation = ? order by sequence desc limit 1')
    .get(operation);

test('列印交接單: who and what is in the file, MD5, boxes and signatures; no password, no identity', async () => {
  const { file, rows } = await made(2);
  const { password } = await trial.call('transferOut.fileInformation', { id: file.id });
  const printed = await trial.call('transferOut.printHandover', { id: file.id });
  expect(printed.file.name).toBe(file.fileName.replace(/\.zip$/, '_交接單.pdf'));
  const pages = await pagesOf(printed, 'handover.pdf');
  expect(pages).toHaveLength(printed.pages);
  const text = pages.map((page) => page.text.replaceAll(' ', '')).join('');
  for (const part of ['學習歷程檔案交接單', file.fileName, '交付人簽章', '接收人簽章', '□當面交付', '□MD5值相符'])
    expect(text).toContain(part);
  expect(text.replaceAll('-', '')).toContain(file.md5.replaceAll('-', ''));
  for (const { name, studentNumber } of rows) {
    expect(text).toContain(String(name));
    expect(text).toContain(String(studentNumber));
  }
  expect(text).toMatch(/課程學習成果\d+筆/);
  expect(text).not.toMatch(/[A-Z][12]\d{8}/);
  expect(text).not.toContain(password);
  expect(audited('transferOut.printHandover')).toEqual({ action: 'print', students: 2 });
});

test('列印密碼通知單: the password on a paper of its own, without any student', async () => {
  const { file, rows } = await made(2);
  const { password } = await trial.call('transferOut.fileInformation', { id: file.id });
  const printed = await trial.call('transferOut.printPassword', { id: file.id });
  expect(printed).toMatchObject({ pages: 1, file: { name: file.fileName.replace(/\.zip$/, '_密碼通知單.pdf') } });
  const [page] = await pagesOf(printed, 'password.pdf');
  const text = page!.text.replaceAll(' ', '');
  for (const part of [password, file.fileName, '分開交付']) expect(text).toContain(part);
  for (const { name } of rows) expect(text).not.toContain(String(name));
  expect(audited('transferOut.printPassword')).toEqual({ action: 'reveal', students: 2 });
});

test('every count can be read, however many categories a student has', async () => {
  const { file } = await made(12, true);
  const pages = await pagesOf(await trial.call('transferOut.printHandover', { id: file.id }), 'rich.pdf');
  const counts = pages.flatMap(({ pieces }) => pieces.filter(({ text }) => /\d+ 筆$/.test(text)));
  expect(counts.length).toBeGreaterThan(60);
  for (const { size } of counts) expect(size).toBeGreaterThanOrEqual(9);
});

test('the school that the office named is the one that the paper is for', async () => {
  const { rows } = await trial.call('transferCases.leavers', {});
  const leaver = rows[0]!;
  await trial.call('transferCases.nameSchool', { direction: 'out', ids: [String(leaver.id)], code: '353301', name: '桃園高中' });
  const { files } = await trial.runJob('transferOut.produce', { studentIds: [String(leaver.studentId)] });
  const [page] = await pagesOf(await trial.call('transferOut.printHandover', { id: files[0]!.id }), 'named.pdf');
  expect(page!.text.replaceAll(' ', '')).toContain('接收學校桃園高中（353301）');
});
