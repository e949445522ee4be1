import { z } from 'zod';
import { command, defineFeature, done, incomingFile, job, nothing, query } from '../../application/contract.ts';
import { defineGrid, gridOperations, rowId } from '../../application/grid-contract.ts';

const view = { module: 'S0203S1', right: 'view' } as const;
const update = { module: 'S0203S1', right: 'update' } as const;

const value = z.int().nullable();
export const parameterValues = z.object({
  outcomesPerTerm: value,
  outcomesPerCourse: value,
  uncertifiedNoticeHour: value,
  tickOutcomesNoticeDays: value,
  tickPerformancesNoticeDays: value,
  certificationDeadlineNoticeDays: value,
});

/** Outcomes whose file is damaged, by subject (manual §3.2.7): one row a file. */
export const damagedGrid = defineGrid({
  name: 'damagedFiles',
  title: '學習成果異常檔案',
  columns: [
    rowId,
    { key: 'outcomeId', title: 'outcomeId', kind: 'text', hidden: true, filterable: false, sortable: false },
    { key: 'studentId', title: 'studentId', kind: 'text', hidden: true, filterable: false, sortable: false },
    { key: 'sha256', title: 'sha256', kind: 'text', hidden: true, filterable: false, sortable: false },
    { key: 'slot', title: 'slot', kind: 'text', hidden: true, filterable: false, sortable: false },
    { key: 'subjectName', title: '科目', kind: 'text' },
    { key: 'term', title: '學年期', kind: 'text', width: 92 },
    { key: 'className', title: '班級', kind: 'text', width: 110 },
    { key: 'seatNumber', title: '座號', kind: 'number', width: 76 },
    { key: 'studentNumber', title: '學號', kind: 'text', width: 110 },
    { key: 'studentName', title: '姓名', kind: 'text', width: 110 },
    { key: 'fileName', title: '檔案', kind: 'text' },
    { key: 'foundAt', title: '發現時間', kind: 'rocDateTime', width: 158 },
    { key: 'origin', title: '來源', kind: 'choice', choices: { city: '市級系統', local: '本機檢查' }, width: 104 },
  ],
  students: 'studentId',
  defaultSort: { key: 'subjectName' },
});
const damaged = gridOperations(damagedGrid, view);

/** 設定功能參數 (manual §3.2), shared with the city, which sends the notices. */
export const parameters = defineFeature('parameters', {
  values: query({
    title: '查看功能參數',
    input: nothing,
    output: z.object({ values: parameterValues, damagedFileUpdate: z.boolean(), damagedFiles: z.int() }),
    access: view,
  }),
  /** 儲存: all or none. Errors: parameters.refused (details.refusals by parameter). */
  save: command({
    title: '設定功能參數',
    input: z.object({ values: parameterValues }),
    output: z.object({ saved: z.int() }),
    access: update,
    audit: { action: 'change', summary: (_input, { saved }) => `${saved} 項參數` },
  }),
  /** 切換學習成果異常檔案更新功能 (§3.2.7). */
  switchDamagedFileUpdate: command({
    title: '切換學習成果異常檔案更新功能',
    input: z.object({ on: z.boolean() }),
    output: done,
    access: update,
    audit: { action: 'change', summary: ({ on }) => (on ? '開啟' : '關閉') },
  }),
  damaged: damaged.list,
  exportDamaged: damaged.exportWorkbook,
  /** 重新取得: from this computer's store where that is whole, else from the city; each checked by its hash. */
  refetch: job({
    title: '重新取得異常檔案',
    input: z.object({ sha256s: z.array(z.string()).min(1).max(5000) }),
    output: z.object({ mended: z.int(), failed: z.int() }),
    access: update,
    audit: { action: 'change', summary: (_input, { mended, failed }) => `取得 ${mended} 件，失敗 ${failed} 件` },
  }),
  /**
   * 更換檔案 of an outcome by the one the student brought. Errors: parameters.outcomeUnknown, parameters.fileKind,
   * parameters.fileTooBig.
   */
  replaceFile: command({
    title: '更換學習成果檔案',
    input: z.object({ outcomeId: z.string(), slot: z.enum(['document', 'media']), file: incomingFile }),
    output: z.object({ studentId: z.string() }),
    access: update,
    audit: { action: 'change', students: (_input, { studentId }) => [studentId] },
  }),
});
