import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { type CityRecordRow, changeCity, cityRecords, synchronise } from './city.ts';
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

/** Copies of chosen files that the host holds. */
function uploads(): string[] {
  const work = join(office.directory, 'work');
  return readdirSync(work)
    .filter((name) => name.includes('-upload-'))
    .flatMap((name) => readdirSync(join(work, name)));
}

const settings = () => page.getByRole('form', { name: '匯入設定' });
const contents = () => page.getByRole('region', { name: '檔案內容' });
const md5 = () => settings().getByLabel('MD5值');
const password = () => settings().getByLabel('壓縮檔密碼');
const check = () => settings().getByRole('button', { name: '檢查' });
const startImport = () => settings().getByRole('button', { name: '開始匯入' });
const details = () => page.getByRole('dialog', { name: /^匯入明細/ });
const conflicts = () => page.getByRole('region', { name: /內容不同的紀錄/ });
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

test('the copy of a file goes when it is removed, or another is chosen', async () => {
  await settings().getByRole('button', { name: '移除' }).click();
  await expect.poll(uploads).toEqual([]);
  await choose(sample.path);
  await choose(sample.path);
  await expect.poll(() => uploads().length).toBe(1);
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
  // The list behind it is there first: its buttons fade from disabled to enabled.
  await expect(records()).toHaveCount(1);
  await expectAccessible(page);
  expect(uploads()).toEqual([]);
  await message.getByRole('button', { name: '確定' }).click();
  await expect(records()).toHaveCount(1);
  await expect(records().first()).toContainText(sample.fileName);
  await expect(records().first()).toContainText('匯入1人，完成1人');
  await expect(md5()).toHaveValue('');
});

test('明細 of the record says the same', async () => {
  await records().first().getByRole('button', { name: /檢視/ }).click();
  await expect(details().getByRole('listitem').first()).toHaveText('新增課程學習成果7筆');
  await expect(details()).toContainText('080000 試用第一高級中學');
  await expect(details()).toContainText(sample.md5);
  await expectAccessible(page);
  await details().getByRole('link', { name: '開啟學習歷程檔案櫃' }).click();
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

/** Records of an import as the city has them, once it has them all. */
async function atCity(resource: 'outcomes' | 'performances', count: number): Promise<CityRecordRow[]> {
  const imported = () => cityRecords(office.directory, resource).filter(({ id }) => id.startsWith('import-'));
  await expect.poll(() => imported().length, { timeout: 60_000 }).toBe(count);
  return imported();
}

/** Drops a file on the page as the desktop does. */
async function drop(path: string): Promise<void> {
  const field = settings().getByRole('group', { name: '轉學檔案（.zip）' });
  // What is dropped while a drawer still fades away falls on the drawer.
  await field.hover({ trial: true });
  const box = (await field.boundingBox())!;
  const devtools = await page.context().newCDPSession(page);
  const place = { x: box.x + box.width / 2, y: box.y + box.height / 2, data: { items: [], files: [path], dragOperationsMask: 1 } };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await devtools.send('Input.dispatchDragEvent', { type, ...place });
}

async function checkSample(): Promise<void> {
  await drop(sample.path);
  await expect(settings()).toContainText(sample.fileName);
  await md5().fill(sample.md5);
  await password().fill(sample.password);
  await check().click();
}

/** Of four records that the city has changed since: two fields, a file, one that was submitted, one of 多元表現. */
let amended: { fields: CityRecordRow; file: CityRecordRow; submitted: CityRecordRow; service: CityRecordRow };

test('records that are here with other content are shown side by side', async () => {
  const outcomes = await atCity('outcomes', 7);
  const performances = await atCity('performances', 19);
  const [fields, file] = outcomes.filter(({ submittedTerm }) => submittedTerm === '0000');
  const submitted = outcomes.find(({ submittedTerm }) => submittedTerm !== '0000')!;
  const service = performances.find(({ category, submittedTerm }) => category === 4 && submittedTerm === '0000')!;
  amended = { fields: fields!, file: file!, submitted, service };
  changeCity(office.directory, {
    amend: [
      { resource: 'outcomes', id: amended.fields.id, set: { summary: '學生重新整理了實驗紀錄，補上誤差分析。', credits: 9 } },
      { resource: 'outcomes', id: amended.file.id, set: { document: submitted.document } },
      { resource: 'outcomes', id: submitted.id, set: { summary: '提交之後的內容' } },
      { resource: 'performances', id: service.id, set: { details: { ...(service.details as object), hours: 77 } } },
    ],
  });
  await synchronise(page, '課程學習成果');
  await synchronise(page, '多元表現');
  await openScreen(page, '/transfer-in', '匯入學生學習歷程資料');
  await checkSample();
  await expect(conflicts().getByRole('heading', { name: '內容不同的紀錄（4 筆）' })).toBeVisible();
  await expect(conflicts().getByRole('article')).toHaveCount(4);
  await expectAccessible(page);
});

const conflict = ({ subjectName, details }: CityRecordRow) =>
  conflicts().getByRole('article', { name: new RegExp(String(subjectName ?? (details as { serviceName: string }).serviceName)) });

test('each shows what differs, and why one may not be replaced; a file of either side is opened in place', async () => {
  await contents().getByRole('button', { name: '逐筆比對' }).click();
  await expect(conflicts().getByRole('heading', { level: 2 })).toBeFocused();
  const fields = conflict(amended.fields);
  await expect(fields.getByRole('row', { name: /^課程學習成果簡述 ?不同/ })).toContainText('補上誤差分析');
  await expect(fields.getByRole('row', { name: /^學分數 ?不同 ?9/ })).toBeVisible();
  await expect(fields.getByRole('row', { name: /^科目名稱/ })).toHaveCount(0);
  await conflicts().getByRole('checkbox', { name: '也列出相同的欄位' }).check();
  await expect(fields.getByRole('row', { name: /^科目名稱/ })).toBeVisible();
  await expect(conflict(amended.submitted)).toContainText('已提交至中央資料庫，內容不能再變更');
  await expect(conflict(amended.submitted).getByRole('radio', { name: '改用檔案中的資料' })).toBeDisabled();
  for (const side of ['本校現有', '檔案中']) {
    await conflict(amended.file)
      .getByRole('button', { name: new RegExp(`^開啟${side}的 .+\\.(pdf|jpg)$`) })
      .click();
    const opened = page.getByRole('dialog', { name: new RegExp(`^${side}：`) });
    await expect(opened.locator('.pdf-page canvas, img.shown-picture').first()).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await expect(opened).toHaveCount(0);
  }
});

test('a record that changes while the clerk looks is not overwritten', async () => {
  await conflict(amended.fields).getByRole('radio', { name: '改用檔案中的資料' }).check();
  changeCity(office.directory, { amend: [{ resource: 'outcomes', id: amended.fields.id, set: { summary: '學生又改了一次。' } }] });
  await page.keyboard.press('Control+Shift+S');
  await expect(page.locator('.top-sync')).toContainText('同步中');
  await expect(page.locator('.top-sync')).toContainText('已同步', { timeout: 60_000 });
  await expect(conflict(amended.fields).getByRole('radio', { name: '改用檔案中的資料' })).toBeChecked();
  await startImport().click();
  await expect(settings().getByRole('alert')).toContainText('本校有 1 筆紀錄已經變動，沒有匯入任何資料');
  await settings().getByRole('button', { name: '重新檢查' }).click();
  await expect(conflict(amended.fields)).toContainText('學生又改了一次。');
  // The choice was about another text.
  await expect(conflict(amended.fields).getByRole('radio', { name: '保留現有資料' })).toBeChecked();
});

test('chosen one by one with the keyboard, each is carried out, and said in the message', async () => {
  await conflicts().getByRole('button', { name: '兩筆都保留' }).click();
  await expect(conflicts().getByRole('status')).toHaveText('兩筆都保留 4');
  for (const { record, keys } of [
    { record: amended.fields, keys: ['ArrowUp'] },
    { record: amended.submitted, keys: ['ArrowUp'] },
    { record: amended.service, keys: ['ArrowUp', 'ArrowUp'] },
  ]) {
    await conflict(record).getByRole('radio', { name: '兩筆都保留' }).focus();
    for (const key of keys) await page.keyboard.press(key);
  }
  await expect(conflicts().getByRole('status')).toHaveText('保留現有 2・改用檔案 1・兩筆都保留 1');
  await conflicts().getByRole('button', { name: '依選擇匯入' }).click();
  const message = page.getByRole('dialog', { name: '訊息' });
  await expect(message).toContainText('匯入1人，完成1人');
  await expect(message.getByRole('listitem')).toHaveText([
    '新增課程學習成果1筆',
    '以檔案中的資料取代課程學習成果1筆',
    '課程學習成果1筆內容不同，兩筆都保留（已計入新增）',
    '課程學習成果1筆內容不同，保留現有資料',
    '服務學習紀錄1筆內容不同，保留現有資料',
    /^\d+筆已存在，未重複匯入$/,
  ]);
  await message.getByRole('button', { name: '確定' }).click();
  await expect(records()).toHaveCount(3);
  await expect(conflicts()).toHaveCount(0);
});

test('明細 keeps what was chosen and says how far the city has it', async () => {
  await records().first().getByRole('button', { name: /檢視/ }).click();
  await details().getByText('內容不同的紀錄 4 筆').click();
  await expect(details().getByRole('row')).toHaveText([
    '項目紀錄處理方式',
    ...[amended.submitted, amended.fields, amended.file, amended.service].map(() => /.+/),
  ]);
  await expect(details().getByRole('row', { name: /改用檔案中的資料$/ })).toContainText(String(amended.fields.subjectName));
  await expect(details().getByRole('row', { name: /兩筆都保留$/ })).toContainText(String(amended.file.subjectName));
  await expect(details().getByRole('region', { name: '傳送至市級系統' })).toContainText('已送達2 筆', { timeout: 60_000 });
  await expect(details().getByRole('region', { name: '傳送至市級系統' })).toContainText('檔案等待傳送0 個');
  await expectAccessible(page);
});

test('the cabinet tells where a record came from, and leads back to the import', async () => {
  await details().getByRole('link', { name: '開啟學習歷程檔案櫃' }).click();
  const uploads = page.getByRole('region', { name: '上傳學習成果' });
  const { academicYear, semester, subjectName } = amended.fields;
  await uploads.getByRole('button', { name: new RegExp(`^查看 ${academicYear}${semester} ${subjectName}`) }).click();
  const record = page.getByRole('dialog', { name: /^上傳學習成果/ });
  await expect(record).toContainText('080000 試用第一高級中學');
  await expect(record.getByRole('region', { name: '來源' })).toContainText('內容在匯入時以轉學檔案取代');
  await expect(record.getByRole('region', { name: '來源' })).toContainText(sample.fileName);
  await expectAccessible(page);
  await record.getByRole('link', { name: '查看匯入明細' }).click();
  await expect(details()).toContainText('以檔案中的資料取代課程學習成果1筆');
});

test('復原 says exactly what it takes back, and does that', async () => {
  await details().getByRole('button', { name: '復原這次匯入…' }).click();
  const question = details().getByRole('region', { name: '復原' });
  await expect(question.getByRole('listitem')).toHaveText([
    '刪除這次新增的課程學習成果 1 筆。',
    '恢復被取代的課程學習成果 1 筆原來的內容。',
    '移除沒有其他紀錄使用的檔案 1 個。',
    '其中 2 筆已送到市級系統，會一併通知更正。',
  ]);
  await expectAccessible(page);
  await question.getByRole('button', { name: '不要' }).click();
  await details().getByRole('button', { name: '復原這次匯入…' }).click();
  await question.getByRole('button', { name: '復原', exact: true }).click();
  await expect(details().getByRole('status')).toContainText('已復原 1 位學生的匯入');
  await expect(details()).toContainText(/已復原（\d+\/\d\d\/\d\d .+ 999999adm）/);
  await page.keyboard.press('Escape');
  await expect(details()).toBeHidden();
  await expect(records().first()).toContainText('匯入1人，完成1人，已復原');
  const restored = () => cityRecords(office.directory, 'outcomes').find(({ id }) => id === amended.fields.id)?.summary;
  await expect.poll(restored, { timeout: 60_000 }).toBe('學生又改了一次。');
});

test('what was built upon is not taken back, and the reasons are listed', async () => {
  await records().nth(2).getByRole('button', { name: /檢視/ }).click();
  await details().getByRole('button', { name: '復原這次匯入…' }).click();
  await expect(details().getByRole('alert')).toContainText('有後續的變動，不能復原');
  await expect(details().getByRole('alert')).toContainText(`課程學習成果「${amended.fields.subjectName}」：匯入之後內容已經變動`);
  await expect(details().getByRole('alert')).toContainText('之後又匯入過這位學生的檔案，請先復原那一次');
  await expectAccessible(page);
  await details().getByRole('button', { name: '知道了' }).click();
  await page.keyboard.press('Escape');
  await expect(details()).toBeHidden();
});

test('after the undoing the file is imported again', async () => {
  await checkSample();
  await expect(conflicts().getByRole('article')).toHaveCount(4);
  await conflicts().getByRole('button', { name: '依選擇匯入' }).click();
  const message = page.getByRole('dialog', { name: '訊息' });
  await expect(message).toContainText('匯入1人，完成1人');
  await message.getByRole('button', { name: '確定' }).click();
  await expect(records()).toHaveCount(4);
});
