import type { HelpText } from './index.ts';

export const help: HelpText = {
  purpose: '今天要處理的事。每個數字都可以點，會到那一項作業。',
  steps: ['先看「待辦」有沒有紅色或橘色的項目。', '再看各班的認證與勾選進度，數字低的班級可以提醒導師。'],
  remarks: ['數字來自本機資料；右上角顯示上次同步的時間。'],
};
