import type { HelpText } from './index.ts';

/** 設定認證順序 (manual §3.13.2). */
export const help: HelpText = {
  purpose: '設定自主學習計畫依序由誰認證，例如導師、學科教師、圖書館審核。',
  steps: ['選認證身分，按「新增階段」。', '以 ↑ ↓ 調整順序，以 × 移除。', '最後按「儲存」。'],
  remarks: ['同一個認證身分只能有一個階段。', '前一階段通過後才送到下一階段；新的順序只用於之後送出的計畫。'],
};
