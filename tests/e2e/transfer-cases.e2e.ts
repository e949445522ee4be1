import { expect, type Page, test } from '@playwright/test';
import ExcelJS from 'exceljs';
import { addDays, formatRocDay, taipeiDay } from '../../domain/roc-date.ts';
import { changeCity, cityRecords, synchronise } from './city.ts';
import { choose, downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 轉出學生追蹤 and 轉入學生追蹤 in a real browser: the register moves students, the office brings each transfer to its end. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;
const today = taipeiDay(new Date());
/** Whom the city moves: three leave, one arrives. */
let moved: { id: string; name: string; studentNumber: string }[] = [];

test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
  moved = cityRecords(office.directory, 'students')
    .filter(({ status, identity }) => status === 'enrolled' && identity !== null)
    .slice(0, 4)
    .map(({ id, name, studentNumber }) => ({ id, name: String(name), studentNumber: String(studentNumber) }));
  const changed = (days: number, status: string) => ({ status, statusChangedOn: addDays(today, -days), otherSchoolCode: '040Z02' });
  changeCity(office.directory, {
    amend: [
      { resource: 'students', id: moved[0]!.id, set: changed(30, 'transferredOut') },
      { resource: 'students', id: moved[1]!.id, set: changed(21, 'transferredOut') },
      { resource: 'students', id: moved[2]!.id, set: changed(2, 'transferredOut') },
      { resource: 'students', id: moved[3]!.id, set: changed(5, 'transferredIn') },
    ],
  });
  await synchronise(page, '學籍及人員資料');
});
test.afterAll(() => office?.close());

const panel = (name: string) => page.getByRole('tabpanel', { name });
const leavers = () => panel('轉出學生追蹤');
const arrivals = () => panel('轉入學生追蹤');
const rowOf = (within: ReturnType<typeof panel>, number: number) =>
  within.locator('tbody tr.ant-table-row').filter({ hasText: moved[number]!.name });
const chip = (within: ReturnType<typeof panel>, label: string) =>
  within.getByRole('list', { name: '處理情形人數' }).getByRole('link', { name: new RegExp(`^${label} `) });
const dialog = (name: string) => page.getByRole('dialog', { name });

test('首頁 says who left without a file and who arrived without a portfolio, with the days, and leads to them', async () => {
  await openScreen(page, '/', '首頁');
  await expect(page.getByText(/位學生已轉出，尚未產生學習歷程檔案（最久 \d+ 天）/)).toBeVisible();
  await page.getByText(/位轉入學生尚未匯入學習歷程（最久 \d+ 天）/).click();
  await expect(page.getByRole('tab', { name: '轉入學生追蹤' })).toHaveAttribute('aria-selected', 'true');
  await expect(arrivals().getByText('追蹤中：是')).toBeVisible();
  await openScreen(page, '/', '首頁');
  await page.getByText(/位學生已轉出，尚未產生學習歷程檔案/).click();
  await expect(page.getByRole('tab', { name: '轉出學生追蹤' })).toHaveAttribute('aria-selected', 'true');
  await expect(rowOf(leavers(), 0)).toContainText('未產生檔案');
});

test('the list has who waits longest first, with overdue ones marked', async () => {
  await expect(rowOf(leavers(), 0)).toContainText('逾期 30 天');
  await expect(rowOf(leavers(), 1)).toContainText('21 天');
  await expect(rowOf(leavers(), 1)).not.toContainText('逾期');
  const names = await leavers().locator('tbody tr.ant-table-row').allTextContents();
  const place = (number: number) => names.findIndex((text) => text.includes(moved[number]!.name));
  expect(place(0)).toBeLessThan(place(1));
  expect(place(1)).toBeLessThan(place(2));
  await expectAccessible(page);
});

test('from a leaver without a file one click leads to making it, for several at once too', async () => {
  await rowOf(leavers(), 0)
    .getByRole('button', { name: /^產生檔案/ })
    .click();
  const list = page.getByRole('region', { name: '學生清單' });
  await expect(list).toContainText('學生清單 1 人');
  await page.getByRole('tab', { name: '轉出學生追蹤' }).click();
  await rowOf(leavers(), 1).getByRole('checkbox').check();
  await leavers().getByRole('button', { name: '加入匯出清單（1 人）' }).click();
  await expect(list).toContainText('學生清單 2 人');
  await list.getByText('全部合為一個檔案').click();
  await list.getByRole('button', { name: /產生匯出檔案（2 人）/ }).click();
  const message = page.getByRole('dialog', { name: '訊息' });
  await expect(message).toContainText('匯出檔案已產生完成');
  await message.getByRole('button', { name: '前往資料產生紀錄' }).click();
  await page.getByRole('tab', { name: '轉出學生追蹤' }).click();
  await expect(rowOf(leavers(), 0)).toHaveCount(0);
  await leavers().getByRole('button', { name: '清除篩選' }).click();
  await expect(rowOf(leavers(), 0)).toContainText('已產生未交付');
  await expect(chip(leavers(), '已產生未交付')).toContainText('2');
});

test('登記交付 for two at once says when, how, to whom, and how the password was told', async () => {
  for (const number of [0, 1, 2]) await rowOf(leavers(), number).getByRole('checkbox').check();
  await leavers().getByRole('button', { name: '登記交付（2 人）' }).click();
  const handOver = dialog('登記交付');
  await expect(handOver).toContainText(moved[0]!.name);
  await expect(handOver).not.toContainText(moved[2]!.name);
  await expect(handOver.getByLabel('交付對象')).toHaveValue('040Z02');
  await expect(handOver.getByRole('button', { name: /^登記交付/ })).toBeDisabled();
  await choose(page, '交付方式', '郵寄');
  await handOver.getByLabel('交付對象').fill('桃園高中註冊組');
  await handOver.getByLabel('密碼已另外告知').check();
  await choose(page, '密碼告知方式', '電話');
  await handOver.getByLabel('備註').fill('掛號 123456');
  await expectAccessible(page);
  await handOver.getByRole('button', { name: '登記交付（2 人）' }).click();
  await expect(handOver).toHaveCount(0);
  await expect(page.getByText('已登記 2 位學生的檔案交付')).toBeVisible();
  await expect(rowOf(leavers(), 0)).toContainText('已交付待確認');
  await expect(rowOf(leavers(), 0)).toContainText(formatRocDay(today));
  await expect(chip(leavers(), '已交付待確認')).toContainText('2');
});

test('登記確認 ends a transfer; the drawer keeps who recorded what when, and a step can be taken back', async () => {
  await rowOf(leavers(), 0)
    .getByRole('button', { name: /^登記確認/ })
    .click();
  const acknowledge = dialog('登記對方學校確認收到');
  await acknowledge.getByLabel('確認人員').fill('林組長');
  await acknowledge.getByRole('button', { name: /^登記確認/ }).click();
  await expect(rowOf(leavers(), 0)).toContainText('已完成');

  await rowOf(leavers(), 0).getByRole('button', { name: /^歷程/ }).click();
  const drawer = page.getByRole('dialog', { name: /^轉出追蹤/ });
  await expect(drawer).toContainText('對方學校確認收到');
  await expect(drawer).toContainText('交給 桃園高中註冊組');
  await expect(drawer).toContainText('告知密碼');
  await expect(drawer).toContainText('999999adm');
  await expect(drawer).toContainText('依學籍資料');
  await expectAccessible(page);
  // On to the next row of the list, and back.
  const heading = drawer.getByRole('heading', { level: 2 });
  await page.keyboard.press('ArrowLeft');
  await expect(heading).not.toContainText(moved[0]!.name);
  await page.keyboard.press('ArrowRight');
  await expect(heading).toContainText(moved[0]!.name);
  await drawer.getByRole('button', { name: '退回上一步' }).click();
  await page.getByRole('tooltip').getByRole('button', { name: '退回上一步' }).click();
  await expect(drawer).toContainText('取消「對方學校確認收到」');
  await expect(drawer.getByRole('button', { name: '登記確認' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
  await expect(rowOf(leavers(), 0)).toContainText('已交付待確認');
});

test('無須交付 takes one off the duties with its reason; the register’s school can be named', async () => {
  await rowOf(leavers(), 2).getByRole('button', { name: /^歷程/ }).click();
  const drawer = page.getByRole('dialog', { name: /^轉出追蹤/ });
  await drawer.getByRole('button', { name: '登記轉入學校' }).click();
  const school = dialog('登記轉入學校');
  await school.getByLabel('學校名稱').fill('虛構實驗高中');
  await school.getByRole('button', { name: '儲存學校' }).click();
  await expect(drawer).toContainText('虛構實驗高中（040Z02）');
  await drawer.getByRole('button', { name: '無須交付' }).click();
  await choose(page, '原因', '出國就學');
  await dialog('無須交付').getByRole('button', { name: '無須交付（1 人）' }).click();
  await expect(drawer).toContainText('無須交付原因');
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
  await chip(leavers(), '無須交付').click();
  await expect(leavers().locator('tbody tr.ant-table-row')).toHaveCount(1);
  await expect(rowOf(leavers(), 2)).toContainText('虛構實驗高中');
});

test('the workbook has every column of what is filtered', async () => {
  const saved = await downloaded(page, () => leavers().getByRole('button', { name: '匯出 EXCEL' }).click());
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(saved.path);
  const sheet = workbook.worksheets[0]!;
  const headings = (sheet.getRow(2).values as string[]).slice(1);
  for (const title of ['處理情形', '交付對象', '密碼告知方式', '無須交付原因']) expect(headings).toContain(title);
  expect(sheet.rowCount).toBe(3);
});

test('an arrival is asked for, its file received, and the import is one click away', async () => {
  await openScreen(page, '/transfer-in?tab=arrivals', '匯入學生學習歷程資料');
  await expect(rowOf(arrivals(), 3)).toContainText('未收到檔案');
  await rowOf(arrivals(), 3)
    .getByRole('button', { name: /^登記催交/ })
    .click();
  await choose(page, '催交方式', '公文');
  await dialog('登記催交').getByLabel('聯絡對象').fill('教務處');
  await dialog('登記催交')
    .getByRole('button', { name: /^登記催交/ })
    .click();
  await expect(rowOf(arrivals(), 3)).toContainText('已催交');
  await rowOf(arrivals(), 3)
    .getByRole('button', { name: /^登記收到/ })
    .click();
  await choose(page, '收到方式', '郵寄');
  await dialog('登記收到檔案')
    .getByRole('button', { name: /^登記收到檔案/ })
    .click();
  await expect(rowOf(arrivals(), 3)).toContainText('已收到未匯入');
  // And the one of the trial school itself.
  await expect(chip(arrivals(), '已收到未匯入')).toContainText('2');
  await expectAccessible(page);
  await rowOf(arrivals(), 3).getByRole('button', { name: /^匯入/ }).click();
  await expect(page.getByRole('form', { name: '匯入設定' })).toBeVisible();
});
