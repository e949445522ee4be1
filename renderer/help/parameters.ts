import type { HelpText } from './index.ts';

/** 設定功能參數 (manual 3.2). */
export const help: HelpText = {
  purpose: '設定功能參數',
  steps: [],
  remarks: [],
};
