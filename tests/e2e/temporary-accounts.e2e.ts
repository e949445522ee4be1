import { expect, type Page, test } from '@playwright/test';
import ExcelJS from 'exceljs';
import { downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 轉學生臨時帳號 (manual §3.17) in a real browser, on the trial school and its embedded city. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;

test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser, { students: 240 });
  page = office.page;
  await openScreen(page, '/temporary-accounts', '轉學生臨時帳號');
});
test.afterAll(() => office?.close());

const rowOf = (studentNumber: string) => page.getByRole('row').filter({ hasText: studentNumber });
const dialog = (name: string) => page.getByRole('dialog', { name });
/** Text of a PDF, without the spaces between its pieces. */
async function textOf(bytes: Buffer): Promise<string> {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const document = await getDocument({ data: new Uint8Array(bytes), verbosity: 0 }).promise;
  const { items } = await (await document.getPage(1)).getTextContent();
  await document.loadingTask.destroy();
  return items.map((item) => ('str' in item ? item.str : '')).join('');
}

let studentNumber = '';
let firstPassword = '';

test('leavers stand on top beside the windows they may tick in', async () => {
  await expect(page.getByRole('list', { name: '開放中的勾選時間' })).toContainText('學生勾選學習成果時間');
  const first = page.locator('.ant-table-row').first();
  await expect(first).toContainText('未開通');
  await expect(first).toContainText('轉出學生勾選');
  studentNumber = (await first.locator('td').nth(3).textContent()) ?? '';
  expect(studentNumber).toMatch(/^\d+$/);
  await expectAccessible(page);
});

test('開通 shows the account and its password once, and gives the notice', async () => {
  await page.getByRole('button', { name: new RegExp(`^開通 ${studentNumber}`) }).click();
  const form = dialog('開通臨時帳號');
  await expect(form.getByRole('radio', { name: '轉出學生勾選' })).toBeChecked();
  await expect(form.getByLabel('到期日', { exact: true })).not.toHaveValue('');
  await expectAccessible(page);
  await form.getByRole('button', { name: '開通' }).click();

  const issued = dialog('臨時帳號與一次性密碼');
  await expect(issued).toContainText(`999999t${studentNumber}`);
  await expect(issued).toContainText('密碼只顯示這一次');
  firstPassword = (await issued.locator('.temporary-account-password').textContent())?.trim() ?? '';
  expect(firstPassword).toMatch(/^[A-Za-z2-9]{4}(-[A-Za-z2-9]{4}){2}$/);
  await expectAccessible(page);
  const notice = await downloaded(page, () => issued.getByRole('button', { name: '存成 PDF' }).click());
  const text = await textOf(notice.bytes);
  expect(text).toContain(firstPassword);
  expect(text).toContain('轉學生臨時帳號通知單');
  await issued.getByRole('button', { name: '我已交給學生，關閉' }).click();
  await expect(issued).toBeHidden();

  await expect(rowOf(studentNumber)).toContainText('使用中');
  await expect(page.getByText(firstPassword)).toHaveCount(0);
});

test('重設密碼 asks first and gives another password', async () => {
  await page.getByRole('button', { name: new RegExp(`^重設密碼 ${studentNumber}`) }).click();
  await expect(page.getByText('確定要重設密碼？')).toBeVisible();
  await page.getByRole('tooltip').getByRole('button', { name: '重設密碼' }).click();
  const issued = dialog('臨時帳號與一次性密碼');
  await expect(issued.locator('.temporary-account-password')).toContainText('-');
  await expect(issued.locator('.temporary-account-password')).not.toContainText(firstPassword);
  await issued.getByRole('button', { name: '我已交給學生，關閉' }).click();
});

test('延長 refuses what is not later, and keeps what was typed', async () => {
  await page.getByRole('button', { name: new RegExp(`^延長 ${studentNumber}`) }).click();
  const form = dialog('延長臨時帳號');
  const day = form.getByLabel('新的到期日', { exact: true });
  const typed = await day.inputValue();
  await form.getByRole('button', { name: '延長' }).click();
  await expect(form).toContainText('新的到期時間必須晚於目前的到期時間');
  await expect(day).toHaveValue(typed);
  await form.getByRole('button', { name: '取消' }).click();
  await expect(form).toBeHidden();
});

test('停用 asks first, and goes to the city', async () => {
  await page.getByRole('button', { name: new RegExp(`^停用 ${studentNumber}`) }).click();
  await expect(page.getByText('確定要停用這個臨時帳號？')).toBeVisible();
  await page.getByRole('tooltip').getByRole('button', { name: '停用' }).click();
  await expect(rowOf(studentNumber)).toContainText('已停用');
  await expect(page.getByText(/等待送到市級系統/)).toBeHidden();
  await expect(page.getByRole('button', { name: new RegExp(`^開通 ${studentNumber}`) })).toBeVisible();
});

test('匯出 EXCEL has the manual’s columns and the account', async () => {
  const file = await downloaded(page, () => page.getByRole('button', { name: '匯出 EXCEL' }).click());
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(file.bytes as never);
  const texts = workbook.worksheets[0]!.getSheetValues().flatMap((row) => (Array.isArray(row) ? row.map(String) : []));
  expect(texts).toEqual(
    expect.arrayContaining(['學年', '班級', '座號', '學號', '姓名', '帳號', '用途', '狀態', '開通時間', '到期時間', '開通人員']),
  );
  expect(texts).toContain(`999999t${studentNumber}`);
});
