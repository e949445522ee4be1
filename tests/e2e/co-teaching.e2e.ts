import { expect, type Page, test } from '@playwright/test';
import { downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 合開課程設定審核老師 (manual §3.4) in a real browser. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;
test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
  await openScreen(page, '/co-teaching', '合開課程設定審核老師');
});
test.afterAll(() => office?.close());

const rows = () => page.locator('.grid-table tbody tr.ant-table-row');
const choose = async (row: number, answer: '是' | '否') => {
  const select = rows().nth(row).locator('.ant-select');
  await select.click();
  // Each row has a list of its own, and the one before is still closing.
  const list = await select.getByRole('combobox').getAttribute('aria-controls');
  await page.locator(`.ant-select-dropdown:has(#${list})`).getByTitle(answer, { exact: true }).click();
  await expect(select).toContainText(answer);
};
let course: string;
/** Whether the first teacher of the course may certify at the beginning. */
let first: string;

test('the keyword finds a course and its teachers', async () => {
  await expect(rows().first()).toBeVisible();
  course = (await rows().first().getByRole('cell').nth(3).textContent())!;
  const all = await rows().count();
  await page.getByLabel('合開課程關鍵字').fill(course);
  await expect(rows().first()).toContainText(course);
  await expect(async () => expect(await rows().count()).toBeLessThan(all)).toPass();
  first = (await rows().first().locator('.ant-select').textContent())!;
  await expectAccessible(page);
});

test('a course keeps at least one reviewer: the refusal names it and keeps what was chosen', async () => {
  const teachers = await rows().count();
  for (let row = 0; row < teachers; row += 1) await choose(row, '否');
  await page.getByRole('button', { name: /儲存 \d+ 項變更/ }).click();
  await expect(page.getByRole('alert')).toContainText(`「${course}」至少要有一位教師可以認證`);
  await expect(page.getByText('已變更').first()).toBeVisible();
  await expectAccessible(page);
});

test('leaving with changes asks; staying keeps them', async () => {
  await page.getByRole('link', { name: '首頁' }).click();
  const question = page.getByRole('dialog', { name: '有尚未儲存的變更' });
  await expect(question).toContainText('項審核設定還沒有儲存');
  await question.getByRole('button', { name: '留在這一頁' }).click();
  await expect(page.getByText('已變更').first()).toBeVisible();
});

test('with one reviewer left it is saved and exported', async () => {
  const [of0, of1] = first === '是' ? (['否', '是'] as const) : (['是', '否'] as const);
  await choose(0, of0);
  await choose(1, of1);
  await page.getByRole('button', { name: /儲存 \d+ 項變更/ }).click();
  await expect(page.getByText('已儲存 1 門課程的審核老師')).toBeVisible();
  await expect(page.getByText('已變更')).toHaveCount(0);
  await expect(rows().first().locator('.ant-select')).toContainText(of0);
  const file = await downloaded(page, () => page.getByRole('button', { name: '匯出 EXCEL' }).click());
  expect(file.name).toMatch(/合開課程審核老師_\d{7}\.xlsx$/);
  await page.getByRole('link', { name: '首頁' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '首頁' })).toBeVisible();
});
