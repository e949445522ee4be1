import type { HelpText } from './index.ts';

/** 查詢學生多元表現情形 (manual 3.5). */
export const help: HelpText = {
  purpose: '查詢學生多元表現情形',
  steps: [],
  remarks: [],
};
