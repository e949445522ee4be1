import type { HelpText } from './index.ts';

/** 學校查詢接收紀錄 (manual 3.10). */
export const help: HelpText = {
  purpose: '學校查詢接收紀錄',
  steps: [],
  remarks: [],
};
