import type { HelpText } from './index.ts';

/** 設定學校作業時間 (manual 3.7). */
export const help: HelpText = {
  purpose: '設定學校作業時間',
  steps: [],
  remarks: [],
};
