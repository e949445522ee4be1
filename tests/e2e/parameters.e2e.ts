import { expect, type Page, test } from '@playwright/test';
import { expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 設定功能參數 (manual §3.2) with the damaged files of §3.2.7 in a real browser. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;
test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
  await openScreen(page, '/parameters', '設定功能參數');
});
test.afterAll(() => office?.close());

const perTerm = () => page.getByLabel('學生學習成果上傳數量', { exact: true });
const perCourse = () => page.getByLabel('學生單科學習成果上傳數量');

test('a number against a rule is complained of after it was left, and keeps what was typed', async () => {
  await expect(perTerm()).toHaveValue('50');
  await perTerm().fill('5');
  await perCourse().focus();
  await expect(page.getByText('國教署規定不可低於6件。')).toBeVisible();
  await expect(perTerm()).toHaveValue('5');
  await expectAccessible(page);
});

test('儲存 says how many it saves, and leaving before asks', async () => {
  await perTerm().fill('20');
  await perCourse().fill('8');
  await page.getByRole('link', { name: '首頁' }).click();
  await page.getByRole('button', { name: '留在這一頁' }).click();
  await page.getByRole('button', { name: '儲存 2 項參數' }).click();
  await expect(page.getByText('已儲存 2 項參數')).toBeVisible();
  await page.reload();
  await expect(perTerm()).toHaveValue('20');
});

test('switched on, the damaged files are listed by subject and fetched again', async () => {
  await expect(page.getByText(/目前有 \d+ 個學習成果檔案異常/)).toBeVisible();
  await page.getByLabel('開啟').check();
  await page.getByRole('button', { name: '存檔' }).click();
  const rows = page.locator('.grid-table tbody tr.ant-table-row');
  await expect(rows.first()).toContainText('市級系統');
  await expectAccessible(page);
  const before = await rows.count();
  await rows.first().getByRole('button', { name: '重新取得' }).click();
  await expect(page.getByText('已重新取得 1 件檔案')).toBeVisible();
  await expect(rows).toHaveCount(before - 1);
});

test('更換檔案 takes the file the student brings', async () => {
  const rows = page.locator('.grid-table tbody tr.ant-table-row');
  const before = await rows.count();
  await rows.first().getByRole('button', { name: '更換檔案' }).click();
  const dialog = page.getByRole('dialog', { name: '更換檔案' });
  const choosing = page.waitForEvent('filechooser');
  await dialog.getByRole('button', { name: /選擇/ }).click();
  await (await choosing).setFiles({ name: '重新上傳.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF') });
  await expect(dialog).toContainText('重新上傳.pdf');
  await dialog.getByRole('button', { name: '更換檔案' }).click();
  await expect(page.getByText(/已更換 .*的檔案/)).toBeVisible();
  await expect(rows).toHaveCount(before - 1);
});
