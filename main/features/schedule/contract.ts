import { z } from 'zod';
import { operationWindowItemNames, operationWindowItems } from '../../../domain/office-settings.ts';
import { windowStateNames } from '../../../domain/operation-window.ts';
import { command, defineFeature, done, nothing, query } from '../../application/contract.ts';
import { defineGrid, gridOperations, rowId } from '../../application/grid-contract.ts';

const view = { module: 'S0203S', right: 'view' } as const;

export const scheduleGrid = defineGrid({
  name: 'schedule',
  title: '學校作業時間',
  columns: [
    rowId,
    { key: 'academicYear', title: '學年', kind: 'number', width: 80 },
    { key: 'semester', title: '學期', kind: 'number', width: 80 },
    { key: 'item', title: '項目', kind: 'choice', choices: operationWindowItemNames },
    { key: 'startsOn', title: '開始日期', kind: 'rocDay', width: 120 },
    { key: 'startHour', title: '開始時間(時)', kind: 'text', width: 128 },
    { key: 'endsOn', title: '結束日期', kind: 'rocDay', width: 120 },
    { key: 'endHour', title: '結束時間(時)', kind: 'text', width: 128 },
    { key: 'state', title: '狀態', kind: 'choice', choices: windowStateNames, width: 110 },
  ],
  students: null,
  defaultSort: { key: 'academicYear', descending: true },
});

const isoDay = z.iso.date();
const hour = z.int().min(0).max(23);
export const operationWindowInput = z.object({
  item: z.enum(operationWindowItems),
  academicYear: z.int().min(80).max(200),
  semester: z.int().min(0).max(2),
  startsOn: isoDay,
  startHour: hour,
  endsOn: isoDay,
  endHour: hour,
  /** The warnings were shown and the clerk goes on. */
  confirmed: z.boolean().default(false),
});

export const scheduledWindow = z.object({
  id: z.string(),
  item: z.enum(operationWindowItems),
  academicYear: z.int(),
  semester: z.int(),
  startsOn: z.string(),
  startHour: z.int(),
  endsOn: z.string(),
  endHour: z.int(),
  /** Instants, ISO; the last millisecond is included. */
  opensAt: z.string(),
  closesAt: z.string(),
  state: z.enum(['soon', 'open', 'past']),
  warnings: z.array(z.string()),
});
export type ScheduledWindow = z.infer<typeof scheduledWindow>;

const audited = {
  action: 'change' as const,
  summary: ({ academicYear, semester, item }: z.infer<typeof operationWindowInput>) =>
    `${academicYear}${semester} ${operationWindowItemNames[item]}`,
};

/** 設定學校作業時間 (manual §3.7). */
export const schedule = defineFeature('schedule', {
  ...gridOperations(scheduleGrid, view),
  /** The city's windows and the school's, for the timeline and the form. */
  overview: query({
    title: '查看學校作業時間',
    input: nothing,
    output: z.object({
      city: z.array(
        z.object({ kind: z.enum(['outcomes', 'performances']), academicYear: z.int(), startsOn: z.string(), endsOn: z.string() }),
      ),
      windows: z.array(scheduledWindow),
      now: z.string(),
    }),
    access: view,
  }),
  /**
   * 新增. Errors: schedule.refused (details.refusals, each with its field), schedule.confirm (details.warnings: ask, then again with
   * `confirmed`).
   */
  create: command({
    title: '新增學校作業時間',
    input: operationWindowInput,
    output: z.object({ id: z.string() }),
    access: { module: 'S0203S', right: 'create' },
    audit: audited,
  }),
  /** 修改. Errors as of `create`, schedule.unknown. */
  update: command({
    title: '修改學校作業時間',
    input: operationWindowInput.extend({ id: z.string() }),
    output: z.object({ id: z.string() }),
    access: { module: 'S0203S', right: 'update' },
    audit: audited,
  }),
  /** Errors: schedule.unknown. */
  remove: command({
    title: '刪除學校作業時間',
    input: z.object({ id: z.string() }),
    output: done,
    access: { module: 'S0203S', right: 'delete' },
    audit: { action: 'change' },
  }),
});
