import { expect, type Page, test } from '@playwright/test';
import ExcelJS from 'exceljs';
import { choose, downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 提交多元表現至中央資料庫 (manual §3.6): the roster's ten sheets on the screen, and 匯出 of a year. */
test.describe.configure({ mode: 'serial' });

const path = '/submissions/performances';
const title = '提交多元表現至中央資料庫';

let office: Office;
let page: Page;
let year: number;
/** Rows of each sheet, as the screen counts them. */
const counts = new Map<string, number>();

test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
});
test.afterAll(() => office?.close());

const rows = () => page.locator('tbody tr.ant-table-row');

async function workbookOf(bytes: Buffer): Promise<ExcelJS.Workbook> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(bytes as unknown as ArrayBuffer);
  return workbook;
}

test('the screen begins with the open 提交期限, and 查看現有名冊 shows the rows sheet by sheet', async () => {
  await openScreen(page, path, title);
  const line = page.getByText(/^\d+學年度 \d+\/\d\d\/\d\d ~ \d+\/\d\d\/\d\d$/);
  year = Number.parseInt((await line.textContent())!, 10);
  await expect(page.getByText(/^進行中/)).toBeVisible();
  await page.getByRole('button', { name: '查看現有名冊' }).click();
  await expect(rows().first()).toBeVisible();

  await page.getByLabel('工作表', { exact: true }).click();
  const options = page.locator('.ant-select-dropdown:visible .ant-select-item-option');
  await expect(options).toHaveCount(10);
  for (const text of await options.allTextContents()) {
    const [, name, count] = /^(.+)（([\d,]+)）$/.exec(text)!;
    counts.set(name!, Number(count!.replace(',', '')));
  }
  await page.keyboard.press('Escape');
  expect(counts.size).toBe(10);
  const [meaning] = /現有 [\d,]+ 列/.exec((await page.locator('.page-meaning').textContent()) ?? '')!;
  expect(Number(meaning.replace(/\D/g, ''))).toBe([...counts.values()].reduce((sum, count) => sum + count, 0));

  await choose(page, '工作表', `服務學習紀錄（${counts.get('服務學習紀錄')}）`);
  await expect(page.getByRole('columnheader', { name: '服務名稱' })).toBeVisible();
  await expect(page.locator('.grid-foot')).toContainText(`共 ${counts.get('服務學習紀錄')} 條`);
  await page.getByLabel('篩選時數').fill('≥ 1');
  await expect(page.getByRole('button', { name: '清除篩選' })).toBeVisible();
  await page.getByRole('columnheader', { name: '時數' }).click();
  await expect(rows().first()).toBeVisible();
  await expectAccessible(page);
});

test('a name leads to the cabinet, from where one goes on along the sheet', async () => {
  const name = (await rows().first().getByRole('link').textContent())!;
  await rows().first().getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name: '學習歷程檔案櫃' })).toBeVisible();
  await expect(page.getByText(name).first()).toBeVisible();
  await expect(page.getByRole('button', { name: '下一位' })).toBeEnabled();
});

test('匯出學生多元表現 asks for the year, and writes the official workbook of it', async () => {
  await openScreen(page, path, title);
  await page.getByRole('button', { name: '匯出學生多元表現' }).click();
  const dialog = page.getByRole('dialog', { name: '匯出學生多元表現' });
  await expect(dialog).toContainText('請輸入要查看哪個年度的紀錄');
  await expectAccessible(page);
  const { bytes, name } = await downloaded(page, () => dialog.getByRole('button', { name: '匯出' }).click());
  expect(name).toContain(String(year));
  const workbook = await workbookOf(bytes);
  expect(workbook.worksheets[0]!.name).toBe('封面');
  const [headings, cover] = [1, 2].map((row) => (workbook.worksheets[0]!.getRow(row).values as unknown[]).slice(1));
  expect(headings).toEqual(['學校代碼', '學年度', '學期', '名冊別']);
  expect(cover!.map(String)).toEqual(['999999', String(year), '0', '25']);
  for (const [sheet, count] of counts) expect(workbook.getWorksheet(sheet)!.rowCount - 1, sheet).toBe(count);
});

test('another year and 梯次 is another roster, and the screen remembers it', async () => {
  await choose(page, '學年', `${year - 1} 學年`);
  await expect(page.getByText('已截止')).toBeVisible();
  await expect(page.getByRole('button', { name: '提交至市級系統' })).toHaveAccessibleDescription(/^提交期限已於 .* 截止。$/);
  // Checked although the window is closed, by keyboard.
  await page.getByRole('button', { name: '開始預檢' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('剛剛預檢')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('button', { name: '提交至市級系統' })).toBeDisabled();
  await expectAccessible(page);
  await choose(page, '梯次', '高三第一梯次');
  await expect(page.locator('.page-meaning')).toContainText('名冊別 35');
  await openScreen(page, '/', '首頁');
  await openScreen(page, path, title);
  await expect(page.locator('.page-meaning')).toContainText('名冊別 35');
});

test('every line of 提交紀錄 opens with its raw text, by keyboard alone', async () => {
  await page.getByRole('tab', { name: '提交紀錄' }).click();
  const refused = rows().filter({ hasText: '資料檢核錯誤' }).first();
  await expect(refused).toBeVisible();
  await rows().first().focus();
  const lines = await rows().allTextContents();
  for (let down = lines.findIndex((text) => text.includes('資料檢核錯誤')); down > 0; down -= 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('dialog', { name: /提交紀錄明細/ });
  await expect(drawer).toContainText('{名冊名稱=學生自填多元表現名冊}');
  await expect(drawer).toContainText('這筆不是從這台電腦提交的');
  await expectAccessible(page);
  const before = await drawer.locator('.ant-drawer-title').textContent();
  await page.keyboard.press('ArrowRight');
  await expect(drawer.locator('.ant-drawer-title')).not.toHaveText(before!);
  await page.keyboard.press('Escape');
  await expect(drawer).toHaveCount(0);
});
