import { type Page, test } from '@playwright/test';
import { screens } from './screen-list.ts';
import { downloaded, openOffice, openScreen } from './support.ts';

const sizes = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
] as const;

async function picture(page: Page, name: string): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size);
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: `out/gallery/${name}-${size.width}.png` });
  }
}

test('every screen', async ({ browser }) => {
  const office = await openOffice(browser, { students: 360 });
  const { page } = office;
  for (const { path, title, settled } of screens) {
    await openScreen(page, path, title);
    await page.getByText(settled).first().waitFor();
    await picture(page, path === '/' ? 'home' : path.slice(1).replaceAll('/', '-'));
  }

  await openScreen(page, '/outcomes', '查詢學生學習成果情形');
  await page.getByRole('tab', { name: '班級統計' }).click();
  await page
    .getByRole('tabpanel', { name: '班級統計' })
    .getByText(/1 - \d+ 共/)
    .waitFor();
  await picture(page, 'outcomes-by-class');
  await page.getByRole('tab', { name: '學生名單' }).click();
  await page.locator('tbody tr.ant-table-row').nth(3).getByRole('button', { name: /^查看/ }).click();
  await page.getByText(/每學年勾選至多6件/).waitFor();
  await picture(page, 'cabinet');
  await page.getByRole('region', { name: '上傳學習成果' }).getByRole('button', { name: /^查看/ }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: '開啟檔案' }).first().click();
  await page.getByRole('dialog').locator('.pdf-page canvas, img.shown-picture').first().waitFor();
  await picture(page, 'cabinet-record');
  await page.keyboard.press('Escape');

  await openScreen(page, '/submissions/outcomes', '提交學習成果至中央資料庫');
  await page.getByRole('button', { name: '開始預檢' }).click();
  await page.getByRole('button', { name: '再預檢一次' }).waitFor();
  await picture(page, 'submissions-checked');
  await page.getByRole('tab', { name: '現有名冊' }).click();
  await page.getByText(/1 - \d+ 共/).waitFor();
  await picture(page, 'submissions-roster');
  await page.getByRole('tab', { name: '提交紀錄' }).click();
  await page.locator('tbody tr.ant-table-row').first().getByRole('button', { name: /^明細/ }).click();
  await page.getByRole('dialog').getByText('檢核無誤，資料已匯入').waitFor();
  await picture(page, 'submissions-record');
  await page.keyboard.press('Escape');

  await openScreen(page, '/certification', '查詢未認證教師狀況表');
  await page.getByRole('tab', { name: '列印狀況表' }).click();
  await page.getByRole('button', { name: '預覽' }).click();
  await page.getByRole('img', { name: '未認證教師狀況表預覽，第 1 頁' }).waitFor();
  await picture(page, 'certification-report');
  await openScreen(page, '/schedule', '設定學校作業時間');
  await page.getByRole('button', { name: /新增/ }).first().click();
  await page.getByRole('dialog', { name: '新增記錄' }).getByLabel('開始日期').waitFor();
  await picture(page, 'schedule-form');
  await page.getByRole('dialog', { name: '新增記錄' }).getByRole('button', { name: '取消' }).click();
  await openScreen(page, '/course-counselors', '設定課程諮詢教師');
  await page.locator('tbody tr.ant-table-row').first().getByRole('button').click();
  await page.getByRole('region', { name: '可選班級' }).waitFor();
  await picture(page, 'course-counselors-chosen');
  await openScreen(page, '/self-study/certifiers', '設定學科/領域認證老師');
  await page.getByRole('button', { name: /^國文/ }).click();
  await page.getByRole('region', { name: '可選教職員' }).waitFor();
  await picture(page, 'self-study-chosen');

  await openScreen(page, '/slips', '學生上傳及勾選情形確認單');
  await page.getByLabel('年級').click();
  await page.getByTitle('二年級').click();
  await page.getByLabel('繳交截止日期').fill('1151231');
  await page.getByLabel('學號起').focus();
  await page.getByRole('region', { name: '預覽', exact: true }).getByRole('button', { name: '預覽' }).click();
  await page.getByRole('img', { name: '確認單預覽，第 1 頁' }).waitFor();
  await picture(page, 'slips-preview');
  await downloaded(page, () => page.getByRole('button', { name: '存成 PDF' }).click());
  await page.getByRole('tab', { name: '回條登錄' }).click();
  await page.getByText(/1 - \d+ 共/).waitFor();
  await picture(page, 'slips-returns');

  await openScreen(page, '/transfer-out', '匯出學生學習歷程資料');
  const search = page.getByRole('region', { name: '搜尋學生' });
  for (const row of [1, 2, 3]) await search.getByRole('checkbox').nth(row).check();
  await search.getByRole('button', { name: '將勾選的 3 人加入清單' }).click();
  await page
    .getByText(/學習成果 \d+・多元表現/)
    .first()
    .waitFor();
  await picture(page, 'transfer-out-list');
  await page.getByRole('button', { name: /產生匯出檔案（3 人）/ }).click();
  await page.getByRole('button', { name: '前往資料產生紀錄' }).click();
  await picture(page, 'transfer-out-records');
  await page.getByRole('button', { name: '檔案資訊' }).first().click();
  await page.getByRole('dialog', { name: '檔案資訊' }).getByText('壓縮密碼', { exact: true }).waitFor();
  await picture(page, 'transfer-out-information');
  await page.keyboard.press('Escape');

  await page.getByRole('tab', { name: '轉出學生追蹤' }).click();
  const leavers = page.getByRole('tabpanel', { name: '轉出學生追蹤' });
  await leavers.getByText(/1 - \d+ 共/).waitFor();
  await picture(page, 'transfer-out-leavers');
  await leavers
    .getByRole('button', { name: /^登記確認 / })
    .first()
    .click();
  await page.getByRole('dialog', { name: '登記對方學校確認收到' }).waitFor();
  await picture(page, 'transfer-out-acknowledge');
  await page.keyboard.press('Escape');
  await leavers
    .getByRole('button', { name: /^歷程 / })
    .nth(2)
    .click();
  await page.getByText('轉出，開始追蹤').waitFor();
  await picture(page, 'transfer-out-history');
  await page.keyboard.press('Escape');
  await openScreen(page, '/transfer-in?tab=arrivals', '匯入學生學習歷程資料');
  await page
    .getByRole('tabpanel', { name: '轉入學生追蹤' })
    .getByText(/1 - \d+ 共/)
    .waitFor();
  await picture(page, 'transfer-in-arrivals');

  await page.keyboard.press('Control+l');
  await page.getByRole('dialog', { name: '畫面已鎖定' }).getByLabel('密碼').waitFor();
  await picture(page, 'locked');
  await office.close();
});
