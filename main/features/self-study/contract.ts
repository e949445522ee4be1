import { z } from 'zod';
import { certificationStageKinds, certifierGroupKinds } from '../../../domain/office-settings.ts';
import { command, defineFeature, done, nothing, query } from '../../application/contract.ts';
import { defineGrid, gridOperations, rowId } from '../../application/grid-contract.ts';

const view = { module: 'S0301S', right: 'view' } as const;
const viewOrder = { module: 'S0302S', right: 'view' } as const;

/** Every certifying teacher with his group: what 匯出 EXCEL writes. */
export const certifierGrid = defineGrid({
  name: 'certifiers',
  title: '學科/領域認證老師',
  columns: [
    rowId,
    { key: 'kind', title: '類別', kind: 'choice', choices: { subject: '學科', custom: '自訂群組' }, width: 130 },
    { key: 'groupName', title: '名稱', kind: 'text' },
    { key: 'teacherName', title: '教職員姓名', kind: 'text', width: 160 },
    { key: 'email', title: 'E-mail', kind: 'text' },
  ],
  students: null,
  defaultSort: { key: 'kind', descending: true },
});

const teacher = z.object({ id: z.string(), name: z.string() });
const groupName = z.string().trim().min(1).max(50);

/** 認證階段 as it is set: a stage of 自訂 names its group. */
export const certificationStage = z.object({
  kind: z.enum(certificationStageKinds),
  certifierGroupId: z.string().nullable(),
});
export type CertificationStage = z.infer<typeof certificationStage>;

/** 自主學習: who certifies self-study plans, and in which order (manual §3.13). */
export const selfStudy = defineFeature('selfStudy', {
  ...gridOperations(certifierGrid, view),
  /** 學科清單 or 自訂群組清單. */
  groups: query({
    title: '查看認證老師的群組',
    input: z.object({ kind: z.enum(certifierGroupKinds) }),
    output: z.object({
      groups: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          members: z.int(),
          /** 階段 that asks it; null for none. */ stage: z.int().nullable(),
        }),
      ),
    }),
    access: { anyOf: [view, viewOrder] },
  }),
  /** 可選教職員 and 已選教職員 of one group. Errors: selfStudy.groupUnknown. */
  members: query({
    title: '查看群組的教職員',
    input: z.object({ groupId: z.string() }),
    output: z.object({ available: z.array(teacher), chosen: z.array(teacher) }),
    access: view,
  }),
  /** Errors: selfStudy.nameTaken. */
  createGroup: command({
    title: '新增認證老師的群組',
    input: z.object({ kind: z.enum(certifierGroupKinds), name: groupName }),
    output: z.object({ id: z.string() }),
    access: { module: 'S0301S', right: 'create' },
    audit: { action: 'change', summary: ({ name }) => name },
  }),
  /** Errors: selfStudy.groupUnknown, selfStudy.nameTaken. */
  renameGroup: command({
    title: '修改認證老師的群組',
    input: z.object({ id: z.string(), name: groupName }),
    output: done,
    access: { module: 'S0301S', right: 'update' },
    audit: { action: 'change', summary: ({ name }) => name },
  }),
  /** Errors: selfStudy.groupInUse (details.stage) while the order asks it. */
  removeGroup: command({
    title: '刪除認證老師的群組',
    input: z.object({ id: z.string() }),
    output: done,
    access: { module: 'S0301S', right: 'delete' },
    audit: { action: 'change' },
  }),
  /** Puts teachers in and takes teachers out. Errors: selfStudy.groupUnknown. */
  changeMembers: command({
    title: '設定群組的教職員',
    input: z.object({ groupId: z.string(), add: z.array(z.string()).max(1000), remove: z.array(z.string()).max(1000) }),
    output: done,
    access: { module: 'S0301S', right: 'update' },
    audit: { action: 'change', summary: ({ add, remove }) => `加入 ${add.length} 人，移除 ${remove.length} 人` },
  }),
  order: query({
    title: '查看認證順序',
    input: nothing,
    output: z.object({ stages: z.array(certificationStage) }),
    access: viewOrder,
  }),
  /** 儲存 the whole order. Errors: selfStudy.stageTwice, selfStudy.groupUnknown, selfStudy.noStage. */
  saveOrder: command({
    title: '設定認證順序',
    input: z.object({ stages: z.array(certificationStage).max(50) }),
    output: z.object({ stages: z.int(), /** Groups of the order that have nobody in them. */ emptyGroups: z.array(z.string()) }),
    access: { module: 'S0302S', right: 'update' },
    audit: { action: 'change', summary: ({ stages }) => `${stages.length} 個階段` },
  }),
});
