import { z } from 'zod';
import { defineFeature } from '../../application/contract.ts';
import { defineGrid, gridOperations, rowId } from '../../application/grid-contract.ts';

/** 接收紀錄 (manual §3.10), the city's and this program's own. */
export const receiptGrid = defineGrid({
  name: 'receipts',
  title: '接收紀錄',
  columns: [
    rowId,
    { key: 'dataType', title: '資料類型', kind: 'text' },
    { key: 'ip', title: 'ip', kind: 'text', width: 112 },
    { key: 'receivedAt', title: '資料接收時間', kind: 'rocDateTime', width: 148 },
    { key: 'bytes', title: '檔案大小', kind: 'number', width: 104 },
    { key: 'fileCount', title: '檔案數', kind: 'number', width: 80 },
    { key: 'allReceived', title: '全部已接收', kind: 'flag', width: 116 },
    { key: 'startedAt', title: '開始處理時間', kind: 'rocDateTime', width: 148 },
    { key: 'finishedAt', title: '結束處理時間', kind: 'rocDateTime', width: 148 },
    { key: 'status', title: '處理狀態', kind: 'text', width: 132 },
    { key: 'rows', title: '筆數', kind: 'number', width: 80 },
    { key: 'origin', title: '來源', kind: 'choice', choices: { city: '市級系統', sync: '本機同步' }, width: 100 },
  ],
  students: null,
  defaultSort: { key: 'receivedAt', descending: true },
});

/** 學校查詢接收紀錄 (manual §3.10). */
export const receipts = defineFeature(
  'receipts',
  gridOperations(
    receiptGrid,
    { module: 'S0201S1', right: 'view' },
    {
      /** Only what the city received from the school, or only what this program received from the city. */
      origin: z.enum(['city', 'sync']).optional(),
    },
  ),
);
