import { expect, type Page, test } from '@playwright/test';
import { taipeiDay } from '../../domain/roc-date.ts';
import { formatTerm, termOfDate } from '../../domain/term.ts';
import { choose, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 設定課程諮詢教師 (manual §3.3) in a real browser. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;
test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser, { students: 180 });
  page = office.page;
  await openScreen(page, '/course-counselors', '設定課程諮詢教師');
});
test.afterAll(() => office?.close());

const side = (name: string | RegExp) => page.getByRole('region', { name });
const available = () => side('可選班級');
const chosen = () => side(/ 已選班級$/);
const term = formatTerm(termOfDate(taipeiDay(new Date())));

test('a teacher without classes is chosen; the lists show his classes', async () => {
  await expect(page.locator('.page-meaning')).toContainText(`●${term}已設定為課程諮詢教師`);
  const heights = await page
    .locator('.grid-table tbody tr.ant-table-row')
    .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));
  expect(new Set(heights).size, 'with or without the dot, rows are equally high').toBe(1);
  await choose(page, '篩選已設定', '否');
  const teacher = page.locator('.grid-table tbody tr.ant-table-row').first();
  await expect(teacher).not.toContainText('●');
  await teacher.getByRole('button').click();
  await expect(available().getByRole('row').nth(1)).toContainText('一年一班');
  await expect(chosen()).toContainText('還沒有選班級');
  await expectAccessible(page);
});

test('Shift picks a run of classes, → moves them, the city hears of it, and 復原 takes them back', async () => {
  await available().getByRole('cell', { name: '一年一班', exact: true }).click();
  await available()
    .getByRole('cell', { name: '一年二班', exact: true })
    .click({ modifiers: ['Shift'] });
  await expect(available()).toContainText('已勾選 2');
  await page.getByRole('button', { name: /加入.* 已選班級/ }).click();
  await expect(page.getByText('已加入 2 班')).toBeVisible();
  await expect(chosen().getByRole('row')).toHaveCount(3);
  await page.getByRole('button', { name: '復原' }).click();
  await expect(chosen()).toContainText('還沒有選班級');
});

test('a class dragged to the other list is moved', async () => {
  await available().getByRole('cell', { name: '一年二班', exact: true }).dragTo(chosen());
  await expect(page.getByText('已加入 1 班')).toBeVisible();
  await expect(chosen()).toContainText('一年二班');
  await page.getByRole('button', { name: '復原' }).last().click();
  await expect(chosen()).toContainText('還沒有選班級');
});

test('the keyboard alone moves a class, and removing asks in the manual’s words', async () => {
  await available().getByRole('row').nth(1).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(chosen()).toContainText('一年二班');
  await chosen().getByRole('row').nth(1).focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: /從.* 已選班級移除/ }).click();
  await expect(page.getByText('確定要刪除勾選的班級？')).toBeVisible();
  await page.getByRole('button', { name: '刪除', exact: true }).click();
  await expect(chosen()).toContainText('還沒有選班級');
});

test('the classes without a counselor are one click away', async () => {
  const link = page.locator('.page-meaning').getByRole('link');
  const count = (await link.textContent())!.replace(/\D/g, '');
  await link.click();
  await expect(page.locator('.grid-foot').last()).toContainText(`共 ${count} 條`);
  await expectAccessible(page);
});

test('複製上學期設定 shows what it would do, and does it', async () => {
  await page.getByRole('button', { name: '複製上學期設定' }).click();
  const dialog = page.getByRole('dialog', { name: `複製上學期設定到 ${term}` });
  await expect(dialog.getByRole('row').nth(1)).toBeVisible();
  await expectAccessible(page);
  const copy = dialog.getByRole('button', { name: /複製 \d+ 筆設定/ });
  if (await copy.isEnabled()) {
    await copy.click();
    await expect(page.getByText(/已複製 \d+ 筆課程諮詢教師設定/)).toBeVisible();
  } else await dialog.getByRole('button', { name: '取消' }).click();
  await expect(dialog).toBeHidden();
});
