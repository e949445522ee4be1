import { expect, type Page, test } from '@playwright/test';
import { expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 同步作業 (manual §2.1), and a change of the office on its way to the city. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;
test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
});
test.afterAll(() => office?.close());

test('every item of the manual is there by role, and one or all are synchronised at once', async () => {
  await openScreen(page, '/sync', '同步作業');
  for (const item of ['學籍及人員資料', '修課資料', '出缺勤資料', '心理測驗資料', '教師配課資料', '輔導教師資料', '功能參數']) {
    await expect(page.getByText(item, { exact: true }).first()).toBeVisible();
  }
  await expectAccessible(page);
  await page.getByRole('button', { name: '全部立即同步' }).click();
  await expect(page.getByText(/已是最新資料|同步完成/)).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: '檢查連線' }).click();
  await expect(page.getByText('連線正常')).toBeVisible();
});

test('a change is sent by itself, and nothing waits any more', async () => {
  await openScreen(page, '/parameters', '設定功能參數');
  await page.getByLabel('學生單科學習成果上傳數量').fill('7');
  await page.getByRole('button', { name: '儲存 1 項參數' }).click();
  await expect(page.getByText('已儲存 1 項參數')).toBeVisible();
  await openScreen(page, '/sync', '同步作業');
  await expect(page.getByRole('region', { name: '本校的變更' })).toContainText('本校的變更都已經送到市級系統。', { timeout: 60_000 });
  await expect(page.locator('.page-meaning')).toContainText('沒有待送的異動');
});
