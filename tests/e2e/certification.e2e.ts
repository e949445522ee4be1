import { expect, type Page, test } from '@playwright/test';
import { addDays, formatRocDay, taipeiDay } from '../../domain/roc-date.ts';
import { downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 查詢未認證教師狀況表 (manual §3.11) and 代理認證教師 in a real browser. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;
const today = taipeiDay(new Date());
test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
  await openScreen(page, '/certification', '查詢未認證教師狀況表');
});
test.afterAll(() => office?.close());

const teachers = () => page.getByRole('region', { name: '教師清單' });
const outcomes = () => page.getByRole('region', { name: '未認證學生清單' });
const rowsOf = (region: ReturnType<typeof teachers>) => region.locator('tbody tr.ant-table-row');
let name: string;

test('who has most to certify stands first; choosing him lists his students', async () => {
  await expect(page.locator('.page-meaning')).toContainText(/有 \d+ 件學習成果等待 \d+ 位教師認證/);
  await expect(rowsOf(outcomes()).first()).toBeVisible();
  await expectAccessible(page);
  const first = rowsOf(teachers()).first();
  name = (await first.getByRole('button').textContent())!;
  const pending = (await first.getByRole('cell').nth(1).textContent())!;
  await first.getByRole('button').click();
  await expect(page.getByRole('heading', { name: `${name} 的未認證學生清單` })).toBeVisible();
  await expect(outcomes().locator('.grid-foot')).toContainText(`共 ${pending} 條`);
  const file = await downloaded(page, () => outcomes().getByRole('button', { name: '匯出 EXCEL' }).click());
  expect(file.name).toMatch(/未認證學生清單_\d{7}\.xlsx$/);
});

test('the addresses for a reminder are copied', async () => {
  await page.getByRole('button', { name: '複製未認證教師的 E-mail' }).click();
  await expect(page.getByRole('button', { name: '已複製' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^\S+@\S+/);
});

test('the report is shown and saved as PDF', async () => {
  await page.getByRole('tab', { name: '列印狀況表' }).click();
  await page.getByRole('button', { name: '預覽' }).click();
  await expect(page.getByRole('img', { name: '未認證教師狀況表預覽，第 1 頁' })).toBeVisible();
  await expectAccessible(page);
  const file = await downloaded(page, () => page.getByRole('button', { name: '存成 PDF' }).click());
  expect(file.name).toMatch(/未認證教師狀況表_\d{7}\.pdf$/);
  expect(file.bytes.subarray(0, 5).toString()).toBe('%PDF-');
});

test('a deputy for a teacher who is away: refused for himself, then set, and seen beside the teacher', async () => {
  await page.getByRole('tab', { name: '代理認證教師' }).click();
  await page.getByRole('button', { name: '新增代理' }).click();
  const dialog = page.getByRole('dialog', { name: '新增代理認證教師' });
  const pick = async (label: string, typed: string) => {
    await dialog.getByLabel(label).fill(typed);
    await page.keyboard.press('Enter');
  };
  await pick('請假的教師', name);
  await pick('代理教師', name);
  await dialog.getByLabel('開始日期').fill(formatRocDay(today));
  await dialog.getByLabel('結束日期').fill(formatRocDay(addDays(today, 7)));
  await dialog.getByLabel('事由').fill('公假');
  await dialog.getByRole('button', { name: '儲存代理' }).click();
  await expect(dialog.getByText('代理教師不能是本人。')).toBeVisible();
  await expect(dialog.getByLabel('事由')).toHaveValue('公假');
  await expectAccessible(page);
  await dialog.getByLabel('代理教師').click();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: '儲存代理' }).click();
  await expect(dialog).toBeHidden();
  const row = page.locator('.grid-table tbody tr.ant-table-row');
  await expect(row).toContainText('代理中');
  const deputy = (await row.getByRole('cell').nth(1).textContent())!;
  await page.getByRole('tab', { name: '未認證清單' }).click();
  await expect(rowsOf(teachers()).filter({ hasText: name }).first()).toContainText(deputy);
});
