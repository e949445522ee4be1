import type { HelpText } from './index.ts';

/** 轉學生臨時帳號 (manual 3.17). */
export const help: HelpText = {
  purpose: '轉學生臨時帳號',
  steps: [],
  remarks: [],
};
