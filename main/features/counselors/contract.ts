import { z } from 'zod';
import { defineFeature, query } from '../../application/contract.ts';
import { defineGrid, gridOperations, rowId, termScope } from '../../application/grid-contract.ts';

const access = { module: 'S0210S', right: 'view' } as const;

/** Every class of the term with its counselling teacher; one without stands here too, with the name left empty. */
export const counselorGrid = defineGrid({
  name: 'counselors',
  title: '輔導教師',
  columns: [
    rowId,
    { key: 'teacherName', title: '教師姓名', kind: 'text' },
    { key: 'email', title: 'E-mail', kind: 'text' },
    { key: 'academicYear', title: '學年', kind: 'number', width: 80 },
    { key: 'semester', title: '學期', kind: 'number', width: 80 },
    { key: 'grade', title: '年級', kind: 'number', width: 80 },
    { key: 'className', title: '班級', kind: 'text', width: 160 },
    { key: 'homeroomTeacher', title: '導師', kind: 'text', width: 160 },
    { key: 'assigned', title: '已設定', kind: 'flag', width: 100 },
  ],
  students: null,
  defaultSort: { key: 'className' },
});

/** 查詢輔導教師 (S0210S): which counselling teacher looks after which class. It comes from the school affairs system. */
export const counselors = defineFeature('counselors', {
  ...gridOperations(counselorGrid, access, termScope),
  summary: query({
    title: '輔導教師人數',
    input: z.object(termScope),
    output: z.object({ teachers: z.int(), classes: z.int(), classesWithout: z.int() }),
    access,
  }),
});
