import { expect, type Page, test } from '@playwright/test';
import { taipeiDay } from '../../domain/roc-date.ts';
import { termOfDate } from '../../domain/term.ts';
import { downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 學生上傳及勾選情形確認單 (manual §3.18) in a real browser, on the trial school. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;

test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
  await openScreen(page, '/slips', '學生上傳及勾選情形確認單');
});
test.afterAll(() => office?.close());

const remarks = () => page.getByLabel('備註說明');
const print = () => page.getByRole('button', { name: '列印', exact: true });
const savePdf = () => page.getByRole('button', { name: '存成 PDF' });
const preview = () => page.getByRole('region', { name: '預覽', exact: true });

/** Text of each page of a PDF. */
async function pagesOf(bytes: Buffer): Promise<string[]> {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const document = await getDocument({ data: new Uint8Array(bytes), verbosity: 0 }).promise;
  const pages: string[] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const { items } = await (await document.getPage(number)).getTextContent();
    pages.push(items.map((item) => ('str' in item ? item.str : '')).join(''));
  }
  await document.loadingTask.destroy();
  return pages;
}

test('年級 and 繳交截止日期 are needed; the date is typed the ROC way and answers its weekday', async () => {
  await expect(print()).toBeDisabled();
  await page.getByLabel('年級').click();
  await page.getByTitle('二年級').click();
  await page.getByLabel('繳交截止日期').fill('1151231');
  await page.getByLabel('學號起').focus();
  await expect(page.getByLabel('繳交截止日期')).toHaveValue('115/12/31');
  await expect(page.getByText('週四')).toBeVisible();
  await expect(page.getByText(/共 \d+ 份，每位學生一頁/)).toBeVisible();
  await expect(print()).toBeEnabled();
  await expectAccessible(page);
});

test('the preview shows the pages, and says when the settings have gone on', async () => {
  await preview().getByRole('button', { name: '預覽' }).click();
  await expect(page.getByRole('img', { name: '確認單預覽，第 1 頁' })).toBeVisible();
  await expect(preview()).toContainText('前 3 頁');
  await page.getByText('否(列印學年度歷史資料，供勾選及提交上學年度資料確認使用)').click();
  await expect(preview()).toContainText('設定已變更');
  await page.getByText('是(列印本學年度及歷史資料)').click();
  await expect(preview()).not.toContainText('設定已變更');
  await expectAccessible(page);
});

test('存成 PDF gives one page a student, with the due date and its weekday', async () => {
  const [, counted] = /共 (\d+) 份/.exec((await page.getByText(/共 \d+ 份，每位學生一頁/).textContent()) ?? '') ?? [];
  const file = await downloaded(page, () => savePdf().click());
  expect(file.name).toMatch(/\.pdf$/);
  const pages = await pagesOf(file.bytes);
  expect(pages).toHaveLength(Number(counted));
  for (const text of pages) expect(text.replaceAll(' ', '')).toContain('115/12/31(四)');
  await expect(page.getByText(`已產生 ${counted} 份`)).toBeVisible();
});

test('a range of class codes that is upside down is said at its field', async () => {
  await page.getByLabel('班級代碼起').fill('202');
  await page.getByLabel('班級代碼迄').fill('201');
  await page.getByLabel('學號起').focus();
  await expect(page.getByText('班級代碼的起訖顛倒了')).toBeVisible();
  await expect(print()).toBeDisabled();
  await page.getByLabel('班級代碼起').fill('');
  await page.getByLabel('班級代碼迄').fill('');
  await expect(print()).toBeEnabled();
});

test('Ctrl+P prints what the form says', async () => {
  const total = page.getByText(/共 \d+ 份，每位學生一頁/);
  const [all = ''] = /共 \d+ 份/.exec((await total.textContent()) ?? '') ?? [];
  // Second-year students came last year; their numbers begin with it.
  await page.getByLabel('學號迄').fill(`${termOfDate(taipeiDay(new Date())).academicYear - 1}10004`);
  await expect(total).not.toContainText(all);
  const [, few] = /共 (\d+) 份/.exec((await total.textContent()) ?? '') ?? [];
  // There is no printer here, and a headless Chromium does not survive one: what reaches it is caught before.
  await page.evaluate(() => {
    window.portfolio.printFile = async ({ name }) => {
      document.documentElement.dataset.printed = name;
    };
  });
  await page.keyboard.press('Control+p');
  await expect(page.getByText(`已產生 ${few} 份`)).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-printed', /確認單.*\.pdf$/);
  await page.getByLabel('學號迄').fill('');
  await expect(total).toContainText(all);
});

test('備註說明 is counted while typing, refused over 28 lines, put back and kept', async () => {
  const standard = await remarks().inputValue();
  await remarks().fill(Array.from({ length: 29 }, (_, line) => `第 ${line + 1} 行`).join('\n'));
  await expect(page.getByText('行 29/28')).toBeVisible();
  await expect(page.getByText('超過 1 行，請刪減後再列印')).toBeVisible();
  await expect(print()).toBeDisabled();

  await page.getByRole('button', { name: '回復預設' }).click();
  await expect(remarks()).toHaveValue(standard);
  await expect(print()).toBeEnabled();

  await remarks().fill('本校請於期限前交回教務處。');
  await expect(page.getByText('行 1/28')).toBeVisible();
  await page.getByRole('button', { name: '儲存備註' }).click();
  await expect(page.getByRole('button', { name: '儲存備註' })).toBeDisabled();
  await page.reload();
  await expect(remarks()).toHaveValue('本校請於期限前交回教務處。');
});
