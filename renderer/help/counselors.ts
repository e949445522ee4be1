import type { HelpText } from './index.ts';

/** 查詢輔導教師 (manual 3.1). */
export const help: HelpText = {
  purpose: '查詢輔導教師',
  steps: [],
  remarks: [],
};
