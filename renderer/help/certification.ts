import type { HelpText } from './index.ts';

/** 查詢未認證教師狀況表 (manual 3.11). */
export const help: HelpText = {
  purpose: '查詢未認證教師狀況表',
  steps: [],
  remarks: [],
};
