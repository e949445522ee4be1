import type { HelpText } from './index.ts';

/** 查詢輔導教師 (S0210S). */
export const help: HelpText = {
  purpose: '查看每個班級的輔導教師。資料由校務行政系統同步，不能在這裡修改。',
  steps: ['在右上角選學年期。', '在篩選列輸入教師姓名或班級。', '需要名單時按「匯出 EXCEL」。'],
  remarks: ['「已設定」選「否」可以列出還沒有輔導教師的班級，請到校務行政系統補上後再同步。'],
};
