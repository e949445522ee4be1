import { expect, type Page, test } from '@playwright/test';
import { downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 查詢輔導教師 (S0210S) in a real browser. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;
test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
});
test.afterAll(() => office?.close());

test('查詢輔導教師: classes in the school’s order, filtered, counted and exported', async () => {
  await openScreen(page, '/counselors', '查詢輔導教師');
  const rows = page.locator('.grid-table tbody tr.ant-table-row');
  await expect(rows.first()).toContainText('一年一班');
  await expectAccessible(page);
  await page.getByLabel('篩選班級').fill('二年');
  await expect(rows.first()).toContainText('二年一班');
  await expect(rows).toHaveCount(1);
  const file = await downloaded(page, () => page.getByRole('button', { name: '匯出 EXCEL' }).click());
  expect(file.name).toMatch(/^測試高中_\d{4}_輔導教師_\d{7}\.xlsx$/);
  await page.getByRole('button', { name: '清除篩選' }).click();
  await page.getByRole('link', { name: '0 班' }).click();
  await expect(page.getByText('沒有符合篩選條件的記錄')).toBeVisible();
});

test('another 學年期 chosen in the top bar is that of the screen', async () => {
  await openScreen(page, '/counselors', '查詢輔導教師');
  await page.getByRole('banner').getByLabel('學年期').click();
  const other = page.locator('.ant-select-item-option:not(.ant-select-item-option-selected)').first();
  const term = (await other.textContent())!;
  await other.click();
  await expect(page.locator('.page-meaning')).toContainText(`${term.slice(0, -1)} 學年度第 ${term.slice(-1)} 學期`);
  await expect(page.locator('.page-actions').getByText(term)).toBeVisible();
});
