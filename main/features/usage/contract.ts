import type { Access } from '../../application/contract.ts';
import { defineFeature } from '../../application/contract.ts';
import { defineGrid, gridOperations, rowId } from '../../application/grid-contract.ts';

/** 學習成果使用人數統計表 (manual §3.12). */
const access: Access = { module: 'S0215S', right: 'view' };

/** A row a term, newest first. */
export const usageGrid = defineGrid({
  name: 'usage',
  title: '學習成果使用人數統計表',
  columns: [
    rowId,
    { key: 'schoolCode', title: '學校代碼', kind: 'text', width: 110, filterable: false, sortable: false },
    { key: 'schoolName', title: '學校名稱', kind: 'text', filterable: false, sortable: false },
    { key: 'academicYear', title: '學年度', kind: 'number', width: 100 },
    { key: 'semester', title: '學期', kind: 'number', width: 84 },
    { key: 'uploaders', title: '上傳檔案學生人數', kind: 'number', width: 160 },
    { key: 'senders', title: '送出認證學生人數', kind: 'number', width: 160 },
    { key: 'certifiers', title: '認證成果教師數', kind: 'number', width: 148 },
    { key: 'tickers', title: '勾選成果學生人數', kind: 'number', width: 160 },
  ],
  students: null,
  defaultSort: { key: 'academicYear', descending: true },
});

export const usage = defineFeature('usage', gridOperations(usageGrid, access));
