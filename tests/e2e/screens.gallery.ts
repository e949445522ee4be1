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
    await picture(page, path === '/' ? 'home' : path.slice(1));
  }

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

  await page.keyboard.press('Control+l');
  await page.getByRole('dialog').getByLabel('密碼').waitFor();
  await picture(page, 'locked');
  await office.close();
});
