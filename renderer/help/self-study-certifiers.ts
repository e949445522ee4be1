import type { HelpText } from './index.ts';

/** 設定學科/領域認證老師 (manual 3.13.1). */
export const help: HelpText = {
  purpose: '設定學科/領域認證老師',
  steps: [],
  remarks: [],
};
