import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { unfinishedTrial } from '../../platform/data-directory.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { loadMasterKey } from '../../platform/secret-store.ts';
import type { Command } from '../command.ts';
import { readSchoolOptions, schoolOptions } from './school-options.ts';

export const trialCreateCommand: Command = {
  name: 'trial create',
  usage: '[--students N] [--years Y] [--seed S] [--school CODE] [--without-portfolios]',
  summary: '建立試用學校的資料夾（管理者密碼放在 PORTFOLIO_PASSWORD；沒有時自動產生並顯示在登入頁）',
  options: { ...schoolOptions, 'without-portfolios': 'flag' },
  run: async ({ arguments: read, dataDirectory, terminal, secretStore }) => {
    const options = readSchoolOptions(read);
    const password = await terminal.password();
    if (existsSync(join(dataDirectory, 'portfolio.db')) && !existsSync(join(dataDirectory, unfinishedTrial))) {
      throw new ApplicationError('trial.exists', `資料夾「${dataDirectory}」已經有學校資料，請改用其他資料夾。資料沒有變動。`, {
        path: dataDirectory,
      });
    }
    // The generator is loaded by those who make a school only.
    const { createTrialSchool } = await import('../../application/trial.ts');
    const created = await createTrialSchool({
      ...options,
      dataDirectory,
      withoutPortfolios: read.flag('without-portfolios'),
      masterKey: await loadMasterKey(secretStore(dataDirectory), dataDirectory),
      ...(password === undefined ? {} : { password }),
    });
    return {
      json: created,
      text: `已建立試用學校 ${created.schoolCode} ${options.schoolName}，學生 ${created.students.toLocaleString('en')} 人，資料夾 ${created.dataDir}\n復原金鑰 ${created.recoveryKey}（只顯示這一次，請抄下保存）`,
    };
  },
};
