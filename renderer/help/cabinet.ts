import type { HelpText } from './index.ts';

/** 學習歷程檔案櫃 (manual 3.5). */
export const help: HelpText = {
  purpose: '學習歷程檔案櫃',
  steps: [],
  remarks: [],
};
