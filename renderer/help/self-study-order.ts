import type { HelpText } from './index.ts';

/** 設定認證順序 (manual 3.13.2). */
export const help: HelpText = {
  purpose: '設定認證順序',
  steps: [],
  remarks: [],
};
