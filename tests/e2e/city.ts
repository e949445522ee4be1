import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { ResourceName } from '../../main/central/resources.ts';
import type { CityOrder } from './change-city.ts';
import { openScreen } from './support.ts';

/** The trial city of a test, changed behind the program's back while it runs. */

function order(directory: string, wanted: CityOrder): string {
  const { NODE_OPTIONS: _loader, ...environment } = process.env;
  const script = join(import.meta.dirname, 'change-city.ts');
  return execFileSync(process.execPath, [script, directory, JSON.stringify(wanted)], {
    env: environment,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

export type CityRecordRow = { id: string } & Record<string, unknown>;

/** Every record of a resource as the city has it. */
export const cityRecords = (directory: string, resource: ResourceName): CityRecordRow[] =>
  JSON.parse(order(directory, { list: resource })) as CityRecordRow[];

/** The ministry's 收訖明細 of an accepted roster, by its FID. */
export const receiptStatement = (directory: string, submissionFileId: string): Buffer =>
  Buffer.from(order(directory, { statementOf: submissionFileId }), 'base64');

export function changeCity(directory: string, wanted: Omit<CityOrder, 'list' | 'statementOf'>): void {
  order(directory, wanted);
}

/** 同步作業 → 立即同步 of an item, as the clerk does after something was mended. */
export async function synchronise(page: Page, item: string): Promise<void> {
  await openScreen(page, '/sync', '同步作業');
  // What an earlier run said has to be gone, or it would be taken for this one's.
  const outcome = page.getByText(/已是最新資料|同步完成/);
  await expect(outcome).toHaveCount(0);
  await page.getByRole('button', { name: `立即同步${item}`, exact: true }).click();
  await expect(outcome).toBeVisible({ timeout: 60_000 });
}

/** 預檢 of the roster on the screen, waited for by when it was done: an earlier one must not be taken for it. */
export async function checkRoster(page: Page): Promise<void> {
  const done = page.getByText(/(剛剛|前)預檢$/);
  const start = page.getByRole('button', { name: /^(開始預檢|再預檢一次)$/ });
  await expect(start).toBeVisible();
  const before = (await done.count()) > 0 ? await done.getAttribute('title') : '';
  await start.click();
  await expect(done).not.toHaveAttribute('title', before ?? '', { timeout: 60_000 });
}
