import { z } from 'zod';
import { type SyncResourceName, syncItems, syncResourceNames } from '../../features/sync/contract.ts';
import { UsageError } from '../arguments.ts';
import type { Command } from '../command.ts';
import { withApplication, withOffice } from '../office.ts';

function resourceName(text: string): SyncResourceName {
  const found = syncResourceNames.find((name) => name === text);
  if (!found) throw new UsageError(`沒有「${text}」這個同步項目；可用的有 ${syncResourceNames.join('、')}。`);
  return found;
}

export const connectCommand: Command = {
  name: 'connect',
  usage: '--url URL --school CODE [--device ID]',
  summary: '把新的資料夾連接到市級系統（裝置金鑰放在 PORTFOLIO_DEVICE_KEY，管理者密碼放在 PORTFOLIO_PASSWORD）',
  options: { url: 'value', school: 'value', device: 'value' },
  run: async (context) => {
    const url = context.arguments.required('url');
    if (!z.url({ protocol: /^https?$/ }).safeParse(url).success) throw new UsageError('--url 要是完整的網址，例如 https://city.example/。');
    const schoolCode = context.arguments.required('school');
    const deviceKey = context.terminal.secret('PORTFOLIO_DEVICE_KEY');
    if (deviceKey === undefined) throw new UsageError('缺少裝置金鑰：請放在環境變數 PORTFOLIO_DEVICE_KEY。');
    const deviceId = context.arguments.text('device');
    const firstPassword = await context.terminal.password();
    return withApplication(context, async (office) => {
      const connected = await office.call('sync.connect', {
        url,
        schoolCode,
        deviceKey,
        ...(deviceId === undefined ? {} : { deviceId }),
        ...(firstPassword === undefined ? {} : { firstPassword }),
      });
      const password = connected.firstPassword === null ? '' : `，第一次登入的密碼 ${connected.firstPassword}`;
      const { recoveryKey, ...school } = connected;
      const paper = recoveryKey === null ? '' : `\n復原金鑰 ${recoveryKey.text}（只顯示這一次，請抄下保存）`;
      return {
        json: { ...school, recoveryKey: recoveryKey?.text ?? null },
        text: `已連接 ${school.schoolName}（${school.schoolCode}），帳號 ${school.accountName}${password}${paper}`,
      };
    });
  },
};

export const syncCommand: Command = {
  name: 'sync',
  usage: '[--resource NAME …] [--full]',
  summary: '與市級系統同步：接收並送出',
  options: { resource: 'values', full: 'flag' },
  run: async (context) => {
    const resources = context.arguments.texts('resource').map(resourceName);
    return withOffice(context, async (office) => {
      const result = await office.runJob('sync.run', {
        full: context.arguments.flag('full'),
        ...(resources.length === 0 ? {} : { resources }),
      });
      const lines = result.resources.map(({ name, received, upserted, deleted, problems, seconds }) => {
        const title = name in syncItems ? syncItems[name as SyncResourceName].title : name;
        const bad = problems === 0 ? '' : `，不合格式 ${problems} 筆`;
        return `${title}：接收 ${received} 筆，更新 ${upserted} 筆，刪除 ${deleted} 筆${bad}（${seconds.toFixed(1)} 秒）`;
      });
      return { json: result, text: [...lines, `已送出 ${result.pushed} 筆，待送 ${result.pending} 筆`].join('\n') };
    });
  },
};
