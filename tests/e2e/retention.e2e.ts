import { mkdirSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 個人資料保存期限 (S0226S) in a real browser: a clerk purges leavers. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;
let due: number;
test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser, { years: 6 });
  page = office.page;
  await page.setViewportSize({ width: 1366, height: 768 });
  await openScreen(page, '/retention', '個人資料保存期限');
  mkdirSync('out/looks', { recursive: true });
});
test.afterAll(() => office?.close());

const tab = (name: string) => page.getByRole('tab', { name });
const rows = () => page.getByRole('tabpanel').locator('.grid-table tbody tr.ant-table-row');
const picture = (name: string) => page.screenshot({ path: `out/looks/retention-${name}.png` });
const meaning = () => page.locator('.page-meaning');

test('the office sets how long leavers are kept, and sees who is due', async () => {
  await expect(meaning()).toContainText('離校後保存 3 學年：112/08/01 之前離校的學生已到期');
  await page.getByRole('button', { name: '保存學年…' }).click();
  const dialog = page.getByRole('dialog', { name: '離校學生的保存學年' });
  await expect(dialog.getByRole('button', { name: '儲存保存學年' })).toBeDisabled();
  await dialog.getByLabel('離校後保存幾學年').fill('1');
  await expectAccessible(page);
  await picture('years');
  await dialog.getByRole('button', { name: '儲存保存學年' }).click();
  await expect(dialog).toBeHidden();
  await expect(meaning()).toContainText('離校後保存 1 學年：114/08/01 之前離校的學生已到期');
  await expect(rows().first()).toContainText('可以清除');
  due = Number(/共 (\d+) 位/.exec((await meaning().textContent())!)![1]);
  expect(due).toBeGreaterThan(20);
  await expect(page.getByRole('button', { name: `清除全部 ${due} 位…` })).toBeEnabled();
  await expectAccessible(page);
  await picture('due');
});

test('those who were ticked are purged once their number was typed, and the purge tells how much', async () => {
  const name = (await rows().nth(1).locator('td').nth(2).textContent())!;
  for (const index of [0, 1]) await rows().nth(index).getByRole('checkbox').check();
  await page.getByRole('button', { name: '清除勾選的 2 位…' }).click();
  const dialog = page.getByRole('dialog', { name: '清除離校學生的資料' });
  await expect(dialog.getByText('課程學習成果')).toBeVisible();
  const go = dialog.getByRole('button', { name: '清除 2 位學生的資料' });
  await expect(go).toBeDisabled();
  await dialog.getByLabel('輸入學生人數 2 以確認').fill('３');
  await expect(go).toBeDisabled();
  await dialog.getByLabel('輸入學生人數 2 以確認').fill('２');
  await dialog.getByLabel('原因').fill('超過');
  await expect(go).toBeDisabled();
  await dialog.getByLabel('原因').fill(`${name}等超過保存期限`);
  await expectAccessible(page);
  await picture('confirm');
  await go.click();
  const done = page.getByRole('dialog', { name: '已清除 2 位離校學生的資料' });
  await expect(done).toContainText('備份', { timeout: 60_000 });
  await expectAccessible(page);
  await picture('done');
  await done.getByRole('button', { name: '關閉', exact: true }).last().click();
  await expect(meaning()).toContainText(`共 ${due - 2} 位`);
  await expect(page.getByRole('button', { name: `清除全部 ${due - 2} 位…` })).toBeEnabled();
  await expect(rows().filter({ hasText: name })).toHaveCount(0);
});

test('清除紀錄 says who, when, why and how much, and no name', async () => {
  await tab('清除紀錄').click();
  await expect(rows()).toHaveCount(1);
  await expect(rows().first()).toContainText('［學生］等超過保存期限');
  await expectAccessible(page);
  await rows().first().getByRole('button', { name: '明細 2 位' }).click();
  const drawer = page.getByRole('dialog', { name: /清除紀錄明細/ });
  await expect(drawer.getByText('離校後 1 學年')).toBeVisible();
  await expect(drawer.locator('dl').filter({ hasText: '學籍' })).toContainText('學籍2');
  await expectAccessible(page);
  await picture('record');
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
  const file = await downloaded(page, () => page.getByRole('tabpanel').getByRole('button', { name: '匯出 EXCEL' }).click());
  expect(file.name).toMatch(/^測試高中_離校學生資料清除紀錄_\d{7}\.xlsx$/);
});

test('a synchronisation does not bring them back, and the audit log has the purge', async () => {
  await openScreen(page, '/sync', '同步作業');
  await page.getByRole('button', { name: '全部立即同步' }).click();
  await expect(page.locator('.ant-message').getByText(/同步完成|已是最新資料/)).toBeVisible({ timeout: 60_000 });
  await openScreen(page, '/retention', '個人資料保存期限');
  await expect(meaning()).toContainText(`共 ${due - 2} 位`);
  await openScreen(page, '/audit', '稽核紀錄');
  await expect(page.locator('.grid-table tbody tr.ant-table-row').filter({ hasText: '清除 2 位離校學生的' })).toHaveCount(1);
});
