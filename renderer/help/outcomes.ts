import type { HelpText } from './index.ts';

/** 查詢學生學習成果情形 (manual 3.8). */
export const help: HelpText = {
  purpose: '查詢學生學習成果情形',
  steps: [],
  remarks: [],
};
