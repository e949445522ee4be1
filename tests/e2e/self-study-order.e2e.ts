import { expect, type Page, test } from '@playwright/test';
import { choose, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 自主學習: 設定認證順序 (manual §3.13.2) in a real browser. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;
test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
});
test.afterAll(() => office?.close());

test('stages are moved, removed and added, and saved at once', async () => {
  await openScreen(page, '/self-study/order', '設定認證順序');
  const stages = page.getByRole('region', { name: '認證階段' }).getByRole('listitem');
  await expect(stages).toHaveText([/階段一自訂 - 圖書館審核/, /階段二學科教師認證/, /階段三導師認證/]);
  await expectAccessible(page);
  await page.getByRole('button', { name: '導師認證上移' }).click();
  await page.getByRole('button', { name: '移除自訂 - 圖書館審核' }).click();
  await expect(stages).toHaveText([/階段一導師認證/, /階段二學科教師認證/]);
  await choose(page, '認證身分', '自訂 - 自主學習計畫審核');
  await page.getByRole('button', { name: /新增階段$/ }).click();
  await page.getByRole('link', { name: '首頁' }).click();
  await page.getByRole('button', { name: '留在這一頁' }).click();
  await page.getByRole('button', { name: '儲存', exact: true }).click();
  await expect(page.getByText('已儲存 3 個認證階段')).toBeVisible();
  await page.reload();
  await expect(stages).toHaveText([/階段一導師認證/, /階段二學科教師認證/, /階段三自訂 - 自主學習計畫審核/]);
});
