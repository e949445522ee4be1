import { expect, type Page, test } from '@playwright/test';
import ExcelJS from 'exceljs';
import { taipeiDay } from '../../domain/roc-date.ts';
import { formatTerm, termOfDate } from '../../domain/term.ts';
import { choose, downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 查詢學生學習成果情形 (manual §3.8) in a real browser, on the trial school. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;
const term = termOfDate(taipeiDay(new Date()));
const lastYear = term.academicYear - 1;

test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
});
test.afterAll(() => office?.close());

const rows = () => page.locator('tbody tr.ant-table-row');
const total = () => page.locator('.grid-foot').getByText(/^1 - \d+ 共/);
const totalShown = async () => Number(/共 ([\d,]+) 條/.exec((await total().textContent()) ?? '')?.[1]?.replaceAll(',', ''));
const tab = (name: string) => page.getByRole('tab', { name });

async function sheetOf(bytes: Buffer): Promise<ExcelJS.Worksheet> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(bytes as unknown as ArrayBuffer);
  return workbook.worksheets[0]!;
}

test('the list has the columns of the manual, and the line above it leads to those who ticked nothing', async () => {
  await openScreen(page, '/outcomes', '查詢學生學習成果情形');
  await expect(rows().first()).toContainText('一年一班');
  for (const title of ['班級', '座號', '學號', '姓名', '勾選數量', '查看']) {
    await expect(page.getByRole('columnheader', { name: title, exact: true })).toBeVisible();
  }
  await expectAccessible(page);

  const everyone = await totalShown();
  const link = page.getByRole('link', { name: /^未勾選 / });
  const without = Number(/(\d+) 人/.exec((await link.textContent()) ?? '')?.[1]);
  await link.click();
  await expect(page.getByLabel('篩選勾選數量')).toHaveValue('0');
  await expect(total()).toContainText(`共 ${without} 條`);
  expect(without).toBeLessThanOrEqual(everyone);

  // The link works again after its filter was taken away by hand.
  await page.getByRole('button', { name: '清除篩選' }).click();
  await expect(total()).toContainText(`共 ${everyone} 條`);
  await link.click();
  await expect(page.getByLabel('篩選勾選數量')).toHaveValue('0');
  await page.getByRole('button', { name: '清除篩選' }).click();
});

test('a number of 班級統計 leads to the students it counts', async () => {
  await tab('班級統計').click();
  await expect(page.getByRole('columnheader', { name: '已認證件數(不通過)' })).toBeVisible();
  await expectAccessible(page);
  const link = page.getByRole('link', { name: /^二年一班 班級人數/ });
  const heads = Number(await link.textContent());
  await link.click();
  await expect(tab('學生名單')).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByLabel('篩選班級')).toHaveValue('"二年一班"');
  await expect(total()).toContainText(`共 ${heads} 條`);
  for (const row of await rows().all()) await expect(row).toContainText('二年一班');
});

test('the next screen is not filtered by what was clicked on this one', async () => {
  await openScreen(page, '/performances', '查詢學生多元表現情形');
  await expect(rows().first()).toContainText('一年一班');
  await expect(page.getByLabel('篩選班級')).toHaveValue('');
});

test('學年度統計 counts the year, by class and by student', async () => {
  await openScreen(page, '/outcomes', '查詢學生學習成果情形');
  await tab('學年度統計').click();
  await expect(rows().first()).toContainText(formatTerm({ academicYear: term.academicYear, semester: 1 }));
  await choose(page, '統計學年度', `${lastYear} 學年度`);
  await expect(rows().nth(2)).toContainText(`${lastYear}合計`);
  await expectAccessible(page);

  const sum = rows()
    .filter({ hasText: '二年一班' })
    .filter({ hasText: `${lastYear}合計` });
  const link = sum.getByRole('link', { name: /二年一班 班級人數/ });
  const heads = Number(await link.textContent());
  await link.click();
  await expect(page.getByLabel('篩選統計學年期')).toHaveValue(`"${lastYear}合計"`);
  await expect(total()).toContainText(`共 ${heads} 條`);
  await expect(rows().first()).toContainText('二年一班');
  await expectAccessible(page);
});

test('匯出 gives the list, the term and the year that is asked for', async () => {
  const menu = async (item: string) => {
    await page.getByRole('button', { name: '匯出', exact: true }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  const list = await downloaded(page, () => menu('匯出 EXCEL（學生名單）'));
  expect(list.name).toMatch(new RegExp(`^測試高中_${formatTerm(term)}_學生學習成果勾選情形_\\d+\\.xlsx$`));
  const classes = await downloaded(page, () => menu('學年期統計'));
  expect((await sheetOf(classes.bytes)).getCell('J2').value).toBe('已勾選數(0件)');

  await menu('學年度統計…');
  const dialog = page.getByRole('dialog', { name: '匯出學生學習成果勾選情形' });
  await expect(dialog).toContainText('請輸入要匯出哪個學年的統計資料');
  await expectAccessible(page);
  await choose(page, '學年度', String(lastYear));
  await dialog.getByLabel('依學生').click();
  const year = await downloaded(page, () => dialog.getByRole('button', { name: '匯出' }).click());
  const sheet = await sheetOf(year.bytes);
  expect(sheet.getCell('F2').value).toBe('統計學年期');
  expect(new Set(sheet.getColumn(6).values.slice(3))).toEqual(new Set([`${lastYear}1`, `${lastYear}2`, `${lastYear}合計`]));
});

test('匯出 EXCEL of the grid has only what is filtered', async () => {
  await openScreen(page, '/outcomes', '查詢學生學習成果情形');
  await page.getByLabel('篩選班級').fill('三年');
  await expect(rows().first()).toContainText('三年');
  const file = await downloaded(page, () => page.getByRole('button', { name: '匯出 EXCEL' }).click());
  const classes = (await sheetOf(file.bytes)).getColumn(1).values.slice(3) as string[];
  expect(classes.length).toBeGreaterThan(0);
  for (const name of classes) expect(name).toMatch(/^三年/);
  await page.getByRole('button', { name: '清除篩選' }).click();
});

test('查看 opens the cabinet, by the button and by Enter', async () => {
  await openScreen(page, '/outcomes', '查詢學生學習成果情形');
  await expect(rows().first()).toContainText('一年一班');
  await rows().first().getByRole('button', { name: /^查看/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: /學習歷程檔案櫃/ })).toBeVisible();
  await openScreen(page, '/outcomes', '查詢學生學習成果情形');
  await rows().first().focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: /學習歷程檔案櫃/ })).toBeVisible();
});

test('nothing is wider than a small screen', async () => {
  for (const address of ['/outcomes', '/outcomes?tab=classes', '/outcomes?tab=year', '/outcomes?tab=year&by=student']) {
    await openScreen(page, address, '查詢學生學習成果情形');
    await expect(rows().first()).toBeVisible();
    await page.screenshot({ path: `out/look/outcomes-${address.replace(/\W+/g, '-')}.png` });
    const { scroll, client, table, box } = await page.evaluate(() => {
      const content = document.querySelector('.ant-table-content')!;
      const { scrollWidth, clientWidth } = document.documentElement;
      return { scroll: scrollWidth, client: clientWidth, table: content.scrollWidth, box: content.clientWidth };
    });
    expect(scroll).toBeLessThanOrEqual(client);
    expect(table, address).toBeLessThanOrEqual(box);
  }
});
