import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, expect, type Page, test } from '@playwright/test';
import { installedElectron } from '../../scripts/desktop.ts';
import { listenToCaptcha, makeTrial, openScreen, signInFirst } from '../e2e/support.ts';

/** First start, a student out, the slips of a class: in the desktop window, with its own dialogs. */
test.describe.configure({ mode: 'serial' });

const root = resolve(import.meta.dirname, '../..');
let program: ElectronApplication;
let page: Page;
let directory: string;
let saved: string;

test.beforeAll(async () => {
  directory = makeTrial({});
  saved = mkdtempSync(join(tmpdir(), 'portfolio-saved-'));
  program = await _electron.launch({ executablePath: installedElectron()!, args: [root, '--data', directory] });
  page = await program.firstWindow();
  await listenToCaptcha(page);
  await page.reload();
});
test.afterAll(async () => {
  await program?.close();
  rmSync(directory, { recursive: true, force: true });
  rmSync(saved, { recursive: true, force: true });
});

/** The clerk's answer to the next save dialog. */
async function willSaveAs(name: string): Promise<string> {
  const path = join(saved, name);
  await program.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, path);
  return path;
}

/** Of a file that may not be there yet. */
const beginningOf = (path: string, bytes: number) => (existsSync(path) ? readFileSync(path).subarray(0, bytes).toString() : '');

test('the window is locked in: sandboxed, isolated, on its own scheme, going nowhere', async () => {
  expect(new URL(page.url()).protocol).toBe('app:');
  expect(await page.evaluate(() => [typeof Reflect.get(globalThis, 'require'), typeof Reflect.get(globalThis, 'process')])).toEqual([
    'undefined',
    'undefined',
  ]);
  expect(await page.evaluate(() => window.portfolio.host)).toBe('electron');
  const before = page.url();
  await page.evaluate(() => {
    window.open('https://example.invalid/');
    window.location.href = 'https://example.invalid/?next=app://portfolio/';
  });
  await expect(page.getByRole('button', { name: '登入' })).toBeVisible();
  expect(page.url()).toBe(before);
  expect(program.windows()).toHaveLength(1);
  expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
});

test('the administrator signs in for the first time, and stays signed in when the page is loaded again', async () => {
  await signInFirst(page, 'Taipei-portfolio-109');
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: '首頁' })).toBeVisible();
});

test('a student leaves as an encrypted file, saved by the system’s own dialog', async () => {
  await openScreen(page, '/transfer-out', '匯出學生學習歷程資料');
  const search = page.getByRole('region', { name: '搜尋學生' });
  await search.getByRole('checkbox').nth(1).check();
  await search.getByRole('button', { name: '將勾選的 1 人加入清單' }).click();
  await page.getByRole('button', { name: /產生匯出檔案（1 人）/ }).click();
  const message = page.getByRole('dialog', { name: '訊息' });
  await expect(message).toContainText('匯出檔案已產生完成', { timeout: 60_000 });
  await message.getByRole('button', { name: '前往資料產生紀錄' }).click();
  const rows = page.getByRole('tabpanel', { name: '資料產生紀錄' }).locator('tbody tr.ant-table-row');
  await rows.first().getByRole('button', { name: '檔案資訊' }).click();
  const path = await willSaveAs('leaver.zip');
  await page.getByRole('dialog', { name: '檔案資訊' }).getByRole('button', { name: '下載檔案' }).click();
  await expect.poll(() => beginningOf(path, 2), { timeout: 15_000 }).toBe('PK');
  await page.getByRole('dialog', { name: '檔案資訊' }).getByRole('button', { name: '確定' }).click();
});

test('the slips of a class are a PDF', async () => {
  await openScreen(page, '/slips', '學生上傳及勾選情形確認單');
  await page.getByLabel('班級代碼起').fill('201');
  await page.getByLabel('班級代碼迄').fill('201');
  await page.getByLabel('繳交截止日期').fill('1160104');
  await page.getByLabel('學號起').focus();
  const path = await willSaveAs('slips.pdf');
  await page.getByRole('button', { name: '存成 PDF' }).click();
  await expect.poll(() => beginningOf(path, 5), { timeout: 60_000 }).toBe('%PDF-');
});
