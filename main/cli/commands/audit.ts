import { loadMasterKey } from '../../platform/secret-store.ts';
import type { Command } from '../command.ts';
import { requireSchool } from '../office.ts';

export const auditVerifyCommand: Command = {
  name: 'audit verify',
  usage: '',
  summary: '驗證稽核紀錄的雜湊鏈，不改動任何資料，不必登入',
  options: {},
  run: async ({ dataDirectory, secretStore }) => {
    requireSchool(dataDirectory);
    const { verifyDataDirectory } = await import('../../application/audit-verification.ts');
    const { brokenLog } = await import('../../application/audit-chain.ts');
    const masterKey = await loadMasterKey(secretStore(dataDirectory), dataDirectory);
    const verification = verifyDataDirectory(dataDirectory, masterKey);
    const { ok, entries, purged, head, faults } = verification;
    const message = brokenLog(verification);
    return {
      json: { ok, entries, purged, head, faults },
      text: ok ? `稽核紀錄 ${entries} 筆前後相接${purged > 0 ? `，另有 ${purged} 筆已依保存年限清除` : ''}。` : message,
      ...(ok ? {} : { error: { code: 'audit.broken', message, details: { sequence: faults[0]?.sequence ?? 0 } } }),
    };
  },
};
