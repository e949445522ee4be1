import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyFileStore, loadMasterKey } from '../main/platform/secret-store.ts';

/** The trial school that `npm start` opens, made at its first start. */
export const trialSchool = { schoolCode: '999999', schoolName: '測試高中', students: 360, years: 3, seed: 1 } as const;

/**
 * Makes the trial school where there is no data yet. One that was interrupted half-way carries a mark and is made
 * anew; a directory without the mark is never removed.
 */
export async function ensureTrialSchool(dataDirectory: string, say: (line: string) => void): Promise<void> {
  const unfinished = join(dataDirectory, '.trial-unfinished');
  if (existsSync(unfinished)) rmSync(dataDirectory, { recursive: true, force: true });
  if (existsSync(join(dataDirectory, 'portfolio.db'))) return;
  const { students, years, schoolCode, schoolName } = trialSchool;
  say(`建立試用學校 ${schoolCode} ${schoolName}（${students} 位學生、${years} 個學年）…`);
  const began = performance.now();
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  writeFileSync(unfinished, '');
  const { createTrialSchool } = await import('../main/application/trial.ts');
  const password = process.env.PORTFOLIO_PASSWORD;
  await createTrialSchool({
    ...trialSchool,
    dataDirectory,
    withoutPortfolios: false,
    masterKey: await loadMasterKey(keyFileStore(dataDirectory), dataDirectory),
    ...(password ? { password } : {}),
  });
  rmSync(unfinished);
  say(`試用學校已建立（${Math.round((performance.now() - began) / 1000)} 秒），資料在 ${dataDirectory}`);
}
