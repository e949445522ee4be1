import { expect, type Page, test } from '@playwright/test';
import { downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 自主學習: 設定學科/領域認證老師 (manual §3.13.1) in a real browser. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;
test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
});
test.afterAll(() => office?.close());

test('a subject is made and teachers are put in', async () => {
  await openScreen(page, '/self-study/certifiers', '設定學科/領域認證老師');
  await expect(page.getByRole('region', { name: '學科清單' })).toContainText('國文');
  await page.getByRole('button', { name: /新增$/ }).click();
  const dialog = page.getByRole('dialog', { name: '新增記錄' });
  await dialog.getByLabel('名稱').fill('國文');
  await dialog.getByRole('button', { name: '提交' }).click();
  await expect(dialog.getByText('已經有「國文」了')).toBeVisible();
  await dialog.getByLabel('名稱').fill('數學');
  await dialog.getByRole('button', { name: '提交' }).click();
  await expect(dialog).toBeHidden();
  const available = page.getByRole('region', { name: '可選教職員' });
  await available.getByRole('row').nth(1).click();
  await available
    .getByRole('row')
    .nth(3)
    .click({ modifiers: ['Shift'] });
  await page.getByRole('button', { name: '加入數學 已選教職員' }).click();
  await expect(page.getByRole('region', { name: '數學 已選教職員' }).getByRole('row')).toHaveCount(4);
  await expect(page.getByRole('region', { name: '學科清單' })).toContainText('3 人');
  await expectAccessible(page);
  const file = await downloaded(page, () => page.getByRole('button', { name: '匯出 EXCEL' }).click());
  expect(file.name).toMatch(/認證老師_\d{7}\.xlsx$/);
});

test('a group that the order asks is not deleted, and the refusal leads to the order', async () => {
  await page.getByText('自訂群組', { exact: true }).click();
  await page.getByRole('button', { name: '刪除 圖書館審核' }).click();
  await page.locator('.ant-popconfirm').getByRole('button', { name: '刪除' }).click();
  await expect(page.locator('.error-note')).toContainText('認證順序的第 1 階段');
  await page.getByRole('link', { name: '到設定認證順序' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '設定認證順序' })).toBeVisible();
});
