import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { downloaded, expectAccessible, type Office, openOffice, openScreen, signIn } from './support.ts';

/** 備份與還原 (S0224S) in a real browser. */
let office: Office;
let page: Page;
let stick: string;
test.describe.configure({ mode: 'serial' });
test.beforeAll(async ({ browser }) => {
  stick = mkdtempSync(join(tmpdir(), 'stick-'));
  office = await openOffice(browser);
  page = office.page;
  await page.setViewportSize({ width: 1366, height: 768 });
  await openScreen(page, '/backup', '備份與還原');
});
test.afterAll(async () => {
  await office?.close();
  rmSync(stick, { recursive: true, force: true });
});

const rows = () => page.locator('.grid-table tbody tr.ant-table-row');
const picture = (name: string) => page.screenshot({ path: `test-results/backup-${name}.png` });
const message = (text: string | RegExp) => page.locator('.ant-message').getByText(text);

test('a backup is made, verified, and stands in the list', async () => {
  await expect(page.locator('.page-meaning')).toContainText('還沒有驗證過的備份');
  await page.getByRole('button', { name: '立即備份' }).click();
  await expect(message(/已備份並驗證：\d+ 個資料表、附件 \d+ 個/)).toBeVisible({ timeout: 60_000 });
  await expect(rows()).toHaveCount(1);
  await expect(rows().first()).toContainText('手動');
  await expect(rows().first()).toContainText('已驗證');
  await expect(page.locator('.page-meaning')).toContainText('最近一次驗證過的備份：剛剛');
  await expectAccessible(page);
  await picture('list');
  await rows().first().getByRole('button', { name: '驗證' }).click();
  await expect(message(/的備份完好/)).toBeVisible({ timeout: 60_000 });
});

test('a second place gets a verified copy; one that cannot be used is refused, and one that went away is told on every screen', async () => {
  const second = page.getByLabel('第二個位置');
  await second.fill(join(stick, 'not there'));
  await page.getByRole('button', { name: '儲存備份設定' }).click();
  await expect(page.getByRole('alert').filter({ hasText: '找不到' })).toBeVisible();
  await page.getByLabel('每日時間').fill('25:00');
  await expect(page.getByText('請輸入 00:00 到 23:59')).toBeVisible();
  await page.getByLabel('每日時間').fill('7:05');
  const place = join(stick, 'E');
  mkdirSync(place);
  await second.fill(place);
  await page.getByRole('button', { name: '儲存備份設定' }).click();
  await expect(message('已儲存備份設定')).toBeVisible();
  await expect(page.getByLabel('每日時間')).toHaveValue('07:05');
  await page.getByRole('button', { name: '立即備份' }).click();
  await expect(rows().first()).toContainText('已複製', { timeout: 60_000 });
  const copied = readdirSync(join(place, '學習歷程備份_999999')).filter((name) => name.endsWith('.portfolio-backup'));
  expect(copied).toHaveLength(1);

  rmSync(place, { recursive: true });
  await page.getByRole('button', { name: '立即備份' }).click();
  await expect(rows()).toHaveCount(3, { timeout: 60_000 });
  await expect(rows().first()).toContainText('未複製', { timeout: 60_000 });
  await openScreen(page, '/terms', '設定學校學年期');
  await expect(page.locator('.backup-band')).toContainText('備份沒有複製到第二個位置');
  // The list is there first: its buttons fade from disabled to enabled.
  await expect(page.locator('.grid-table tbody tr.ant-table-row').first()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: '到備份與還原' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '備份與還原' })).toBeVisible();
  await picture('second-failed');
  await second.fill('');
  await page.getByRole('button', { name: '儲存備份設定' }).click();
  await expect(page.locator('.backup-band')).toHaveCount(0);
});

test('a rehearsal restores beside the school and says what it found', async () => {
  await rows().first().getByRole('button', { name: '演練' }).click();
  const panel = page.getByRole('region', { name: '還原演練' });
  await expect(panel).toContainText('通過', { timeout: 90_000 });
  await expect(panel).toContainText('全部相符');
  expect(readdirSync(join(office.directory, 'work'))).toEqual([]);
});

test('a new recovery key is shown once, with its page', async () => {
  await page.getByRole('button', { name: '產生新的金鑰' }).click();
  await page.locator('.ant-popconfirm').getByRole('button', { name: '產生新的金鑰' }).click();
  const dialog = page.getByRole('dialog', { name: '復原金鑰' });
  const groups = dialog.getByRole('region', { name: '復原金鑰' }).locator('span');
  await expect(groups).toHaveCount(7);
  const words = (await groups.allTextContents()).join('-');
  expect(words).toMatch(/^([A-HJ-NP-Z2-9]{5}-){6}[A-HJ-NP-Z2-9]{5}$/);
  const { name, bytes } = await downloaded(page, () => dialog.getByRole('button', { name: '存成 PDF' }).click());
  expect(name).toMatch(/^999999_復原金鑰_.{9}\.pdf$/);
  expect(bytes.subarray(0, 5).toString('latin1')).toBe('%PDF-');
  await expectAccessible(page);
  await picture('recovery-key');
  await dialog.getByRole('button', { name: '我已列印或抄下，關閉' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(words.slice(0, 5))).toHaveCount(0);
});

test('a backup is downloaded as one file', async () => {
  const { name, path } = await downloaded(page, () => rows().first().getByRole('button', { name: '下載' }).click());
  expect(name).toMatch(/^999999_備份_\d{8}_\d{6}\.portfolio-backup$/);
  expect(statSync(path).size).toBeGreaterThan(1_000_000);
});

test('what restoring would change is shown first; then the school is as it was, and everybody signs in again', async () => {
  // Something that only exists after the backup: a term put out of the lists.
  await openScreen(page, '/terms', '設定學校學年期');
  const offered = page.locator('.grid-table tbody tr.ant-table-row').nth(1).getByRole('switch');
  await expect(offered).toBeChecked();
  await offered.click();
  await expect(offered).not.toBeChecked();

  await openScreen(page, '/backup', '備份與還原');
  await rows().first().getByRole('button', { name: '還原' }).click();
  const dialog = page.getByRole('dialog', { name: /還原 .* 的備份/ });
  await expect(dialog.getByRole('row', { name: /學年期/ })).toBeVisible({ timeout: 60_000 });
  await expect(dialog.getByRole('row', { name: /修課紀錄/ })).toHaveCount(0);
  const go = dialog.getByRole('button', { name: '還原這份備份' });
  await expect(go).toBeDisabled();
  await expectAccessible(page);
  await picture('differences');
  await dialog.getByLabel('我已看過上面的差異，確定要還原').check();
  await go.click();

  await expect(page.getByText(/^已還原 \d{3}\/\d{2}\/\d{2} \d{2}:\d{2}:\d{2} 的備份，請重新登入。$/)).toBeVisible({ timeout: 90_000 });
  await picture('signed-out');
  await signIn(page, office.password);
  await openScreen(page, '/terms', '設定學校學年期');
  await expect(page.locator('.grid-table tbody tr.ant-table-row').nth(1).getByRole('switch')).toBeChecked();
  await openScreen(page, '/backup', '備份與還原');
  await expect(rows().first()).toContainText('還原前');
  expect(readdirSync(join(office.directory, 'before-restore'))).toHaveLength(1);
});
