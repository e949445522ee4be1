import { expect, type Page, test } from '@playwright/test';
import { downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 學校查詢接收紀錄 (manual §3.10) in a real browser. */
let office: Office;
let page: Page;
test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
});
test.afterAll(() => office?.close());

test('學校查詢接收紀錄: the newest first, by type and day', async () => {
  await openScreen(page, '/receipts', '學校查詢接收紀錄');
  const rows = page.locator('.grid-table tbody tr.ant-table-row');
  await expect(rows.first()).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('篩選資料類型').fill('修課紀錄');
  await expect(rows.first()).toContainText('修課紀錄');
  await page.locator('.grid-toolbar').getByText('市級系統').click();
  await expect(page.locator('.grid-foot')).toContainText(/1 - \d+ 共/);
  const file = await downloaded(page, () => page.getByRole('button', { name: '匯出 EXCEL' }).click());
  expect(file.name).toMatch(/接收紀錄_\d{7}\.xlsx$/);
});
