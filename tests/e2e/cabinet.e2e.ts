import { expect, type Page, test } from '@playwright/test';
import { downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 學習歷程檔案櫃 (manual §3.5, §3.8), its files in place, and Ctrl+K, in a real browser. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;
test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
});
test.afterAll(() => office?.close());

const heading = () => page.getByRole('heading', { level: 1, name: '學習歷程檔案櫃' });
const tile = (name: string | RegExp) => page.getByRole('navigation', { name: '檔案櫃' }).getByRole('button', { name });
const drawer = () => page.getByRole('dialog');

test('查看 on the list opens the cabinet; the keyboard goes on to the next student, over the end of the page too', async () => {
  await openScreen(page, '/outcomes', '查詢學生學習成果情形');
  const rows = page.locator('.grid-table tbody tr.ant-table-row');
  await rows.nth(29).getByRole('button', { name: /^查看/ }).click();
  await expect(heading()).toBeVisible();
  await expect(page.locator('.cabinet-position')).toHaveText(/^30 \/ \d+$/);
  const first = await page.locator('.cabinet-student').textContent();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.cabinet-position')).toHaveText(/^31 \/ \d+$/);
  await expect(page.locator('.cabinet-student')).not.toHaveText(first!);
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('.cabinet-student')).toHaveText(first!);
  await page.getByRole('button', { name: '返回' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '查詢學生學習成果情形' })).toBeVisible();
});

test('Ctrl+K finds a student by part of his class or number and opens his cabinet', async () => {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: '找學生' }).fill('三年一班');
  await expect(page.getByRole('option').first()).toContainText('三年一班');
  await page.keyboard.press('Enter');
  await expect(heading()).toBeVisible();
  await expect(page.locator('.cabinet-student')).toContainText('三年一班');
});

test('the tiles stand as in the manual, with their counts and the year’s ticks', async () => {
  for (const name of [
    '基本資料',
    '個人簡歷',
    '校內幹部經歷',
    '課程諮詢紀錄',
    '上傳學習成果',
    '學習成果認證',
    '競賽參與紀錄',
    '大學及技專校院先修課程紀錄',
  ]) {
    await expect(tile(new RegExp(`^${name}`))).toBeVisible();
  }
  await expect(page.getByText(/每學年勾選至多6件\(\d\/6\)/)).toBeVisible();
  await expect(page.getByText(/每學年勾選合計至多10項\(\d+\/10\)/)).toBeVisible();
  await expectAccessible(page);
  await tile(/^基本資料/).click();
  await expect(page.getByRole('region', { name: '基本資料' })).toContainText('就讀班級');
  const identity = page.getByRole('region', { name: '基本資料' }).locator('dd').first();
  await expect(identity).toContainText('****');
  await identity.getByRole('button', { name: '顯示' }).click();
  await expect(identity).toHaveText(/^[A-Z]\w\d{8}$/);
  await expectAccessible(page);
});

test('a record opens with all its fields and its history; its document is shown in place and saved', async () => {
  await tile(/^上傳學習成果/).click();
  await page.getByRole('region', { name: '上傳學習成果' }).getByRole('button', { name: /^查看/ }).first().click();
  await expect(drawer()).toContainText('課程代碼');
  await expect(drawer()).toContainText('歷程');
  await drawer().getByRole('button', { name: '開啟檔案' }).first().click();
  const shown = drawer().locator('.pdf-page canvas, img.shown-picture').first();
  await expect(shown).toBeVisible();
  await expectAccessible(page);
  const file = await downloaded(page, () => drawer().getByRole('button', { name: '下載' }).first().click());
  expect(file.bytes.byteLength).toBeGreaterThan(0);
  const title = await drawer().locator('.ant-drawer-title').textContent();
  await page.keyboard.press('ArrowRight');
  await expect(drawer().locator('.ant-drawer-title')).not.toHaveText(title!);
  await page.keyboard.press('Escape');
  await expect(drawer()).toBeHidden();
});

test('sound and video are played from the store: the player asks for stretches of the file', async () => {
  const media = page.locator('.cabinet-records tbody tr', { has: page.getByRole('img', { name: '有影音檔案' }) }).first();
  let found = false;
  const tiles = await page.getByRole('navigation', { name: '檔案櫃' }).getByRole('button').all();
  for (const each of tiles) {
    await each.click();
    if (await media.isVisible()) {
      found = true;
      break;
    }
  }
  expect(found, 'a record of this student has sound or video').toBe(true);
  await media.getByRole('button', { name: /^查看/ }).click();
  const answered = page.waitForResponse(
    (response) => /\/files\/[\w-]+\?inline/.test(response.url()) && [200, 206].includes(response.status()),
  );
  await drawer().getByRole('region', { name: '影音檔案' }).getByRole('button', { name: '開啟檔案' }).click();
  const response = await answered;
  expect(response.headers()['accept-ranges']).toBe('bytes');
  expect(response.headers()['x-content-type-options']).toBe('nosniff');
  expect(response.headers()['content-type']).toMatch(/^(audio\/mpeg|video\/mp4)$/);
  const stretch = await page.evaluate(async (address) => {
    const answer = await fetch(address, { headers: { Range: 'bytes=2-5' } });
    return { status: answer.status, range: answer.headers.get('content-range'), bytes: (await answer.arrayBuffer()).byteLength };
  }, response.url());
  expect(stretch).toMatchObject({ status: 206, bytes: 4, range: expect.stringMatching(/^bytes 2-5\/\d+$/) });
});
