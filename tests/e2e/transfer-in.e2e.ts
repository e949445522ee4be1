import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 匯入學生學習歷程資料 (manual §3.16): the sample file of another school, in a real browser. */
test.describe.configure({ mode: 'serial' });

/** One 【第 n 份】 of the 說明.txt that lies beside the sample files. */
interface Sample {
  student: string;
  path: string;
  fileName: string;
  md5: string;
  password: string;
}

let office: Office;
let page: Page;
let sample: Sample;

function firstSample(folder: string): Sample {
  const [, text = ''] = readFileSync(join(folder, '說明.txt'), 'utf8').split('【第 1 份】');
  const value = (label: string) => {
    const found = new RegExp(`${label}：(\\S+)`).exec(text)?.[1];
    if (!found) throw new Error(`說明.txt has no ${label}`);
    return found;
  };
  const fileName = value('檔名');
  return { student: value('學生'), fileName, path: join(folder, fileName), md5: value('MD5值'), password: value('壓縮檔密碼') };
}

test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
  sample = firstSample(join(office.directory, 'trial'));
  await openScreen(page, '/transfer-in', '匯入學生學習歷程資料');
});
test.afterAll(() => office?.close());

const settings = () => page.getByRole('form', { name: '匯入設定' });
const contents = () => page.getByRole('region', { name: '檔案內容' });
const md5 = () => settings().getByLabel('MD5值');
const password = () => settings().getByLabel('壓縮檔密碼');
const check = () => settings().getByRole('button', { name: '檢查' });
const startImport = () => settings().getByRole('button', { name: '開始匯入' });
const records = () => page.locator('tbody tr.ant-table-row');

async function choose(path: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await settings()
    .getByRole('button', { name: /選擇檔案|換一個檔案/ })
    .click();
  await (await chooser).setFiles(path);
}

test('nothing can start before MD5, password and file are there', async () => {
  await expect(check()).toBeDisabled();
  await expect(startImport()).toBeDisabled();
  await md5().focus();
  await password().focus();
  await expect(settings()).toContainText('請輸入原學校提供的 MD5 值');
  await expectAccessible(page);
});

test('a wrong MD5 stops: both values are shown, the field is marked, what was typed stays', async () => {
  const wrong = '0123456789abcdef0123456789abcdef';
  await choose(sample.path);
  await md5().fill(wrong);
  await password().fill(sample.password);
  await check().click();
  const refusal = settings().getByRole('alert');
  await expect(refusal).toContainText('01234567-89ab-cdef-0123-456789abcdef');
  await expect(refusal).toContainText(sample.md5.toLowerCase());
  await expect(md5()).toHaveAttribute('aria-invalid', 'true');
  await expect(md5()).toHaveValue(wrong);
  await expect(settings()).toContainText(sample.fileName);
  await expect(startImport()).toBeDisabled();
  await expectAccessible(page);
});

test('an identifier in place of the MD5: the clerk may go on with a reason', async () => {
  await md5().fill('4ae6d463-8b85-4ada-bd0f-a79a8a0ee4d6');
  await check().click();
  const goOn = settings().getByRole('button', { name: '不比對 MD5，繼續檢查' });
  await expect(goOn).toBeDisabled();
  await settings()
    .getByLabel(/說明理由後繼續/)
    .fill('已電話向原學校註冊組確認');
  await goOn.click();
  await expect(contents()).toContainText(sample.student);
  await expect(contents()).toContainText('已電話向原學校註冊組確認');
});

test('a wrong password marks its field', async () => {
  await md5().fill(sample.md5);
  await password().fill('not-the-password');
  await check().click();
  await expect(settings().getByRole('alert')).toContainText('密碼');
  await expect(password()).toHaveAttribute('aria-invalid', 'true');
  await expect(password()).toHaveValue('not-the-password');
});

test('檢查 shows who and what is inside, and writes nothing', async () => {
  // Another way of writing the same MD5: capitals, no hyphens.
  await md5().fill(sample.md5.replaceAll('-', '').toUpperCase());
  await password().fill(sample.password);
  await check().click();
  await expect(contents().getByRole('heading', { name: new RegExp(sample.student) })).toBeVisible();
  await expect(contents().getByRole('row', { name: '課程學習成果 7 0 0' })).toBeVisible();
  await expect(contents()).toContainText('轉出學校 080000');
  await expect(records()).toHaveCount(0);
  await expectAccessible(page);
});

test('開始匯入 takes it over and says so in the manual’s words', async () => {
  await startImport().click();
  const message = page.getByRole('dialog', { name: '訊息' });
  await expect(message).toContainText('匯入1人，完成1人');
  await expect(message).toContainText(new RegExp(`[A-Z]\\d\\*{4}\\d{4}\\(${sample.student}\\):`));
  await expect(message.getByRole('listitem').first()).toHaveText('新增課程學習成果7筆');
  await expectAccessible(page);
  await message.getByRole('button', { name: '確定' }).click();
  await expect(records()).toHaveCount(1);
  await expect(records().first()).toContainText(sample.fileName);
  await expect(records().first()).toContainText('匯入1人，完成1人');
  await expect(md5()).toHaveValue('');
});

test('明細 of the record says the same', async () => {
  await records().first().getByRole('button', { name: /檢視/ }).click();
  const details = page.getByRole('dialog', { name: '訊息' });
  await expect(details.getByRole('listitem').first()).toHaveText('新增課程學習成果7筆');
  await details.getByRole('link', { name: '開啟學習歷程檔案櫃' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '學習歷程檔案櫃' })).toBeVisible();
  await expect(page.getByRole('region', { name: '上傳學習成果' }).getByRole('row')).toHaveCount(8);
  await openScreen(page, '/transfer-in', '匯入學生學習歷程資料');
});

test('the same file again adds nothing', async () => {
  await choose(sample.path);
  await md5().fill(sample.md5);
  await password().fill(sample.password);
  await check().click();
  await expect(contents().getByRole('row', { name: '課程學習成果 0 7 0' })).toBeVisible();
  await startImport().click();
  const message = page.getByRole('dialog', { name: '訊息' });
  await expect(message).toContainText('匯入1人，完成1人');
  await expect(message).not.toContainText(/新增.*\d+筆/);
  await message.getByRole('button', { name: '確定' }).click();
  await expect(records()).toHaveCount(2);
});
