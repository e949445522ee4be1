import { expect, type Page, test } from '@playwright/test';
import { downloaded, expectAccessible, type Office, openOffice, openScreen } from './support.ts';

/** 維護角色權限 (manual §3.1) in a real browser: a group, its modules, its people, and a colleague's first password. */
test.describe.configure({ mode: 'serial' });

let office: Office;
let page: Page;
test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
  page = office.page;
  await openScreen(page, '/roles', '維護角色權限');
});
test.afterAll(() => office?.close());

const side = (name: string) => page.getByRole('region', { name, exact: true });
const groupRow = (code: string) => page.locator('.role-groups tbody tr.ant-table-row').filter({ hasText: code });

test('the two groups of the manual are there, and the workbook has them', async () => {
  await expect(groupRow('001')).toContainText('學習成果提交人員');
  await expect(groupRow('002')).toContainText('多元表現提交人員');
  const { name } = await downloaded(page, () => page.getByRole('button', { name: '匯出 EXCEL' }).click());
  expect(name).toMatch(/角色群組.*\.xlsx$/);
  await expectAccessible(page);
});

test('a number that is taken is refused at its field with the typing kept; another is saved', async () => {
  await page.getByRole('button', { name: '新增', exact: true }).click();
  const form = page.getByRole('dialog', { name: '新增記錄' });
  await form.getByLabel('角色編號').fill('001');
  await form.getByLabel('角色名稱').fill('註冊組');
  await form.getByRole('button', { name: '提交' }).click();
  await expect(form.getByText('角色編號 001 已由「學習成果提交人員」使用')).toBeVisible();
  await expect(form.getByLabel('角色名稱')).toHaveValue('註冊組');
  await expectAccessible(page);
  await form.getByLabel('角色編號').fill('003');
  await page.keyboard.press('Enter');
  await expect(form).toBeHidden();
  await expect(groupRow('003')).toContainText('註冊組');
});

test('modules move with their ticks, a chosen one is changed at once, and 復原 takes the move back', async () => {
  await page.getByRole('tab', { name: '群組功能設定' }).click();
  const available = side('待選功能模組');
  await available.getByRole('checkbox', { name: 'S0222S 學生上傳及勾選情形確認單 刪除' }).uncheck();
  await available.getByRole('cell', { name: 'S0222S', exact: true }).click();
  await page.getByRole('button', { name: '加入註冊組 功能模組' }).click();
  const chosen = side('註冊組 功能模組');
  await expect(chosen.getByRole('checkbox', { name: 'S0222S 學生上傳及勾選情形確認單 刪除' })).not.toBeChecked();
  await expect(chosen.getByRole('checkbox', { name: 'S0222S 學生上傳及勾選情形確認單 新增' })).toBeChecked();
  await chosen.getByRole('checkbox', { name: 'S0222S 學生上傳及勾選情形確認單 新增' }).click();
  await expect(chosen.getByRole('checkbox', { name: 'S0222S 學生上傳及勾選情形確認單 新增' })).not.toBeChecked();
  await available.getByRole('row').filter({ hasText: 'S0203S1' }).focus();
  await page.keyboard.press('Enter');
  await expect(chosen).toContainText('S0203S1');
  await page.getByRole('button', { name: '復原' }).click();
  await expect(chosen).not.toContainText('S0203S1');
  await expect(chosen).toContainText('S0222S');
  await expectAccessible(page);
});

test('a colleague is found by account, joins, and gets a one-time password shown once', async () => {
  await page.getByRole('tab', { name: '群組人員設定' }).click();
  const available = side('待選人員');
  const account = (await available.getByRole('row').nth(2).getByRole('cell').nth(1).textContent())!;
  await available.getByPlaceholder('輸入帳號篩選').fill(account);
  await available.getByRole('cell', { name: account, exact: true }).click();
  await page.getByRole('button', { name: '加入註冊組 所屬人員' }).click();
  const chosen = side('註冊組 所屬人員');
  await expect(chosen).toContainText('未給密碼');
  await chosen.getByRole('button', { name: `給密碼 ${account}` }).click();
  const dialog = page.getByRole('dialog', { name: '登入帳號與一次性密碼' });
  await expect(dialog).toContainText(/[a-z]{6}-\d{4}-[a-z]{6}/);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: '我已交給本人，關閉' }).click();
  await expect(chosen).toContainText('使用中');
  await chosen.getByRole('button', { name: `停用 ${account}` }).click();
  await page.getByRole('tooltip').getByRole('button', { name: '停用', exact: true }).click();
  await expect(chosen).toContainText('已停用');
  await expectAccessible(page);
});

test('刪除 asks first, and the group is gone', async () => {
  await groupRow('003').getByRole('button', { name: '刪除 003' }).click();
  await expect(page.getByText('確定要刪除角色群組「註冊組」？')).toBeVisible();
  await page.getByRole('tooltip').getByRole('button', { name: '刪除', exact: true }).click();
  await expect(groupRow('003')).toHaveCount(0);
});
