import type { HelpText } from './index.ts';

/** 學習成果使用人數統計表 (manual 3.12). */
export const help: HelpText = {
  purpose: '學習成果使用人數統計表',
  steps: [],
  remarks: [],
};
