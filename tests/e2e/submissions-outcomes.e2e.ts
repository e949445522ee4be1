import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import ExcelJS from 'exceljs';
import { type CityRecordRow, changeCity, checkRoster, cityRecords, synchronise } from './city.ts';
import { downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 提交學習成果至中央資料庫 (manual §3.9) by hand: the file for the national site, its FID and its answer entered afterwards. */
test.describe.configure({ mode: 'serial' });

const path = '/submissions/outcomes';
const title = '提交學習成果至中央資料庫';
const sheetName = '學期課程學習成果';

let office: Office;
let page: Page;
let outcome: CityRecordRow;
let studentName: string;
let uploaded: ExcelJS.Workbook;

test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
});
test.afterAll(() => office?.close());

const rows = () => page.locator('tbody tr.ant-table-row');
const drawer = () => page.getByRole('dialog', { name: /提交紀錄明細/ });
const result = () => drawer().getByRole('form', { name: '登錄結果' });

async function workbookOf(bytes: Buffer): Promise<ExcelJS.Workbook> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(bytes as unknown as ArrayBuffer);
  return workbook;
}

/** 自行上傳: the file, and the line of 提交紀錄 open at its 登錄結果. */
async function makeUpload(): Promise<ExcelJS.Workbook> {
  await page.getByRole('button', { name: '自行上傳' }).click();
  const dialog = page.getByRole('dialog', { name: '自行上傳' });
  const { bytes } = await downloaded(page, () => dialog.getByRole('button', { name: '製作上傳檔' }).click());
  const told = page.getByRole('status').filter({ hasText: '已製作上傳檔' });
  await expect(told).toContainText('https://ep.cloud.ncnu.edu.tw/');
  await told.getByRole('button', { name: '登錄結果' }).click();
  await expect(drawer()).toContainText('自行上傳');
  return workbookOf(bytes);
}

test('an over-long 簡述 is found, the roster with it is not written, and to look at it is', async () => {
  await openScreen(page, path, title);
  await page.getByRole('tab', { name: '現有名冊' }).click();
  await expect(rows().first()).toBeVisible();
  await expect(page.getByRole('columnheader', { name: '課程代碼' })).toBeVisible();
  await expectAccessible(page);
  studentName = (await rows().first().getByRole('link').textContent())!;
  const student = cityRecords(office.directory, 'students').find(({ name }) => name === studentName)!;
  const year = Number(/(\d+)學年度/.exec((await page.getByText(/^\d+學年度/).textContent()) ?? '')![1]);
  outcome = cityRecords(office.directory, 'outcomes').find(
    ({ studentId, academicYear, tickedAt, sourceSchoolCode, retake, makeup, repeat, beforeTransfer, exchange }) =>
      studentId === student.id &&
      academicYear === year &&
      tickedAt !== null &&
      sourceSchoolCode === '999999' &&
      !(retake || makeup || repeat || beforeTransfer || exchange),
  )!;
  changeCity(office.directory, { amend: [{ resource: 'outcomes', id: outcome.id, set: { summary: '學'.repeat(101) } }] });
  await synchronise(page, '課程學習成果');

  await openScreen(page, path, title);
  await page.getByRole('tab', { name: '現有名冊' }).click();
  await page.getByRole('button', { name: '匯出名冊' }).click();
  const told = page.getByRole('alert').filter({ hasText: '名冊有 1 項錯誤' });
  await expect(told).toBeVisible({ timeout: 60_000 });
  await expectAccessible(page);
  const { bytes } = await downloaded(page, () => told.getByRole('button', { name: '仍要匯出（供查對，不可上傳）' }).click());
  const sheet = (await workbookOf(bytes)).getWorksheet(sheetName)!;
  expect(sheet.rowCount - 1).toBe(
    Number(/共 ([\d,]+) 條/.exec((await page.locator('.grid-foot').textContent()) ?? '')![1]!.replace(',', '')),
  );

  await page.getByRole('tab', { name: '提交', exact: true }).click();
  await page.getByRole('link', { name: '錯誤 1 項' }).click();
  await expect(rows()).toHaveCount(1);
  await expect(rows().first()).toContainText(studentName);
  await expect(rows().first()).toContainText('超過 100 字');
});

test('mended and checked, the file is made and kept, and its line waits for the result', async () => {
  changeCity(office.directory, { amend: [{ resource: 'outcomes', id: outcome.id, set: { summary: outcome.summary } }] });
  await synchronise(page, '課程學習成果');
  await openScreen(page, path, title);
  await checkRoster(page);
  await expect(page.getByText('沒有發現問題。', { exact: true })).toBeVisible();
  uploaded = await makeUpload();
  expect(uploaded.worksheets[0]!.name).toBe('封面');
  await expect(drawer()).toContainText('尚未登錄');
  await expectAccessible(page);
});

test('登錄結果 takes the text as the site shows it; what it cannot read it says at the field, and keeps what was typed', async () => {
  await result().getByLabel('FID').fill('57283');
  await result().getByLabel('處理狀態').fill('收到了');
  await expect(result()).toContainText('看不出是檢核無誤、錯誤還是處理中。');
  await result().getByRole('button', { name: '登錄結果' }).click();
  await expect(result().getByText(/看不出這段處理狀態/)).toBeVisible();
  await expect(result().getByLabel('處理狀態')).toHaveAttribute('aria-invalid', 'true');

  // Closed and opened again, nothing typed is lost.
  await page.keyboard.press('Escape');
  await expect(drawer()).toHaveCount(0);
  await rows()
    .first()
    .getByRole('button', { name: /^登錄結果/ })
    .click();
  await expect(result().getByLabel('FID')).toHaveValue('57283');
  await expect(result().getByLabel('處理狀態')).toHaveValue('收到了');
  // An arrow moves the cursor there, not to the next line of 提交紀錄.
  await result().getByLabel('FID').press('ArrowRight');
  await expect(drawer()).toContainText('1 / ');

  await result().getByLabel('處理狀態').fill('資料檢核錯誤，請查看檢核結果{名冊名稱=學生課程學習成果名冊}');
  await expect(result()).toContainText('讀成：檢核錯誤（學生課程學習成果名冊）');
  await result().getByRole('button', { name: '登錄結果' }).click();
  await expect(drawer().getByText('57283')).toBeVisible();
  await expect(drawer()).toContainText('{名冊名稱=學生課程學習成果名冊}');
});

test('the downloaded answer is read, and each refused row is a student’s', async () => {
  const sheet = uploaded.getWorksheet(sheetName)!;
  const cells = (row: number) => (sheet.getRow(row).values as ExcelJS.CellValue[]).slice(1);
  const answer = new ExcelJS.Workbook();
  answer.addWorksheet(sheetName).addRows([
    [...cells(1), '錯誤訊息'],
    [...cells(2), '課程代碼不存在'],
    [...cells(3), '成果簡述含有不允許的文字'],
  ]);
  const file = join(office.directory, '檢核結果.xlsx');
  writeFileSync(file, Buffer.from(await answer.xlsx.writeBuffer()));
  const chooser = page.waitForEvent('filechooser');
  await drawer().getByRole('button', { name: '選擇檔案' }).click();
  await (await chooser).setFiles(file);
  await drawer().getByRole('button', { name: '讀取檢核結果檔' }).click();
  await expect(drawer().getByRole('status')).toContainText('退回 2 列，對應到 2 列');
  const refused = drawer().locator('tbody tr.ant-table-row');
  await expect(refused).toHaveCount(2);
  await expect(refused.filter({ hasText: '課程代碼不存在' }).getByRole('link')).toBeVisible();
  await expectAccessible(page);
  await refused.filter({ hasText: '課程代碼不存在' }).getByRole('link').click();
  await expect(page.getByText(/每學年勾選至多6件/)).toBeVisible();
});

test('提交紀錄 has both files of the line to download', async () => {
  await openScreen(page, `${path}?tab=records`, title);
  const row = rows().first();
  await expect(row).toContainText('57283');
  const menu = async (item: string) => {
    await row.getByRole('button', { name: '下載 FID 57283' }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  const sent = await downloaded(page, () => menu('提交的名冊'));
  expect((await workbookOf(sent.bytes)).getWorksheet(sheetName)!.rowCount).toBe(uploaded.getWorksheet(sheetName)!.rowCount);
  const answer = await downloaded(page, () => menu('檢核結果'));
  expect(answer.name).toBe('檢核結果.xlsx');
  const log = await downloaded(page, () => page.getByRole('button', { name: '匯出 EXCEL' }).click());
  const headings = (await workbookOf(log.bytes)).worksheets[0]!.getRow(2).values as string[];
  for (const heading of ['學年', '學期', 'FID', '處理狀態', '提交人員', '提交時間', '取得結果時間']) expect(headings).toContain(heading);
});

test('checked and made once more it is entered as accepted; nothing differs from the first', async () => {
  await openScreen(page, path, title);
  await checkRoster(page);
  await page.getByText(/^與上次提交的差異/).click();
  await expect(page.getByText('與上次提交的名冊完全相同。')).toBeVisible();
  await makeUpload();
  await result().getByLabel('FID').fill('57290');
  await result().getByLabel('處理狀態').fill('檢核無誤，資料已匯入');
  await result().getByRole('button', { name: '登錄結果' }).click();
  await expect(drawer().getByRole('button', { name: '封存', exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('.page-meaning')).toContainText('檢核無誤');
});
