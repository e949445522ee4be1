import type { HelpText } from './index.ts';

/** 設定課程諮詢教師 (manual 3.3). */
export const help: HelpText = {
  purpose: '設定課程諮詢教師',
  steps: [],
  remarks: [],
};
