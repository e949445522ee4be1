import type { Command } from '../command.ts';

export const doctorCommand: Command = {
  name: 'doctor',
  usage: '',
  summary: '檢查資料庫、附件、金鑰、時間、磁碟、連線與備份，不改動任何資料',
  options: {},
  run: async ({ dataDirectory, secretStore }) => {
    const { diagnose } = await import('../../application/doctor.ts');
    const diagnosis = await diagnose({ dataDirectory, secretStore: secretStore(dataDirectory) });
    const wrong = diagnosis.checks.filter((check) => !check.ok);
    return {
      json: diagnosis,
      text: diagnosis.checks.map(({ name, ok, message }) => `${ok ? '正常' : '異常'}　${name}　${message}`).join('\n'),
      ...(diagnosis.ok
        ? {}
        : {
            error: {
              code: 'doctor.found',
              message: `有 ${wrong.length} 項檢查需要處理，請依各項的說明處理。`,
              details: { checks: wrong.map((check) => check.name) },
            },
          }),
    };
  },
};
