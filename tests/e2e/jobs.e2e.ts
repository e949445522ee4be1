import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openSqlite } from '../../db/sqlite.ts';
import { interruption } from '../../main/application/contract.ts';
import { deriveKey, keyFileStore } from '../../main/platform/secret-store.ts';
import { expectAccessible, type Office, openOffice } from './support.ts';

/** The job tray over a program that did not live to finish its work. */
let office: Office;
test.beforeAll(async ({ browser }) => {
  office = await openOffice(browser);
});
test.afterAll(() => office?.close());

/** As a start marks it that finds a job of a process that is gone (main/application/jobs.ts). */
async function leaveInterrupted(directory: string): Promise<void> {
  const sqlite = openSqlite(join(directory, 'portfolio.db'), { key: deriveKey((await keyFileStore(directory).load())!, 'database') });
  sqlite
    .prepare(
      `insert into jobs (id, operation, title, state, account_name, process_id, started_at, finished_at, error)
       values ('of-the-dead', 'transferOut.produce', '產生匯出檔案', 'interrupted', '999999adm', 1, '2026-11-24T00:00:00Z', '2026-11-24T00:05:00Z', ?)`,
    )
    .run(JSON.stringify(interruption));
  sqlite.close();
}

test('an interrupted job is in the tray with what to do, leads to its screen, and stays away once it is removed', async () => {
  const { page, directory } = office;
  await leaveInterrupted(directory);
  const tray = page.getByRole('region', { name: '作業', exact: true });
  const open = async () => {
    await page.reload();
    await page.getByRole('banner').getByRole('button', { name: /作業$/ }).click();
  };
  await open();
  await expect(tray.getByRole('listitem')).toHaveText(/產生匯出檔案中斷.*作業中斷：.*沒有留下未完成的資料，可以重新執行。/);
  await expectAccessible(page);
  await tray.getByRole('link', { name: '開啟匯出學生學習歷程資料' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '匯出學生學習歷程資料' })).toBeVisible();
  await page.getByRole('banner').getByRole('button', { name: /作業$/ }).click();
  await tray.getByRole('button', { name: '移除產生匯出檔案' }).click();
  await expect(tray.getByRole('listitem')).toHaveCount(0);
  await open();
  await expect(tray).toContainText('沒有進行中或剛完成的作業');
});
