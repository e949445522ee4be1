import { expect, type Page, test } from '@playwright/test';
import { expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 設定學校學年期 (S0213S) in a real browser. */
let office: Office;
let page: Page;
test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
});
test.afterAll(() => office?.close());

test('another term becomes the school’s, everywhere, and the day takes over again', async () => {
  await openScreen(page, '/terms', '設定學校學年期');
  await expect(page.locator('.page-meaning')).toContainText('依日期自動');
  const rows = page.locator('.grid-table tbody tr.ant-table-row');
  await expectAccessible(page);
  const cells = rows.nth(1).getByRole('cell');
  const term = `${await cells.nth(0).textContent()}${await cells.nth(1).textContent()}`;
  await rows.nth(1).getByRole('button', { name: '設為目前學年期' }).click();
  await page.locator('.ant-popconfirm').getByRole('button', { name: '設為目前學年期' }).click();
  await expect(page.locator('.page-meaning')).toContainText(`目前學年期設定為 ${term}`);
  await expect(page.getByRole('banner')).toContainText(term);
  await expect(page.getByRole('alert')).toContainText('與設定的目前學年期不同');
  await page.getByRole('button', { name: '改為依日期自動' }).click();
  await expect(page.locator('.page-meaning')).toContainText('依日期自動');
});
