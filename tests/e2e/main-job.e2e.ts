import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { openDatabase } from '../../db/connection.ts';
import { formatRocDay, taipeiDay } from '../../domain/roc-date.ts';
import { deriveKey, keyFileStore } from '../../main/platform/secret-store.ts';
import { downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/**
 * The main job, from an empty directory to a signed slip: first start, change of password, sync, two students leave
 * school A as encrypted files and arrive at school B, and a class's slips come out and say what the database says.
 */
test.describe.configure({ mode: 'serial', timeout: 240_000 });

let sender: Office;
let receiver: Office;
test.afterAll(async () => {
  await sender?.close();
  await receiver?.close();
});

/** Rows of a statement on an office's database, read beside the running program. */
async function rowsOf<Row>(office: Office, sql: string, ...parameters: (string | number)[]): Promise<Row[]> {
  const masterKey = await keyFileStore(office.directory).load();
  if (!masterKey) throw new Error('the office has no key');
  const { sqlite, close } = openDatabase(join(office.directory, 'portfolio.db'), { key: deriveKey(masterKey, 'database'), readonly: true });
  try {
    return sqlite.prepare(sql).all(...parameters) as Row[];
  } finally {
    close();
  }
}

interface Leaver {
  studentNumber: string;
  name: string;
  identity: string;
  outcomes: number;
  performances: number;
}

interface TransferFile {
  path: string;
  fileName: string;
  md5: string;
  password: string;
}

let leavers: Leaver[];
const files: TransferFile[] = [];

test('first start: the trial school is there, and its administrator has a password of his own', async ({ browser }) => {
  sender = await openOffice(browser, { firstStart: true });
  await expect(sender.page.getByText('測試高中', { exact: true })).toBeVisible();
  await expectAccessible(sender.page);
});

test('同步作業 asks the city for everything and has nothing to move', async () => {
  const { page } = sender;
  await openScreen(page, '/sync', '同步作業');
  await page.getByRole('button', { name: '全部立即同步' }).click();
  await expect(page.getByText('已是最新資料')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('課程學習成果')).toBeVisible();
  await expectAccessible(page);
});

async function exportStudent(page: Page, studentNumber: string): Promise<void> {
  const search = page.getByRole('region', { name: '搜尋學生' });
  await search.getByRole('textbox', { name: /學號/ }).fill(studentNumber);
  await expect(search.locator('tbody tr.ant-table-row')).toHaveText([new RegExp(studentNumber)]);
  await search.getByRole('checkbox').nth(1).check();
  await search.getByRole('button', { name: '將勾選的 1 人加入清單' }).click();
}

test('two students leave: a file each, with its password and MD5', async () => {
  leavers = await rowsOf<Leaver>(
    sender,
    `select s.student_number as studentNumber, s.name, s.identity,
       (select count(*) from learning_outcomes o where o.student_id = s.id and o.deleted_at is null) as outcomes,
       (select count(*) from diverse_performances p where p.student_id = s.id and p.deleted_at is null) as performances
     from students s where s.status = 'enrolled' and s.current_grade = 2 and s.identity is not null and s.account is not null
     order by outcomes * (performances > 3) desc, s.student_number limit 2`,
  );
  expect(leavers).toHaveLength(2);
  for (const { outcomes, performances } of leavers) expect(Math.min(outcomes, performances)).toBeGreaterThan(0);

  const made = (await rowsOf(sender, 'select id from transfer_out_files')).length;
  const { page } = sender;
  await openScreen(page, '/transfer-out', '匯出學生學習歷程資料');
  for (const { studentNumber } of leavers) await exportStudent(page, studentNumber);
  await page.getByRole('button', { name: /產生匯出檔案（2 人）/ }).click();
  const message = page.getByRole('dialog', { name: '訊息' });
  await expect(message).toContainText('匯出檔案已產生完成', { timeout: 60_000 });
  await message.getByRole('button', { name: '前往資料產生紀錄' }).click();

  const rows = page.getByRole('tabpanel', { name: '資料產生紀錄' }).locator('tbody tr.ant-table-row');
  // The newest first; the trial school has made some before.
  await expect(rows).toHaveCount(made + 2);
  for (let index = 0; index < 2; index += 1) {
    await rows.nth(index).getByRole('button', { name: '檔案資訊' }).click();
    const information = page.getByRole('dialog', { name: '檔案資訊' });
    const value = async (term: string) => (await information.locator(`dt:text-is("${term}") + dd .monospace`).textContent()) ?? '';
    const [password, md5, fileName] = [await value('壓縮密碼'), await value('MD5 值'), await value('檔名')];
    const { path } = await downloaded(page, () => information.getByRole('button', { name: '下載檔案' }).click());
    files.push({ path, fileName, md5, password });
    await information.getByRole('button', { name: '確定' }).click();
    await expect(information).toBeHidden();
  }
});

test('school B, where they are enrolled and have nothing yet, imports both', async ({ browser }) => {
  receiver = await openOffice(browser, {
    students: 360,
    years: 3,
    seed: 1,
    schoolCode: '310000',
    schoolName: '轉入高中',
    withoutPortfolios: true,
  });
  const { page } = receiver;
  await openScreen(page, '/transfer-in', '匯入學生學習歷程資料');
  const settings = page.getByRole('form', { name: '匯入設定' });
  for (const [index, file] of files.entries()) {
    const chooser = page.waitForEvent('filechooser');
    await settings.getByRole('button', { name: /選擇檔案|換一個檔案/ }).click();
    await (await chooser).setFiles(file.path);
    await settings.getByLabel('MD5值').fill(file.md5);
    await settings.getByLabel('壓縮檔密碼').fill(file.password);
    await settings.getByRole('button', { name: '檢查' }).click();
    await settings.getByRole('button', { name: '開始匯入' }).click({ timeout: 60_000 });
    const message = page.getByRole('dialog', { name: '訊息' });
    await expect(message).toContainText('匯入1人，完成1人', { timeout: 60_000 });
    await message.getByRole('button', { name: '確定' }).click();
    await expect(page.locator('tbody tr.ant-table-row')).toHaveCount(index + 1);
  }
});

test('everything arrived: the same records, the same files byte for byte', async () => {
  const content = `select o.course_code, o.subject_name, o.summary, o.document_sha256, o.document_name, o.media_sha256, o.source_school_code
    from learning_outcomes o join students s on s.id = o.student_id where s.identity = ? order by o.created_at, o.summary, o.document_sha256`;
  const performances = `select p.category, p.title, p.details, p.summary, p.document_sha256, p.media_sha256
    from diverse_performances p join students s on s.id = p.student_id where s.identity = ? order by p.category, p.created_at, p.title, p.summary`;
  for (const leaver of leavers) {
    const sent = await rowsOf(sender, content, leaver.identity);
    expect(sent).toHaveLength(leaver.outcomes);
    expect(await rowsOf(receiver, content, leaver.identity)).toEqual(sent);
    const sentPerformances = await rowsOf<{ details: string }>(sender, performances, leaver.identity);
    const arrived = await rowsOf<{ details: string }>(receiver, performances, leaver.identity);
    // A transfer file has one way to say that a field is empty; the city has two.
    const readable = (rows: { details: string }[]) =>
      rows.map((row) => ({ ...row, details: JSON.parse(row.details, (_key, value: unknown) => (value === '' ? null : value)) as unknown }));
    expect(readable(arrived)).toEqual(readable(sentPerformances));
  }
  const missing = await rowsOf(
    receiver,
    'select sha256 from attachments where sha256 not in (select sha256 from file_outbox) and at_city = 0',
  );
  expect(missing).toEqual([]);
});

test('the slips of a class: a page a student, and each figure is the database’s', async () => {
  const { page } = sender;
  await openScreen(page, '/slips', '學生上傳及勾選情形確認單');
  await page.getByLabel('年級').click();
  await page.getByTitle('二年級').click();
  await page.getByLabel('班級代碼起').fill('201');
  await page.getByLabel('班級代碼迄').fill('201');
  await page.getByLabel('繳交截止日期').fill('1160104');
  await page.getByLabel('學號起').focus();
  const { bytes } = await downloaded(page, () => page.getByRole('button', { name: '存成 PDF' }).click());

  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const document = await getDocument({ data: new Uint8Array(bytes), verbosity: 0 }).promise;
  const expected = await rowsOf<{
    studentNumber: string;
    name: string;
    className: string;
    year: number;
    first: number;
    firstApproved: number;
    performances: number;
    ticked: number;
  }>(
    sender,
    `select s.student_number as studentNumber, s.name, c.name as className, c.academic_year - 1 as year,
       (select count(*) from learning_outcomes o where o.student_id = s.id and o.academic_year = c.academic_year - 1 and o.semester = 1 and o.deleted_at is null) as first,
       (select count(*) from learning_outcomes o where o.student_id = s.id and o.academic_year = c.academic_year - 1 and o.semester = 1 and o.state = 'approved' and o.deleted_at is null) as firstApproved,
       (select count(*) from diverse_performances p where p.student_id = s.id and p.academic_year = c.academic_year - 1 and p.deleted_at is null) as performances,
       (select count(*) from learning_outcomes o where o.student_id = s.id and o.academic_year = c.academic_year - 1 and o.ticked_at is not null and o.deleted_at is null) as ticked
     from enrollments e join students s on s.id = e.student_id join class_sections c on c.id = e.class_section_id
     where c.code = '201' and (c.academic_year, c.semester) = (select academic_year, semester from class_sections order by academic_year desc, semester desc limit 1)
       and s.status in ('enrolled', 'transferredIn') order by e.seat_number`,
  );
  expect(document.numPages).toBe(expected.length);
  expect(expected.length).toBeGreaterThan(10);
  for (const [index, student] of expected.entries()) {
    const pdfPage = await document.getPage(index + 1);
    const { items } = await pdfPage.getTextContent();
    const pieces = items.flatMap((item) =>
      'str' in item && item.str.trim() ? [{ text: item.str.trim(), x: item.transform[4] as number, y: item.transform[5] as number }] : [],
    );
    const text = pieces
      .map((piece) => piece.text)
      .join('')
      .replaceAll(' ', '');
    expect(text).toContain(student.studentNumber);
    expect(text).toContain(student.className);
    expect(text).toContain(`截至 ${formatRocDay(taipeiDay(new Date()))}`.replace(' ', ''));
    expect(text).toContain('116/01/04(一)');
    const label = pieces.find((piece) => piece.text.startsWith(`${student.year}學年`));
    if (!label) continue; // He was not here last year.
    const row = pieces
      .filter((piece) => Math.abs(piece.y - label.y) < 3 && /^\d+$/.test(piece.text))
      .sort((a, b) => a.x - b.x)
      .map((piece) => Number(piece.text));
    expect([row[0], row[1], row.at(-2)]).toEqual([student.first, student.firstApproved, student.performances]);
    expect(row[4]).toBe(student.ticked);
  }
  await document.loadingTask.destroy();
});
