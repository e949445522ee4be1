import { defineFeature } from '../../application/contract.ts';

/** 合開課程設定審核老師 (manual §3.4). */
export const coTeaching = defineFeature('coTeaching', {});
