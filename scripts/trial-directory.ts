import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { unfinishedTrial } from '../main/platform/data-directory.ts';
import { keyFileStore, loadMasterKey } from '../main/platform/secret-store.ts';

/** The trial school that `npm start` opens, made at its first start. */
export const trialSchool = { schoolCode: '999999', schoolName: '測試高中', students: 360, years: 3, seed: 1 } as const;

/** Makes the trial school where there is none yet, or one that was interrupted half-way (main/application/trial.ts). */
export async function ensureTrialSchool(dataDirectory: string, say: (line: string) => void): Promise<void> {
  if (existsSync(join(dataDirectory, 'portfolio.db')) && !existsSync(join(dataDirectory, unfinishedTrial))) return;
  const { students, years, schoolCode, schoolName } = trialSchool;
  say(`建立試用學校 ${schoolCode} ${schoolName}（${students} 位學生、${years} 個學年）…`);
  const began = performance.now();
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const { createTrialSchool } = await import('../main/application/trial.ts');
  const password = process.env.PORTFOLIO_PASSWORD;
  const { recoveryKey } = await createTrialSchool({
    ...trialSchool,
    dataDirectory,
    withoutPortfolios: false,
    masterKey: await loadMasterKey(keyFileStore(dataDirectory), dataDirectory),
    ...(password ? { password } : {}),
  });
  say(`試用學校已建立（${Math.round((performance.now() - began) / 1000)} 秒），資料在 ${dataDirectory}`);
  say(`備份的復原金鑰 ${recoveryKey}（只顯示這一次；也可以在「備份與還原」重新產生）`);
}
