import { mkdirSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { choose, downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 稽核紀錄 (S0223S) in a real browser. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;
test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser, { oldAuditEntries: 45 });
  page = office.page;
});
test.afterAll(() => office?.close());

const rows = () => page.locator('.grid-table tbody tr.ant-table-row');

test('稽核紀錄: what was done stands there, the newest first, and the chain is whole', async () => {
  await openScreen(page, '/outcomes', '查詢學生學習成果情形');
  await expect(rows().first()).toBeVisible();
  await rows().first().getByRole('button', { name: /^查看/ }).click();
  await expect(page.getByText('修課紀錄與學習成果').first()).toBeVisible();
  await openScreen(page, '/audit', '稽核紀錄');
  await expect(rows().filter({ hasText: '查看學習歷程檔案櫃' }).first()).toBeVisible();
  await expect(page.locator('.page-meaning')).toContainText('前後相接，沒有被更改');
  await expect(page.locator('.broken-band')).toHaveCount(0);
  await expectAccessible(page);
  mkdirSync('out/looks', { recursive: true });
  await page.screenshot({ path: 'out/looks/audit.png' });
});

test('明細 names the student, and ← → go on', async () => {
  const row = rows().filter({ hasText: '查看學習歷程檔案櫃' }).first();
  await row.getByRole('button', { name: /^明細/ }).click();
  const drawer = page.getByRole('dialog', { name: /稽核紀錄明細/ });
  await expect(drawer.getByText('涉及的學生：1 人')).toBeVisible();
  await expect(drawer.locator('.plain-table tbody tr')).toHaveCount(1);
  await expectAccessible(page);
  await page.screenshot({ path: 'out/looks/audit-entry.png' });
  const before = await drawer.locator('.audit-fields dd').first().textContent();
  await page.keyboard.press('ArrowRight');
  await expect(drawer.locator('.audit-fields dd').first()).not.toHaveText(before!);
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
});

test('a student’s entries are found by his name, and the days and filters narrow them', async () => {
  await openScreen(page, '/outcomes', '查詢學生學習成果情形');
  const number = await rows().first().locator('td').nth(2).textContent();
  await openScreen(page, '/audit', '稽核紀錄');
  await page.getByRole('searchbox', { name: '學號或姓名' }).fill(number!);
  await page.keyboard.press('Enter');
  // The drawer of the test before named him too.
  await expect(rows()).toHaveCount(2);
  await expect(rows().nth(0)).toContainText('查看稽核紀錄明細');
  await expect(rows().nth(1)).toContainText('查看學習歷程檔案櫃');
  await page.getByRole('searchbox', { name: '學號或姓名' }).fill('');
  await page.keyboard.press('Enter');
  await choose(page, '期間', '今天');
  await choose(page, '篩選動作', '登入登出');
  await expect(rows().first()).toContainText('登入');
  await expect(rows().filter({ hasText: '查看學習歷程檔案櫃' })).toHaveCount(0);
  const file = await downloaded(page, () => page.getByRole('button', { name: '匯出 EXCEL' }).click());
  expect(file.name).toMatch(/^測試高中_稽核紀錄_\d{7}\.xlsx$/);
});

test('立即驗證 reads the whole log', async () => {
  await page.getByRole('button', { name: '立即驗證' }).click();
  await expect(page.locator('.page-meaning')).toContainText(/從頭驗證 [1-9]\d* 筆：前後相接/);
});

test('what is over 保存年限 is told, and purged once its number was typed', async () => {
  await page.getByRole('button', { name: '查看並清除…' }).click();
  const dialog = page.getByRole('dialog', { name: '稽核紀錄的保存年限' });
  await expect(dialog.getByText('的 45 筆已超過年限')).toBeVisible();
  await expect(dialog.getByRole('button', { name: '清除 45 筆' })).toBeDisabled();
  await dialog.getByLabel('輸入要清除的筆數 45 以確認').fill('45');
  await expectAccessible(page);
  await page.screenshot({ path: 'out/looks/audit-retention.png' });
  await dialog.getByRole('button', { name: '清除 45 筆' }).click();
  await expect(dialog.getByText('沒有超過年限的')).toBeVisible();
  await expect(dialog.getByRole('region', { name: '清除過的紀錄' }).getByRole('row')).toHaveCount(2);
  await dialog.getByLabel('保存年數').fill('7');
  await dialog.getByRole('button', { name: '儲存保存年數' }).click();
  await expect(page.getByText('已改為保存 7 年')).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(page.locator('.page-meaning')).toContainText('前後相接，沒有被更改，另有 45 筆已依保存年限清除');
  await page.getByRole('button', { name: '清除篩選' }).click();
  await expect(rows().filter({ hasText: '清除超過保存年限的稽核紀錄' })).toHaveCount(1);
});
