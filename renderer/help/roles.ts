import type { HelpText } from './index.ts';

/** 維護角色權限 (manual 3.1). */
export const help: HelpText = {
  purpose: '維護角色權限',
  steps: [],
  remarks: [],
};
