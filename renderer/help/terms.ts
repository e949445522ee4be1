import type { HelpText } from './index.ts';

/** 設定學校學年期 (manual 3.1). */
export const help: HelpText = {
  purpose: '設定學校學年期',
  steps: [],
  remarks: [],
};
