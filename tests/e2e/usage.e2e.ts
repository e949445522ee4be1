import { expect, type Page, test } from '@playwright/test';
import ExcelJS from 'exceljs';
import { taipeiDay } from '../../domain/roc-date.ts';
import { termOfDate } from '../../domain/term.ts';
import { downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 學習成果使用人數統計表 (manual §3.12) in a real browser, on the trial school. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;
const { academicYear } = termOfDate(taipeiDay(new Date()));

test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
  await openScreen(page, '/usage', '學習成果使用人數統計表');
});
test.afterAll(() => office?.close());

const rows = () => page.locator('tbody tr.ant-table-row');
const ofTerm = (year: number, semester: number) => rows().filter({ hasText: `999999測試高中${year}${semester}` });

test('a row a term, newest first, and its workbook', async () => {
  await expect(rows().first()).toContainText('測試高中');
  const years = await rows().locator('td:nth-child(3)').allTextContents();
  expect(years.map(Number)).toEqual([...years.map(Number)].sort((a, b) => b - a));
  expect(years[0]).toBe(String(academicYear));
  await page.screenshot({ path: 'out/look/usage.png' });
  await expectAccessible(page);
  const file = await downloaded(page, () => page.getByRole('button', { name: '匯出 EXCEL' }).click());
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(file.bytes as unknown as ArrayBuffer);
  expect(workbook.worksheets[0]!.rowCount).toBe(years.length + 2);
});

test('a figure leads to its students, in their term', async () => {
  const link = ofTerm(academicYear - 1, 2).getByRole('link', { name: /上傳檔案學生人數/ });
  const count = Number(await link.textContent());
  expect(count).toBeGreaterThan(0);
  await link.click();
  await expect(page.getByRole('heading', { level: 1, name: '查詢學生學習成果情形' })).toBeVisible();
  await expect(page.getByText(`${academicYear - 1} 學年度第 2 學期：`)).toBeVisible();
  await expect(page.getByLabel('篩選已上傳')).toHaveValue('≥ 1');
  await expect(page.locator('.grid-foot')).toContainText(`共 ${count} 條`);
});

test('a figure without a column of its own there says what is filtered', async () => {
  await openScreen(page, '/usage', '學習成果使用人數統計表');
  const link = ofTerm(academicYear, 1).getByRole('link', { name: /送出認證學生人數/ });
  const count = Number(await link.textContent());
  await link.click();
  await expect(page.getByText('已送出認證：≥ 1')).toBeVisible();
  await expect(page.locator('.grid-foot')).toContainText(`共 ${count} 條`);
  await expectAccessible(page);
  await page.screenshot({ path: 'out/look/usage-link.png' });
  await page.getByRole('button', { name: '清除篩選' }).click();
  await expect(page.getByText('已送出認證：≥ 1')).toBeHidden();
});
