import { expect, type Page, test } from '@playwright/test';
import ExcelJS from 'exceljs';
import { addDays, formatRocDay, taipeiDay } from '../../domain/roc-date.ts';
import { downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 回條登錄 (manual §3.18) in a real browser: slips are printed, come back, and are ticked off. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;
const dueDate = addDays(taipeiDay(new Date()), 7);
/** Serials as they stand at the foot of the pages, in the order of class and seat. */
let serials: string[] = [];

test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
});
test.afterAll(() => office?.close());

const scanField = () => page.getByLabel('掃描 QR 碼或輸入序號');
const latestScan = () => page.getByRole('list', { name: '掃描結果' }).getByRole('listitem').first();
const rows = () => page.locator('.ant-table-row');
const count = (label: string) => page.getByRole('link', { name: new RegExp(`^${label} `) });

async function serialsOf(bytes: Buffer): Promise<string[]> {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const document = await getDocument({ data: new Uint8Array(bytes), verbosity: 0 }).promise;
  const found: string[] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const { items } = await (await document.getPage(number)).getTextContent();
    const text = items.map((item) => ('str' in item ? item.str : '')).join('');
    found.push(/\d{4}-[0-9A-Z]{5}-[0-9A-Z]{5}$/.exec(text)?.[0] ?? '');
  }
  await document.loadingTask.destroy();
  return found;
}

const savePdf = () => downloaded(page, () => page.getByRole('button', { name: '存成 PDF' }).click());

async function printSlips() {
  await openScreen(page, '/slips', '學生上傳及勾選情形確認單');
  await page.getByLabel('年級').click();
  await page.getByTitle('二年級').click();
  await page.getByLabel('繳交截止日期').fill(formatRocDay(dueDate));
  await page.getByLabel('學號起').focus();
  return savePdf();
}

test('before anything was printed the tab says what to do', async () => {
  await openScreen(page, '/slips?tab=returns', '學生上傳及勾選情形確認單');
  await expect(page.getByText('這個學年期還沒有列印過確認單')).toBeVisible();
  await expectAccessible(page);
});

test('printed slips wait for their return', async () => {
  const file = await printSlips();
  serials = await serialsOf(file.bytes);
  expect(serials.length).toBeGreaterThan(3);
  await page.getByRole('tab', { name: '回條登錄' }).click();
  await expect(page.getByText(`共 ${serials.length} 份`)).toBeVisible();
  await expect(count('未繳回')).toHaveText(`${serials.length} 份`);
  await expect(rows().first()).toContainText('未繳回');
  await expect(scanField()).toBeFocused();
  await expectAccessible(page);
});

test('a hand scanner’s text and Enter register a slip; the field is ready for the next one at once', async () => {
  await page.keyboard.type(`999999/${serials[0]}`);
  await page.keyboard.press('Enter');
  await page.keyboard.type(serials[1]!.toLowerCase());
  await page.keyboard.press('Enter');
  await expect(page.getByRole('list', { name: '掃描結果' }).getByText('已登錄：')).toHaveCount(2);
  await expect(scanField()).toBeFocused();
  await expect(scanField()).toHaveValue('');
  await expect(count('已繳回')).toHaveText('2 份');

  await page.keyboard.type(serials[0]!);
  await page.keyboard.press('Enter');
  await expect(latestScan()).toContainText('登錄繳回');
  await page.keyboard.type(`123456/${serials[0]}`);
  await page.keyboard.press('Enter');
  await expect(latestScan()).toContainText('其他學校（代碼 123456）');
  await page.keyboard.type('1151-00000-00000');
  await page.keyboard.press('Enter');
  await expect(latestScan()).toContainText('查無序號 1151-00000-00000');
  await expectAccessible(page);
});

test('several are ticked at once, and a mistake is taken back', async () => {
  await count('未繳回').click();
  await expect(rows()).toHaveCount(serials.length - 2);
  await rows().nth(0).getByRole('checkbox').check();
  await rows().nth(1).getByRole('checkbox').check();
  await page.getByRole('button', { name: '登錄勾選的 2 份已繳回' }).click();
  await expect(count('已繳回')).toHaveText('4 份');
  await count('已繳回').click();
  await expect(rows()).toHaveCount(4);
  await rows().nth(3).getByRole('checkbox').check();
  await page.getByRole('button', { name: '取消登錄' }).click();
  await expect(page.getByText('確定要取消勾選的 1 份的繳回登錄？')).toBeVisible();
  await page.getByRole('tooltip').getByRole('button', { name: '取消登錄' }).click();
  await expect(count('已繳回')).toHaveText('3 份');
  await expect(rows()).toHaveCount(3);
});

test('who has not brought his is exported for the homeroom teachers', async () => {
  await count('未繳回').click();
  await expect(rows()).toHaveCount(serials.length - 3);
  const file = await downloaded(page, () => page.getByRole('button', { name: '匯出 EXCEL' }).click());
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(file.bytes as never);
  const texts = workbook.worksheets[0]!.getSheetValues().flatMap((row) => (Array.isArray(row) ? row.map(String) : []));
  expect(texts).toEqual(expect.arrayContaining(['班級', '座號', '學號', '姓名', '導師', '狀態', formatRocDay(dueDate)]));
  expect(texts.filter((text) => text === '未繳回')).toHaveLength(serials.length - 3);
  expect(texts).not.toContain('已繳回');
});

test('printed again with the same figures, what came back stays back', async () => {
  // The form is as it was left.
  await page.getByRole('tab', { name: '列印確認單' }).click();
  await savePdf();
  await page.getByRole('tab', { name: '回條登錄' }).click();
  await expect(page.getByText(`共 ${serials.length} 份`)).toBeVisible();
  await expect(count('已繳回')).toHaveText('3 份');
});
