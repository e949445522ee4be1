import type { HelpText } from './index.ts';

/** 合開課程設定審核老師 (manual 3.4). */
export const help: HelpText = {
  purpose: '合開課程設定審核老師',
  steps: [],
  remarks: [],
};
