import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPdf } from '../slips/pdf-text.ts';
import { openTrial, type Trial } from '../support/trial.ts';

let trial: Trial;
beforeAll(async () => {
  trial = await openTrial();
});
afterAll(() => trial.close());

test('列印交接單: who and what is in the file, MD5 and signatures on one page, the password on another, and nothing on the disk', async () => {
  const { rows } = await trial.call('students.list', { filter: { identity: '1' }, pageSize: 30 });
  const studentIds = rows.slice(0, 2).map(({ id }) => String(id));
  const { files } = await trial.runJob('transferOut.produce', { studentIds, oneFile: true });
  const [made] = files;
  const { password } = await trial.call('transferOut.fileInformation', { id: made!.id });
  const printed = await trial.call('transferOut.printHandover', { id: made!.id });
  expect(printed.file.name).toBe(made!.fileName.replace(/\.zip$/, '_交接單.pdf'));
  const { files: exchange } = trial.application;
  expect(exchange.outgoing(printed.file.token).path).toBeNull();

  const path = join(trial.directory, 'handover.pdf');
  writeFileSync(path, exchange.readOutgoing(printed.file.token, 0, printed.file.bytes));
  const { pages } = await readPdf(path);
  expect(pages).toHaveLength(printed.pages);
  const sheets = pages.map(({ text }) => text.replaceAll(' ', ''));
  const first = sheets.slice(0, -1).join('');
  const last = sheets.at(-1)!;
  expect(first).toContain('學習歷程檔案交接單');
  expect(first).toContain(made!.fileName);
  expect(first.replaceAll('-', '')).toContain(made!.md5.replaceAll('-', ''));
  expect(first).toContain('交付人簽章');
  expect(first).toContain('接收人簽章');
  for (const { name, studentNumber } of rows.slice(0, 2)) {
    expect(first).toContain(String(name));
    expect(first).toContain(String(studentNumber));
  }
  expect(first).toMatch(/課程學習成果\d+/);
  expect(first).not.toMatch(/[A-Z][12]\d{8}/);
  expect(first).not.toContain(password);
  expect(last).toContain(password);
  const audited = trial.application.foundation.connection.sqlite
    .prepare("select action, student_count as students from audit_entries where operation = 'transferOut.printHandover'")
    .all();
  expect(audited).toEqual([{ action: 'reveal', students: 2 }]);
});
