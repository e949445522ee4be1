import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test';
import {
  downloaded,
  expectAccessible,
  listenToCaptcha,
  makeTrial,
  openScreen,
  signIn,
  signInFirst,
  startProgram,
  stopProgram,
} from './support.ts';

/** A school that cannot be opened, and one on a new computer, brought back in the window. */
test.describe.configure({ mode: 'serial' });

const password = 'Taipei-portfolio-109';
const folder = mkdtempSync(join(tmpdir(), 'rescue-'));
let directory: string;
let program: ChildProcess | null = null;
let context: BrowserContext;
let page: Page;
let words: string;
let backup: string;

const picture = (name: string) => page.screenshot({ path: `test-results/rescue-${name}.png` });
async function open(browser: Browser, at: string): Promise<void> {
  const started = await startProgram(at);
  program = started.program;
  await visit(browser, started.url);
}
/** The program in an empty directory, with a city or without. @returns the city's address */
async function openEmpty(browser: Browser, ...directories: string[]): Promise<string> {
  const { NODE_OPTIONS: _loader, ...environment } = process.env;
  program = spawn(process.execPath, [join(import.meta.dirname, 'open-empty.ts'), ...directories], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let city = '';
  for await (const line of createInterface({ input: program.stdout! })) {
    if (line.startsWith('city ')) city = line.slice(5);
    else if (line.startsWith('http')) {
      await visit(browser, line);
      return city;
    }
  }
  throw new Error('the program ended before it opened');
}
async function visit(browser: Browser, url: string): Promise<void> {
  context = await browser.newContext({ acceptDownloads: true, viewport: { width: 1366, height: 768 } });
  page = await context.newPage();
  await listenToCaptcha(page);
  await page.goto(url);
}
async function close(): Promise<void> {
  await context?.close();
  if (program) await stopProgram(program);
  program = null;
}
test.afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
  rmSync(directory, { recursive: true, force: true });
});

test('given a school with a backup and a recovery key on paper', async ({ browser }) => {
  directory = makeTrial({ students: 20, years: 1 });
  await open(browser, directory);
  await signInFirst(page, password);
  await openScreen(page, '/backup', '備份與還原');
  await page.getByRole('button', { name: '產生新的金鑰' }).click();
  await page.locator('.ant-popconfirm').getByRole('button', { name: '產生新的金鑰' }).click();
  const dialog = page.getByRole('dialog', { name: '復原金鑰' });
  const groups = dialog.getByRole('region', { name: '復原金鑰' }).locator('span');
  await expect(groups).toHaveCount(7);
  words = (await groups.allTextContents()).join(' ');
  await dialog.getByRole('button', { name: '我已列印或抄下，關閉' }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: '立即備份' }).click();
  const row = page.locator('.grid-table tbody tr.ant-table-row').first();
  await expect(row).toContainText('已驗證', { timeout: 60_000 });
  const { path } = await downloaded(page, () => row.getByRole('button', { name: '下載' }).click());
  backup = join(folder, 'school.portfolio-backup');
  copyFileSync(path, backup);
  await close();
});

test('when the database is damaged, the window names the newest good backup and brings it back; the damaged one is kept', async ({
  browser,
}) => {
  writeFileSync(join(directory, 'portfolio.db'), Buffer.alloc(100_000, 1));
  // The newest backup is damaged too: the one before it is offered.
  const [first] = readdirSync(join(directory, 'backups')).filter((name) => name.endsWith('.portfolio-backup'));
  const rotten = readFileSync(join(directory, 'backups', first!));
  const good = Buffer.from(rotten);
  rotten[rotten.length - 500]! ^= 1;
  writeFileSync(join(directory, 'backups', first!), rotten);

  await open(browser, directory);
  await expect(page.getByRole('heading', { name: '資料檔案毀損' })).toBeVisible();
  await expect(page.getByText('備份資料夾裡沒有可用的備份')).toBeVisible({ timeout: 30_000 });
  await close();
  writeFileSync(join(directory, 'backups', first!), good);

  await open(browser, directory);
  await expect(page.getByRole('alert')).toContainText('資料庫檔案毀損，程式沒有變動它');
  const restore = page.getByRole('button', { name: /還原 \d+\/.* 的備份/ });
  await expect(restore).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page);
  await picture('damaged');
  await restore.click();
  await page.locator('.ant-popconfirm').getByRole('button', { name: '還原這份備份' }).click();
  await expect(page.getByText(/已還原 .* 的備份，請(重新)?登入。/)).toBeVisible({ timeout: 60_000 });
  await signIn(page, password);
  await expect(page.getByRole('heading', { level: 1, name: '首頁' })).toBeVisible();
  await expect(page.getByText(/在學學生 \d+ 人/)).toBeVisible();
  const [kept] = readdirSync(join(directory, 'damaged'));
  expect(readFileSync(join(directory, 'damaged', kept!, 'portfolio.db')).equals(Buffer.alloc(100_000, 1))).toBe(true);
  await close();
});

test('when its key is lost, the recovery key brings it back, and a wrong one says which group', async ({ browser }) => {
  rmSync(join(directory, 'secret.key'));
  await open(browser, directory);
  await expect(page.getByRole('heading', { name: '找不到資料庫的金鑰' })).toBeVisible();
  await page.getByLabel('復原金鑰').fill(words.replace(/^./, words.startsWith('A') ? 'B' : 'A'));
  await page.getByRole('button', { name: /還原 \d+\/.* 的備份/ }).click();
  await page.locator('.ant-popconfirm').getByRole('button', { name: '還原這份備份' }).click();
  await expect(page.getByText('復原金鑰第 1 組不正確')).toBeVisible();
  expect(existsSync(join(directory, 'secret.key'))).toBe(false);
  await picture('key-lost');
  await page.getByLabel('復原金鑰').fill(words.toLowerCase());
  await page.getByRole('button', { name: /還原 \d+\/.* 的備份/ }).click();
  await page.locator('.ant-popconfirm').getByRole('button', { name: '還原這份備份' }).click();
  await expect(page.getByText(/已還原 .* 的備份，請(重新)?登入。/)).toBeVisible({ timeout: 60_000 });
  await signIn(page, password);
  await expect(page.getByRole('heading', { level: 1, name: '首頁' })).toBeVisible();
  expect(existsSync(join(directory, 'secret.key'))).toBe(true);
  await close();
  // The key was kept: it opens again.
  await open(browser, directory);
  await expect(page.getByLabel('密碼', { exact: true })).toBeVisible();
  await close();
});

test('on a new computer the downloaded file and the recovery key make the school again', async ({ browser }) => {
  const empty = join(folder, 'new computer');
  await openEmpty(browser, empty);
  await page.getByRole('button', { name: '這是新電腦：從備份還原' }).click();
  await expect(page.getByRole('heading', { name: '從備份還原' })).toBeVisible();
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: '選擇檔案' }).click()]);
  await chooser.setFiles(backup);
  await expect(page.getByText('school.portfolio-backup')).toBeVisible();
  await page.getByRole('button', { name: '還原選擇的檔案' }).click();
  await expect(page.getByRole('alert')).toContainText('請輸入復原金鑰（編號');
  await page.getByLabel('復原金鑰').fill(words);
  await expectAccessible(page);
  await picture('new-computer');
  await page.getByRole('button', { name: '還原選擇的檔案' }).click();
  await expect(page.getByText(/已還原 .* 的備份，請(重新)?登入。/)).toBeVisible({ timeout: 60_000 });
  await signIn(page, password);
  await expect(page.getByText(/在學學生 \d+ 人/)).toBeVisible();
  // The log of the old computer goes on here, whole.
  await openScreen(page, '/audit', '稽核紀錄');
  await expect(page.getByText('已還原').first()).toBeVisible();
  await expect(page.locator('.broken-band')).toHaveCount(0);
  await close();
});

test('when a school is connected for the first time, its recovery key is shown once, to be printed', async ({ browser }) => {
  const city = await openEmpty(browser, join(folder, 'connected'), mkdtempSync(join(folder, 'city-')));
  await page.getByLabel('網址').fill(city);
  await page.getByLabel('學校代碼').fill('310000');
  await page.getByLabel('裝置金鑰').fill('key of the office');
  await page.getByRole('button', { name: '連線' }).click();
  await expect(page.getByRole('heading', { name: '已連線到連線高中' })).toBeVisible({ timeout: 30_000 });
  const groups = page.getByRole('region', { name: '復原金鑰' }).locator('span');
  await expect(groups).toHaveCount(7);
  await expectAccessible(page);
  await picture('connected');
  const { name, bytes } = await downloaded(page, () => page.getByRole('button', { name: '存成 PDF' }).click());
  expect(name).toMatch(/^310000_復原金鑰_.{9}\.pdf$/);
  writeFileSync('test-results/recovery-page.pdf', bytes);
  // It stays until the clerk says so: the school is connected already.
  await expect(page.getByText('已下載')).toBeVisible();
  await page.getByRole('button', { name: '我記下了，前往登入' }).click();
  await expect(page.getByLabel('密碼', { exact: true })).toBeVisible();
  await expect(groups).toHaveCount(0);
  await close();
});
