import { expect, type Page, test } from '@playwright/test';
import ExcelJS from 'exceljs';
import { addDays, formatRocDay, taipeiDay } from '../../domain/roc-date.ts';
import { type CityRecordRow, changeCity, checkRoster, cityRecords, receiptStatement, synchronise } from './city.ts';
import { downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/**
 * The season of a roster from beginning to end (manual §3.14), in a real browser: check, mend, send, refused, mend, send, accepted,
 * 收訖明細, confirmed by the students, 封存.
 */
test.describe.configure({ mode: 'serial' });

const path = '/submissions/cadres';
const title = '提交校內幹部經歷至中央資料庫';
/** The teacher's position that the national database will not have. */
const wrongPosition = '班級幹部（待補）';

let office: Office;
let page: Page;
/** A record of the open term whose days are in the wrong order, and one of another student, whose number is wrong. */
let misdated: CityRecordRow;
let misnumbered: CityRecordRow;
const fileIds: string[] = [];

test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
});
test.afterAll(() => office?.close());

const rows = () => page.locator('tbody tr.ant-table-row');
const step = (name: string) =>
  page
    .getByRole('list', { name: '提交的步驟' })
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name, exact: true }) });
const send = () => page.getByRole('button', { name: '提交至市級系統' });
const drawer = () => page.getByRole('dialog', { name: /提交紀錄明細/ });
const nameOf = (studentId: unknown) => String(cityRecords(office.directory, 'students').find(({ id }) => id === studentId)!.name);

/** The term and 梯次 that the screen begins with are those whose 提交期限 is open. */
async function openHere(): Promise<void> {
  await openScreen(page, path, title);
  await expect(page.getByText(/進行中，剩 \d+ 天/)).toBeVisible();
}

/** 提交 through the city, with the warnings taken on where there are some; gives the FID. */
async function handIn(): Promise<string> {
  await send().click();
  const dialog = page.getByRole('dialog', { name: '提交至市級系統' });
  const tick = dialog.getByRole('checkbox', { name: /我已確認這/ });
  // The tick comes with the dialog, where there is one.
  await expect(dialog.getByRole('button', { name: '提交', exact: true })).toBeVisible();
  if (await tick.isVisible()) await tick.check();
  await dialog.getByRole('button', { name: '提交', exact: true }).click();
  const told = page.getByRole('status').filter({ hasText: '已提交，FID' });
  await expect(told).toBeVisible({ timeout: 60_000 });
  const fileId = /FID (\d+)/.exec((await told.textContent()) ?? '')![1]!;
  fileIds.push(fileId);
  return fileId;
}

test('預檢 names every fault by student, record and field, and says what to do', async () => {
  const open = cityRecords(office.directory, 'city-windows').find(
    ({ purpose, kind, batch, startsOn, endsOn }) =>
      purpose === 'submission' &&
      kind === 'cadres' &&
      batch === 'regular' &&
      String(startsOn) <= taipeiDay(new Date()) &&
      String(endsOn) >= taipeiDay(new Date()),
  )!;
  const students = new Map(cityRecords(office.directory, 'students').map((student) => [student.id, student]));
  const ofTerm = cityRecords(office.directory, 'cadres').filter(
    ({ academicYear, semester, studentId, sourceSchoolCode }) =>
      academicYear === open.academicYear &&
      semester === open.semester &&
      sourceSchoolCode === '999999' &&
      students.get(String(studentId))?.status === 'enrolled',
  );
  await openHere();
  await page.getByRole('tab', { name: '現有名冊' }).click();
  await expect(rows().first()).toBeVisible();
  // Of students who are in the roster of this 梯次: those whose names the list shows.
  const listed = new Set(await rows().getByRole('link').allTextContents());
  const inRoster = ofTerm.filter(({ studentId }) => listed.has(String(students.get(String(studentId))!.name)));
  misdated = inRoster[0]!;
  misnumbered = inRoster.find(({ studentId }) => studentId !== misdated.studentId)!;
  const number = String(students.get(String(misnumbered.studentId))!.identity);
  const wrongDigit = String((Number(number.at(-1)) + 1) % 10);
  changeCity(office.directory, {
    amend: [
      { resource: 'cadres', id: misdated.id, set: { startsOn: misdated.endsOn, endsOn: misdated.startsOn } },
      { resource: 'students', id: String(misnumbered.studentId), set: { identity: `${number.slice(0, -1)}${wrongDigit}` } },
    ],
    resultDelay: 0,
  });
  await synchronise(page, '幹部經歷資料');
  await synchronise(page, '學籍及人員資料');

  await openHere();
  await expect(step('預檢')).toHaveAttribute('aria-current', 'step');
  await expect(send()).toBeDisabled();
  await expect(send()).toHaveAccessibleDescription('請先預檢。');
  await expectAccessible(page);
  await checkRoster(page);
  await expect(step('修正')).toHaveAttribute('aria-current', 'step');
  await expect(page.getByRole('link', { name: '錯誤 2 項' })).toBeVisible();
  await expect(rows()).toHaveCount(2);
  const dates = rows().filter({ hasText: nameOf(misdated.studentId) });
  await expect(dates).toContainText('結束日期');
  await expect(dates).toContainText('早於');
  await expect(dates).toContainText('請學生於學習歷程檔案系統修正這筆紀錄');
  await expect(rows().filter({ hasText: nameOf(misnumbered.studentId) })).toContainText('格式或檢查碼不正確');
  await expect(send()).toBeDisabled();
  await expect(send()).toHaveAccessibleDescription(/還有 2 項錯誤/);
  await expectAccessible(page);
});

test('a finding leads to the student, and a class’s findings to its homeroom teacher as a workbook', async () => {
  const name = nameOf(misdated.studentId);
  const row = rows().filter({ hasText: name });
  const className = (await row.getByRole('cell').nth(1).textContent())!;
  await page.getByLabel('篩選班級').fill(className);
  await expect(page.getByRole('button', { name: '清除篩選' })).toBeVisible();
  await expect(rows().filter({ hasNotText: className })).toHaveCount(0);
  await expect(rows().first()).toContainText(className);
  const { name: fileName, bytes } = await downloaded(page, () => page.getByRole('button', { name: '匯出 EXCEL' }).click());
  expect(fileName).toContain('預檢結果');
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(bytes as unknown as ArrayBuffer);
  expect(workbook.worksheets[0]!.getRow(2).values).toContain('處理方式');
  await page.getByRole('button', { name: '清除篩選' }).click();

  await page.getByRole('link', { name: '錯誤 2 項' }).click();
  await expect(rows()).toHaveCount(2);
  await row.getByRole('link', { name }).click();
  await expect(page.getByRole('heading', { level: 1, name: '學習歷程檔案櫃' })).toBeVisible();
  await expect(page.getByText(name).first()).toBeVisible();
});

test('a number that is right although its checksum is not is passed over with a reason; the rest is mended', async () => {
  await openHere();
  const name = nameOf(misnumbered.studentId);
  await page.getByRole('button', { name: `略過檢查…（${name} 的身分證號）` }).click();
  const dialog = page.getByRole('dialog', { name: '略過身分證號檢查' });
  await expect(dialog.getByRole('button', { name: '略過檢查' })).toBeDisabled();
  await expectAccessible(page);
  await dialog.getByLabel('理由').fill('已查驗身分證正本，號碼無誤');
  await dialog.getByRole('button', { name: '略過檢查' }).click();
  await expect(rows().filter({ hasText: name })).toContainText('已更改，再預檢一次後生效');

  changeCity(office.directory, {
    amend: [
      { resource: 'cadres', id: misdated.id, set: { startsOn: misdated.startsOn, endsOn: misdated.endsOn, positionName: wrongPosition } },
    ],
    refuse: [{ column: '擔任職務', value: wrongPosition, message: '擔任職務不在代碼表中' }],
  });
  await synchronise(page, '幹部經歷資料');
  await openHere();
  await checkRoster(page);
  await expect(step('修正')).toContainText('錯誤 0 項');
  await expect(page.getByRole('link', { name: '提醒 1 項' })).toBeVisible();
  await expect(rows().filter({ hasText: name })).toContainText('已略過檢查');
  await expect(step('提交')).toHaveAttribute('aria-current', 'step');
});

test('提交 asks, demands that the warnings are taken on, and gives the FID', async () => {
  await send().click();
  const dialog = page.getByRole('dialog', { name: '提交至市級系統' });
  await expect(dialog).toContainText('校內幹部經歷 身分證號 1 項');
  await expect(dialog.getByRole('button', { name: '提交', exact: true })).toBeDisabled();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: '取消' }).click();
  const fileId = await handIn();
  await page.getByRole('button', { name: '查看提交紀錄' }).click();
  await expect(rows().first()).toContainText(fileId);
  await expect(rows().first()).toContainText('處理中');
});

test('the refusal comes back, stands on 首頁 as a link, and is read row by row', async () => {
  await page.getByRole('button', { name: '取得最新結果' }).click();
  await expect(rows().first()).toContainText('資料檢核錯誤');
  await openScreen(page, '/', '首頁');
  await page.getByRole('link', { name: /筆校內幹部經歷提交被退回/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await expect(rows()).toHaveCount(1);
  await expect(rows().first()).toContainText(fileIds[0]!);
  await expectAccessible(page);

  await rows().first().focus();
  await page.keyboard.press('Enter');
  await expect(drawer()).toContainText('{名冊名稱=校內幹部經歷名冊}');
  await expect(drawer()).toContainText('1 項，由 999999adm 確認');
  await drawer().getByRole('button', { name: '讀取檢核結果' }).click();
  await expect(drawer().getByRole('status')).toContainText('退回 1 列，對應到 1 列、1 位學生');
  const refused = drawer().locator('tbody tr.ant-table-row');
  await expect(refused).toHaveCount(1);
  await expect(refused).toContainText(nameOf(misdated.studentId));
  await expect(refused).toContainText('擔任職務不在代碼表中');
  await expectAccessible(page);

  const sent = await downloaded(page, () => drawer().getByRole('button', { name: '下載提交的名冊' }).click());
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(sent.bytes as unknown as ArrayBuffer);
  expect(workbook.worksheets.map(({ name }) => name)).toEqual(['封面', '校內幹部經歷']);
  const answer = await downloaded(page, () => drawer().getByRole('button', { name: '下載檢核結果' }).click());
  expect(answer.name).toContain('檢核結果');
  await page.keyboard.press('Escape');
  await expect(drawer()).toHaveCount(0);
});

test('a roster that changed after its check is not sent, and the difference from the first one is shown by student', async () => {
  await openHere();
  await expect(step('預檢')).toHaveAttribute('aria-current', 'step');
  await checkRoster(page);
  changeCity(office.directory, {
    amend: [{ resource: 'cadres', id: misdated.id, set: { positionName: '班長' } }],
    refuse: [],
  });
  await synchronise(page, '幹部經歷資料');
  await openHere();
  await send().click();
  const dialog = page.getByRole('dialog', { name: '提交至市級系統' });
  await dialog.getByRole('checkbox', { name: /我已確認這/ }).check();
  await dialog.getByRole('button', { name: '提交', exact: true }).click();
  const refusal = page.getByRole('alert').filter({ hasText: 'submissions.notChecked' });
  await expect(refusal).toBeVisible({ timeout: 60_000 });
  await refusal.getByRole('button', { name: '再預檢一次' }).click();
  await expect(refusal).toHaveCount(0);
  const changed = page.getByRole('link', { name: '內容不同 1 筆' });
  await expect(changed).toBeVisible({ timeout: 60_000 });
  await changed.click();
  await expect(rows()).toHaveCount(1);
  await expect(rows().first()).toContainText(nameOf(misdated.studentId));
  await expect(rows().first()).toContainText(`${wrongPosition} → 班長`);
  await expectAccessible(page);
});

test('sent again it is accepted, and 首頁 has nothing more to say about it', async () => {
  const fileId = await handIn();
  await page.getByRole('tab', { name: '提交紀錄' }).click();
  await page.getByRole('button', { name: '取得最新結果' }).click();
  await expect(rows().filter({ hasText: fileId })).toContainText('檢核無誤，資料已匯入');
  await openScreen(page, '/', '首頁');
  await expect(page.getByRole('heading', { name: '待辦' })).toBeVisible();
  await expect(page.getByRole('link', { name: /筆校內幹部經歷提交被退回/ })).toHaveCount(0);
});

test('the ministry’s 收訖明細 of it holds every record that was handed in, and the students confirm theirs', async () => {
  await openScreen(page, '/receipt-statements', '收訖明細');
  await page.getByRole('radiogroup', { name: '名冊' }).getByText('校內幹部經歷').click();
  await page.getByRole('button', { name: '匯入收訖明細' }).first().click();
  const form = page.getByRole('dialog', { name: '匯入收訖明細' });
  const chooser = page.waitForEvent('filechooser');
  await form.getByRole('button', { name: '選擇檔案' }).click();
  const buffer = receiptStatement(office.directory, fileIds[1]!);
  await (await chooser).setFiles({ name: '收訖明細.xlsx', mimeType: 'application/octet-stream', buffer });
  const today = taipeiDay(new Date());
  await form.getByLabel('確認開始日期').fill(formatRocDay(today));
  await form.getByLabel('確認截止日期').fill(formatRocDay(addDays(today, 2)));
  await form.getByRole('button', { name: '匯入並比對' }).click();
  await expect(form.getByText(/^\d+ 筆全部與送出的名冊相符。$/)).toBeVisible();
  await form.getByRole('button', { name: '查看比對結果' }).click();

  await page.getByRole('tab', { name: '學生確認' }).click();
  await rows()
    .filter({ hasText: nameOf(misdated.studentId) })
    .getByRole('checkbox')
    .check();
  await page.getByRole('button', { name: '登錄勾選的 1 位為正確' }).click();
  await expect(page.getByRole('link', { name: '正確 1 人' })).toBeVisible();
  await page.getByRole('link', { name: /^未確認 / }).click();
  await expect(rows().first()).toContainText('尚未確認');
  await expect(rows().filter({ hasText: nameOf(misdated.studentId) })).toHaveCount(0);
});

test('封存 asks first and closes the term; 解除封存 opens it again', async () => {
  await openHere();
  await page.getByRole('tab', { name: '提交紀錄' }).click();
  await page.getByRole('button', { name: `封存 FID ${fileIds[1]}` }).click();
  const question = page.getByRole('tooltip').filter({ hasText: '確定要封存這筆提交紀錄？' });
  await expect(question).toContainText('這個學期不能再提交');
  await expectAccessible(page);
  await question.getByRole('button', { name: '封存' }).click();
  await expect(rows().filter({ hasText: fileIds[1]! })).toContainText('已封存');
  await expect(page.getByText('已封存，不能再提交')).toBeVisible();
  await page.getByRole('tab', { name: '提交', exact: true }).click();
  await expect(send()).toBeDisabled();
  await expect(send()).toHaveAccessibleDescription('已經封存，不能再提交。');

  await page.getByRole('tab', { name: '提交紀錄' }).click();
  await page.getByRole('button', { name: `明細 FID ${fileIds[1]}` }).click();
  await drawer().getByRole('button', { name: '解除封存' }).click();
  await page.getByRole('tooltip').filter({ hasText: '確定要解除封存？' }).getByRole('button', { name: '解除封存' }).click();
  await expect(drawer().getByRole('button', { name: '封存', exact: true })).toBeVisible();
  // ← → go from line to line.
  await expect(drawer()).toContainText(fileIds[1]!);
  await page.keyboard.press('ArrowRight');
  await expect(drawer()).toContainText(fileIds[0]!);
  await page.keyboard.press('Escape');
  await expect(page.getByText('已封存，不能再提交')).toHaveCount(0);
});
