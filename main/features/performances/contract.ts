import { z } from 'zod';
import { type Access, defineFeature, query } from '../../application/contract.ts';
import { defineGrid, gridOperations, rowId } from '../../application/grid-contract.ts';

/** 查詢學生多元表現情形 (manual §3.5). */
const access: Access = { module: 'S0206S', right: 'view' };

/** Ticks are by academic year (作業要點), so the list is too. */
const year = { academicYear: z.int() };

/** 班級 座號 學號 姓名 勾選數量 (manual §3.5.1), and 總上傳件數 as the slip calls it. */
export const performancesGrid = defineGrid({
  name: 'performances',
  title: '學生多元表現勾選情形',
  columns: [
    rowId,
    { key: 'className', title: '班級', kind: 'text', width: 140 },
    { key: 'seatNumber', title: '座號', kind: 'number', width: 84 },
    { key: 'studentNumber', title: '學號', kind: 'text', width: 132 },
    { key: 'name', title: '姓名', kind: 'text' },
    { key: 'uploaded', title: '總上傳件數', kind: 'number', width: 128 },
    { key: 'ticked', title: '勾選數量', kind: 'number', width: 120 },
  ],
  students: 'id',
  defaultSort: { key: 'className' },
});

export const performances = defineFeature('performances', {
  /** 已勾選 n 人、未勾選 n 人、超過 10 件 n 人 of the year's students. */
  summary: query({
    title: '多元表現勾選人數',
    input: z.object(year),
    output: z.object({ ticked: z.int(), notTicked: z.int(), overLimit: z.int() }),
    access,
  }),
  ...gridOperations(performancesGrid, access, year),
});
