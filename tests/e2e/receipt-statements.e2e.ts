import { expect, type Page, test } from '@playwright/test';
import ExcelJS from 'exceljs';
import { addDays, formatRocDay, taipeiDay } from '../../domain/roc-date.ts';
import { downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 收訖明細 in a real browser: what was handed in comes back, is compared, printed for the students, and answered by them. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;
const today = taipeiDay(new Date());
/** What the ministry gives back of the roster handed in: one record less, one that differs. */
let statement: Buffer;
let dropped: string;
let records = 0;
let serials: string[] = [];

test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
});
test.afterAll(() => office?.close());

const rows = () => page.locator('tbody tr.ant-table-row');
const figure = (label: string) => page.getByRole('link', { name: new RegExp(`^${label} \\d`) });
const latestScan = () => page.getByRole('list', { name: '掃描結果' }).getByRole('listitem').first();
const scanField = () => page.getByLabel('掃描 QR 碼或輸入序號');
const dialog = (name: string) => page.getByRole('dialog', { name });

async function chooseFile(name: string, buffer: Buffer): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await dialog('匯入收訖明細')
    .getByRole('button', { name: /選擇檔案|換一個檔案/ })
    .click();
  await (await chooser).setFiles({ name, mimeType: 'application/octet-stream', buffer });
  await expect(dialog('匯入收訖明細').getByText(name)).toBeVisible();
}

/** The roster as it was handed in, by the file made for uploading it. */
async function handIn(): Promise<ExcelJS.Workbook> {
  await openScreen(page, '/submissions/cadres', '提交校內幹部經歷至中央資料庫');
  await page.getByRole('button', { name: '開始預檢' }).click();
  await expect(page.getByRole('button', { name: '自行上傳' })).toBeEnabled({ timeout: 60_000 });
  const { bytes } = await downloaded(page, async () => {
    await page.getByRole('button', { name: '自行上傳' }).click();
    const ask = page.getByRole('dialog');
    const tick = ask.getByRole('checkbox', { name: /我已確認這/ });
    // The tick comes with the dialog, where there is one.
    await expect(ask.getByRole('button', { name: /^製作/ })).toBeVisible();
    if (await tick.isVisible()) await tick.check();
    await ask.getByRole('button', { name: /^製作/ }).click();
  });
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(bytes as unknown as ArrayBuffer);
  return workbook;
}

test('before anything was imported the list says what to do', async () => {
  const workbook = await handIn();
  const sheet = workbook.getWorksheet('校內幹部經歷')!;
  records = sheet.rowCount - 1;
  expect(records).toBeGreaterThan(5);
  const headings = (sheet.getRow(1).values as string[]).slice(1);
  const position = headings.indexOf('擔任職務') + 1;
  dropped = String(sheet.getRow(3).getCell(headings.indexOf('單位名稱') + 1).value);
  sheet.getRow(2).getCell(position).value = '國教署寫的職務';
  sheet.spliceRows(3, 1);
  statement = Buffer.from(await workbook.xlsx.writeBuffer());

  await openScreen(page, '/receipt-statements', '收訖明細');
  await expect(page.getByText('還沒有匯入過學習成果的收訖明細')).toBeVisible();
  await page.getByRole('radiogroup', { name: '名冊' }).getByText('校內幹部經歷').click();
  await expect(page.getByText('還沒有匯入過校內幹部經歷的收訖明細')).toBeVisible();
  await expectAccessible(page);
});

test('a window of two days, and what is no workbook, are refused where they are typed', async () => {
  await page.getByRole('button', { name: '匯入收訖明細' }).first().click();
  const form = dialog('匯入收訖明細');
  const start = form.getByRole('button', { name: '匯入並比對' });
  await chooseFile('照片.xlsx', Buffer.from('ffd8ffe000104a46', 'hex'));
  await form.getByLabel('確認開始日期').fill(formatRocDay(today));
  await form.getByLabel('確認截止日期').fill(formatRocDay(addDays(today, 1)));
  await expect(form.getByText(`確認期間至少 3 天，截止日期請設在 ${formatRocDay(addDays(today, 2))} 或以後。`)).toBeVisible();
  await expect(start).toBeDisabled();
  await expectAccessible(page);
  await form.getByLabel('確認截止日期').fill(formatRocDay(addDays(today, 2)));
  await start.click();
  await expect(form.getByRole('alert')).toContainText('另存成「Excel 活頁簿 (.xlsx)」');
});

test('the workbook is compared record by record, and the figures lead to the rows they count', async () => {
  await chooseFile('收訖明細.xlsx', statement);
  const form = dialog('匯入收訖明細');
  await form.getByRole('button', { name: '匯入並比對' }).click();
  await expect(form.getByText(`已匯入 ${records - 1} 筆`)).toBeVisible();
  await expect(form.getByText('未收到 1、多出 0、內容不同 1 筆')).toBeVisible();
  await form.getByRole('button', { name: '查看比對結果' }).click();

  await expect(page.getByText(/學期 校內幹部經歷名冊：相符/)).toBeVisible();
  await expect(rows()).toHaveCount(Math.min(30, records));
  await expectAccessible(page);
  await figure('未收到').click();
  await expect(rows()).toHaveCount(1);
  await expect(rows()).toContainText(dropped);
  await figure('內容不同').click();
  await expect(rows()).toHaveCount(1);
  await expect(rows()).toContainText(/擔任職務：送出 \S+，收訖 國教署寫的職務/);
});

test('a student leads to his cabinet and back to the same rows', async () => {
  const name = (await rows().getByRole('link').first().textContent())!;
  await rows().getByRole('link', { name }).click();
  await expect(page.getByRole('heading', { level: 1, name: '學習歷程檔案櫃' })).toBeVisible();
  await expect(page.getByText(name).first()).toBeVisible();
  await page.goBack();
  await expect(rows()).toHaveCount(1);
});

test('the papers are printed, a student a page', async () => {
  await page.keyboard.press('Control+p');
  const form = dialog('列印收訖明細確認單');
  await expect(form.getByText('全部學生')).toBeVisible();
  await expectAccessible(page);
  const { name, bytes } = await downloaded(page, () => form.getByRole('button', { name: '存成 PDF' }).click());
  expect(name).toMatch(/^測試高中_\d{4}_收訖明細確認單_\d{7}\.pdf$/);
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const document = await getDocument({ data: new Uint8Array(bytes), verbosity: 0 }).promise;
  for (let number = 1; number <= document.numPages; number += 1) {
    const { items } = await (await document.getPage(number)).getTextContent();
    const text = items.map((item) => ('str' in item ? item.str : '')).join('');
    serials.push(/\d{4}-[0-9A-Z]{5}-[0-9A-Z]{5}$/.exec(text)?.[0] ?? '');
  }
  await document.loadingTask.destroy();
  serials = [...new Set(serials)];
  await expect(form.getByText(`已產生 ${serials.length} 位學生`)).toBeVisible();
  await form.getByRole('button', { name: '關閉', exact: true }).last().click();
});

test('papers that come back are scanned, the right ones and the wrong ones', async () => {
  await page.getByRole('tab', { name: '學生確認' }).click();
  await expect(scanField()).toBeFocused();
  await expect(figure('未確認')).toHaveText(`${serials.length} 人`);
  await page.keyboard.type(`999999/${serials[0]}`);
  await page.keyboard.press('Enter');
  await expect(latestScan()).toContainText('已登錄正確：');
  await page.getByRole('radiogroup', { name: '掃描的單子勾選的是' }).getByText('錯誤').click();
  await page.getByRole('textbox', { name: '學生說明', exact: true }).fill('少了班長');
  await scanField().fill(serials[1]!);
  await scanField().press('Enter');
  await expect(latestScan()).toContainText('已登錄錯誤：');
  await scanField().fill(serials[0]!);
  await scanField().press('Enter');
  await expect(latestScan()).toContainText('要更改請在清單勾選學生後重新登錄');
  await figure('錯誤').click();
  await expect(rows()).toHaveCount(1);
  await expect(rows()).toContainText('少了班長');
  await expectAccessible(page);
});

test('many are marked at once, one is taken back, and who has not answered is a list to hand out', async () => {
  await figure('未確認').click();
  await expect(rows()).toHaveCount(Math.min(30, serials.length - 2));
  await rows().nth(0).getByRole('checkbox').check();
  await rows().nth(1).getByRole('checkbox').check();
  await page.getByRole('button', { name: '登錄勾選的 2 位為正確' }).click();
  await expect(figure('正確')).toHaveText('3 人');
  await rows().nth(0).getByRole('checkbox').check();
  await page.getByRole('button', { name: '登錄錯誤…' }).click();
  await dialog('登錄錯誤').getByLabel('學生說明').fill('日期不對');
  await dialog('登錄錯誤').getByRole('button', { name: '登錄 1 位為錯誤' }).click();
  await expect(figure('錯誤')).toHaveText('2 人');
  await figure('正確').click();
  await expect(rows()).toHaveCount(3);
  await rows().nth(0).getByRole('checkbox').check();
  await page.getByRole('button', { name: '取消登錄' }).click();
  await page.getByRole('tooltip').getByRole('button', { name: '取消登錄' }).click();
  await expect(figure('正確')).toHaveText('2 人');
  await figure('未確認').click();
  const { bytes } = await downloaded(page, () => page.getByRole('button', { name: '匯出 EXCEL' }).click());
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(bytes as unknown as ArrayBuffer);
  expect(workbook.worksheets[0]!.rowCount).toBe(serials.length - 4 + 2);
});

test('the window is changed, the workbook downloaded as it came, and a statement read by mistake removed', async () => {
  await page.getByRole('button', { name: '變更期間…' }).click();
  const form = dialog('設定學生確認期間');
  await form.getByLabel('確認開始日期').fill(formatRocDay(addDays(today, -5)));
  await form.getByLabel('確認截止日期').fill(formatRocDay(addDays(today, -1)));
  await form.getByRole('button', { name: '儲存確認期間' }).click();
  await expect(page.getByText('已截止', { exact: true })).toBeVisible();
  await figure('逾期未確認').click();
  await expect(rows().first()).toContainText('逾期未確認');

  const { name, bytes } = await downloaded(page, () => page.getByRole('button', { name: '下載', exact: true }).click());
  expect(name).toBe('收訖明細.xlsx');
  expect(bytes.equals(statement)).toBe(true);

  await page.getByRole('link', { name: '收訖明細清單' }).click();
  await expect(rows()).toHaveCount(1);
  await expect(rows()).toContainText('收訖明細.xlsx');
  await expectAccessible(page);
  await rows().first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '刪除' }).click();
  await page.getByRole('tooltip').getByRole('button', { name: '刪除' }).click();
  await expect(page.getByText('還沒有匯入過校內幹部經歷的收訖明細')).toBeVisible();
});
