import { expect, type Page, test } from '@playwright/test';
import { taipeiDay } from '../../domain/roc-date.ts';
import { termOfDate } from '../../domain/term.ts';
import { choose, downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 設定學校作業時間 (manual §3.7) in a real browser. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;
const { academicYear } = termOfDate(taipeiDay(new Date()));
test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
  await openScreen(page, '/schedule', '設定學校作業時間');
});
test.afterAll(() => office?.close());

const rows = () => page.locator('.grid-table tbody tr.ant-table-row');
const form = (name: string) => page.getByRole('dialog', { name });

test('the city’s windows stand above, the timeline tells exact times', async () => {
  await expect(page.getByText(new RegExp(`學習成果作業時間：${academicYear}學年度 \\d+/\\d+/\\d+ ~ `))).toBeVisible();
  await expect(page.getByText(new RegExp(`多元表現作業時間：${academicYear}學年度`))).toBeVisible();
  const bar = page.getByRole('button', { name: new RegExp(`${academicYear}0 學生勾選學習成果時間：.* 23:59:59（開放中）`) });
  await expect(bar).toBeVisible();
  await expectAccessible(page);
});

test('a window is deleted after a question, and one made anew inside the city’s', async () => {
  await page.getByLabel('篩選學年').fill(String(academicYear));
  await choose(page, '篩選項目', '學生勾選多元表現時間');
  await expect(rows()).toHaveCount(1);
  await rows().first().getByRole('button', { name: '刪除' }).click();
  await expect(page.getByText('確定要刪除這筆作業時間？')).toBeVisible();
  await page.getByRole('button', { name: '刪除作業時間' }).click();
  await expect(rows()).toHaveCount(0);

  await page.getByRole('button', { name: '新增' }).first().click();
  const dialog = form('新增記錄');
  await choose(page, '項目', '學生勾選多元表現時間');
  await dialog.getByLabel('開始日期').fill(`${academicYear}0801`);
  await dialog.getByLabel('結束日期').fill(`${academicYear + 3}0101`);
  await dialog.getByRole('button', { name: '提交' }).click();
  await expect(dialog.getByText(/結束日期要在多元表現作業時間（.*）之內/)).toBeVisible();
  await expect(dialog.getByLabel('開始日期')).toHaveValue(`${academicYear}/08/01`);
  await expectAccessible(page);
  await dialog.getByLabel('結束日期').fill(`${academicYear + 1}0630`);
  await expect(dialog.getByText(new RegExp(`開放時間：${academicYear}/08/01 00:00:00 ~ ${academicYear + 1}/06/30 23:59:59`))).toBeVisible();
  await dialog.getByRole('button', { name: '提交' }).click();
  await expect(dialog).toBeHidden();
  await expect(rows()).toHaveCount(1);
  await expect(rows().first()).toContainText(`${academicYear + 1}/06/30`);
});

test('what is odd is asked about before it is saved', async () => {
  await choose(page, '篩選項目', '老師認證學生學習成果時間');
  await rows().first().getByRole('button', { name: '修改' }).click();
  const dialog = form('修改記錄');
  await dialog.getByLabel('結束日期').fill(`${academicYear}1001`);
  await dialog.getByRole('button', { name: '提交' }).click();
  const question = form('請確認作業時間');
  await expect(question).toContainText('早結束');
  await question.getByRole('button', { name: '回去修改' }).click();
  await expect(question).toBeHidden();
  await dialog.getByRole('button', { name: '提交' }).click();
  await question.getByRole('button', { name: '仍要儲存' }).click();
  await expect(dialog).toBeHidden();
  await expect(rows().first()).toContainText(`${academicYear}/10/01`);
});

test('匯出 EXCEL of what is filtered', async () => {
  const file = await downloaded(page, () => page.getByRole('button', { name: '匯出 EXCEL' }).click());
  expect(file.name).toMatch(/學校作業時間_\d{7}\.xlsx$/);
});
