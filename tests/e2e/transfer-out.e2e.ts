import { createHash } from 'node:crypto';
import { expect, type Page, test } from '@playwright/test';
import { downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 匯出學生學習歷程資料 (manual §3.15) in a real browser, on the trial school. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;

test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
});
test.afterAll(() => office?.close());

const list = () => page.getByRole('region', { name: '學生清單' });
const search = () => page.getByRole('region', { name: '搜尋學生' });
const records = () => page.getByRole('tabpanel', { name: '資料產生紀錄' });
const chosen = () => list().getByRole('listitem');
const rows = (within: ReturnType<typeof search>) => within.locator('tbody tr.ant-table-row');

async function produce(button: RegExp): Promise<void> {
  await list().getByRole('button', { name: button }).click();
  const message = page.getByRole('dialog', { name: '訊息' });
  await expect(message).toContainText('匯出檔案已產生完成');
  await message.getByRole('button', { name: '前往資料產生紀錄' }).click();
}

test('the clerk gathers students from a search, sees what leaves, and can take a step back', async () => {
  await openScreen(page, '/transfer-out', '匯出學生學習歷程資料');
  await expect(list().getByRole('button', { name: '產生匯出檔案' })).toBeDisabled();

  await search().getByRole('checkbox').nth(1).check();
  await search().getByRole('checkbox').nth(2).check();
  await search().getByRole('checkbox').nth(3).check();
  await search().getByRole('button', { name: '將勾選的 3 人加入清單' }).click();
  await expect(chosen()).toHaveCount(3);
  await expect(chosen().first()).toContainText(/學習成果 \d+・多元表現 \d+・檔案 \d+/);
  await expect(list()).toContainText('學生清單 3 人');

  await chosen().nth(1).getByRole('button', { name: /^移除/ }).click();
  await expect(chosen()).toHaveCount(2);
  await list().getByRole('button', { name: '復原' }).click();
  await expect(chosen()).toHaveCount(3);
  await expectAccessible(page);
});

test('the list is still there after a look at another screen', async () => {
  await openScreen(page, '/transfer-in', '匯入學生學習歷程資料');
  await openScreen(page, '/transfer-out', '匯出學生學習歷程資料');
  await expect(chosen()).toHaveCount(3);
});

test('each format says what it is good for before it is chosen', async () => {
  const format = list().getByLabel('格式');
  await format.click();
  await page.getByTitle('相容模式（ZipCrypto，加密強度弱）').click();
  await expect(list()).toContainText('容易遭破解');
  await format.click();
  await page.getByTitle('標準（AES-256）').click();
  await expect(list()).toContainText('身分證統一編號');
});

test('one file a student: three files, each in the records', async () => {
  await produce(/產生匯出檔案（3 人）/);
  await expect(rows(records())).toHaveCount(3);
});

test('one file for all: the records say how many students are in it', async () => {
  await page.getByRole('tab', { name: '產生匯出資料' }).click();
  await expect(chosen()).toHaveCount(0);
  await search().getByRole('checkbox').nth(1).check();
  await search().getByRole('checkbox').nth(2).check();
  await search().getByRole('button', { name: '將勾選的 2 人加入清單' }).click();
  await list().getByText('全部合為一個檔案').click();
  await produce(/產生匯出檔案（2 人）/);
  await expect(rows(records())).toHaveCount(4);
  await expect(rows(records()).first()).toContainText('2');
});

test('檔案資訊 shows the password and the MD5 of the very file that is downloaded', async () => {
  const newest = rows(records()).first();
  await newest.getByRole('button', { name: '檔案資訊' }).click();
  const information = page.getByRole('dialog', { name: '檔案資訊' });
  await expect(information).toContainText('請勿更改檔案檔名');
  await expect(information).toContainText('請記錄壓縮密碼以及 MD5 值及壓縮檔提供給對方學校');
  const value = async (term: string) => (await information.locator(`dt:text-is("${term}") + dd .monospace`).textContent()) ?? '';
  const [password, md5, fileName] = [await value('壓縮密碼'), await value('MD5 值'), await value('檔名')];
  expect(password).toMatch(/^[A-HJ-NP-Za-km-z2-9]{16}$/);
  expect(md5).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  expect(fileName).toMatch(/^999999_\d{4}(_\d{2}){5}\.zip$/);

  await information.getByRole('button', { name: '複製壓縮密碼' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(password);
  await expectAccessible(page);

  const handover = await downloaded(page, () => information.getByRole('button', { name: '交接單存成 PDF' }).click());
  expect(handover.name).toBe(fileName.replace(/\.zip$/, '_交接單.pdf'));
  expect(handover.bytes.subarray(0, 5).toString()).toBe('%PDF-');
  const notice = await downloaded(page, () => information.getByRole('button', { name: '密碼通知單存成 PDF' }).click());
  expect(notice.name).toBe(fileName.replace(/\.zip$/, '_密碼通知單.pdf'));

  const file = await downloaded(page, () => information.getByRole('button', { name: '下載檔案' }).click());
  expect(file.name).toBe(fileName);
  expect(createHash('md5').update(file.bytes).digest('hex')).toBe(md5.replaceAll('-', ''));
  await information.getByRole('button', { name: '確定' }).click();
  await expect(information).toBeHidden();
});

test('a file is deleted only after a question', async () => {
  const newest = rows(records()).first();
  await newest.getByRole('button', { name: '刪除' }).click();
  const question = page.getByRole('tooltip').filter({ hasText: '確定要刪除這個匯出檔案？' });
  await question.getByRole('button', { name: '不要' }).click();
  await expect(rows(records())).toHaveCount(4);
  await newest.getByRole('button', { name: '刪除' }).click();
  await question.getByRole('button', { name: '刪除檔案' }).click();
  await expect(rows(records())).toHaveCount(3);
  await expectAccessible(page);
});
