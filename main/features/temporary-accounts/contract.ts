import { defineFeature } from '../../application/contract.ts';

/** 轉學生臨時帳號 (manual §3.17). */
export const temporaryAccounts = defineFeature('temporaryAccounts', {});
