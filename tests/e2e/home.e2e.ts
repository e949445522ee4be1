import { expect, type Page, test } from '@playwright/test';
import { expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 首頁: what the office has to do today, every figure a link to the rows it counts. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;
test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
});
test.afterAll(() => office?.close());

const duty = (text: RegExp) => page.getByRole('region', { name: '待辦' }).getByRole('link', { name: text });
const countOf = async (text: RegExp) => Number(/[\d,]+/.exec((await duty(text).textContent()) ?? '')![0].replace(',', ''));
const foot = () => page.locator('.grid-foot').first();

test('the duties stand with their figures, nothing serious found by the checker', async () => {
  await openScreen(page, '/', '首頁');
  await expect(duty(/個學習成果檔案異常/)).toBeVisible();
  await expect(page.getByRole('region', { name: '作業期限' }).getByRole('link', { name: /學生上傳及送出學習成果認證時間/ })).toBeVisible();
  await expectAccessible(page);
});

test('a figure leads to exactly the rows it counts', async () => {
  for (const [text, title] of [
    [/位學生 \d+ 學年度還沒有勾選學習成果/, '查詢學生學習成果情形'],
    [/位學生 \d+ 學年度還沒有勾選多元表現/, '查詢學生多元表現情形'],
    [/位學生已轉出，尚未產生學習歷程檔案/, '匯出學生學習歷程資料'],
  ] as const) {
    await openScreen(page, '/', '首頁');
    const count = await countOf(text);
    await duty(text).click();
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
    await expect(foot()).toContainText(`共 ${count.toLocaleString('en')} 條`);
  }
});

test('a class’s bar leads to its students who have not ticked', async () => {
  await openScreen(page, '/', '首頁');
  await page.getByTitle('一年一班 未勾選的學生').click();
  await expect(page.getByRole('heading', { level: 1, name: '查詢學生學習成果情形' })).toBeVisible();
  await expect(page.locator('.grid-table tbody tr.ant-table-row').first()).toContainText('一年一班');
});
