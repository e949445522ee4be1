import { expect, type Page, test } from '@playwright/test';
import ExcelJS from 'exceljs';
import { taipeiDay } from '../../domain/roc-date.ts';
import { termOfDate } from '../../domain/term.ts';
import { downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 查詢學生多元表現情形 (manual §3.5) in a real browser, on the trial school. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;
const { academicYear } = termOfDate(taipeiDay(new Date()));

test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
  await openScreen(page, '/performances', '查詢學生多元表現情形');
});
test.afterAll(() => office?.close());

const rows = () => page.locator('tbody tr.ant-table-row');
const foot = () => page.locator('.grid-foot');

test('the list of a year, its counts, and those who ticked by one click', async () => {
  await expect(rows().first()).toContainText('一年一班');
  for (const title of ['班級', '座號', '學號', '姓名', '勾選數量', '查看']) {
    await expect(page.getByRole('columnheader', { name: title, exact: true })).toBeVisible();
  }
  await page.screenshot({ path: 'out/look/performances.png' });
  await expectAccessible(page);
  await page.getByLabel('學年', { exact: true }).click();
  await page.getByTitle(`${academicYear - 1} 學年度`).click();
  await expect(page.getByText(`${academicYear - 1} 學年度：已勾選`)).toBeVisible();
  const link = page.getByRole('link', { name: /^已勾選 / });
  const count = Number(/(\d+) 人/.exec((await link.textContent()) ?? '')?.[1]);
  expect(count).toBeGreaterThan(0);
  await link.click();
  await expect(page.getByLabel('篩選勾選數量')).toHaveValue('≥ 1');
  await expect(foot()).toContainText(`共 ${count} 條`);
});

test('匯出 EXCEL of the year has the same rows', async () => {
  const count = Number(/共 (\d+) 條/.exec((await foot().textContent()) ?? '')?.[1]);
  const file = await downloaded(page, () => page.getByRole('button', { name: '匯出 EXCEL' }).click());
  expect(file.name).toMatch(new RegExp(`^測試高中_${academicYear - 1}_學生多元表現勾選情形_\\d+\\.xlsx$`));
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(file.bytes as unknown as ArrayBuffer);
  expect(workbook.worksheets[0]!.rowCount).toBe(count + 2);
});

test('查看 opens the cabinet', async () => {
  await rows().first().getByRole('button', { name: /^查看/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: /學習歷程檔案櫃/ })).toBeVisible();
});
