import { z } from 'zod';
import { command, defineFeature } from '../../application/contract.ts';
import { defineGrid, gridOperations, rowId, termScope } from '../../application/grid-contract.ts';

/** One row a teacher of each 合開課程 (manual §3.4). */
export const coTeachingGrid = defineGrid({
  name: 'coTeaching',
  title: '合開課程審核老師',
  columns: [
    rowId,
    { key: 'courseOfferingId', title: 'courseOfferingId', kind: 'text', hidden: true, filterable: false, sortable: false },
    { key: 'teacherId', title: 'teacherId', kind: 'text', hidden: true, filterable: false, sortable: false },
    { key: 'academicYear', title: '學年', kind: 'number', width: 80 },
    { key: 'semester', title: '學期', kind: 'number', width: 80 },
    { key: 'className', title: '班級', kind: 'text', width: 160 },
    { key: 'courseName', title: '課程', kind: 'text' },
    { key: 'teacherName', title: '教師', kind: 'text', width: 180 },
    { key: 'reviewer', title: '審核', kind: 'choice', choices: { yes: '是', no: '否' }, width: 120 },
  ],
  students: null,
  defaultSort: { key: 'className' },
});

/** 合開課程設定審核老師 (manual §3.4): of several teachers of a course, who may certify. */
export const coTeaching = defineFeature('coTeaching', {
  ...gridOperations(
    coTeachingGrid,
    { module: 'S0209S', right: 'view' },
    {
      ...termScope,
      /** Any part of class, course or teacher. */
      keyword: z.string().max(100).default(''),
    },
  ),
  /**
   * 儲存: all changes or none. Errors: coTeaching.noReviewer (details.courseOfferingIds) when a course would be left without anyone who
   * may certify, coTeaching.unknown.
   */
  save: command({
    title: '設定合開課程審核老師',
    input: z.object({
      changes: z
        .array(z.object({ courseOfferingId: z.string(), teacherId: z.string(), reviewer: z.boolean() }))
        .min(1)
        .max(2000),
    }),
    output: z.object({ courses: z.int() }),
    access: { module: 'S0209S', right: 'update' },
    audit: { action: 'change', summary: ({ changes }, { courses }) => `${courses} 門課程，${changes.length} 位教師` },
  }),
});
