import { describe, expect, it } from 'vitest';
import { type ChosenStudent, changeChosen, mostStudents, noneChosen } from '../../renderer/screens/transfer-out/chosen-students.ts';
import { totalsOf } from '../../renderer/screens/transfer-out/contents.ts';

const student = (id: string): ChosenStudent => ({ id, studentNumber: `1131${id}`, name: `學生${id}`, className: '一年一班' });
const many = (count: number) => Array.from({ length: count }, (_, index) => student(String(index)));
const idsOf = ({ students }: { students: readonly ChosenStudent[] }) => students.map(({ id }) => id);

describe('學生清單 of 匯出', () => {
  it('takes many at once, each student once, in the order they were added', () => {
    const one = changeChosen(noneChosen, { kind: 'add', students: [student('2')] });
    const three = changeChosen(one, { kind: 'add', students: [student('1'), student('2'), student('3'), student('3')] });
    expect(idsOf(three)).toEqual(['2', '1', '3']);
  });

  it('gives back what was removed, and then what was before that', () => {
    const added = changeChosen(noneChosen, { kind: 'add', students: many(3) });
    const removed = changeChosen(added, { kind: 'remove', ids: ['0', '2'] });
    const emptied = changeChosen(removed, { kind: 'clear' });
    expect(idsOf(emptied)).toEqual([]);
    const once = changeChosen(emptied, { kind: 'undo' });
    expect(idsOf(once)).toEqual(['1']);
    const twice = changeChosen(once, { kind: 'undo' });
    expect(idsOf(twice)).toEqual(['0', '1', '2']);
    expect(idsOf(changeChosen(changeChosen(twice, { kind: 'undo' }), { kind: 'undo' }))).toEqual([]);
  });

  it('keeps no step for a change that changed nothing', () => {
    const added = changeChosen(noneChosen, { kind: 'add', students: many(2) });
    const again = changeChosen(changeChosen(added, { kind: 'add', students: many(2) }), { kind: 'remove', ids: ['unknown'] });
    expect(again.earlier).toHaveLength(1);
  });

  it('takes no more than one run can make, and says how many stayed outside', () => {
    const full = changeChosen(noneChosen, { kind: 'add', students: many(mostStudents + 7) });
    expect(full.students).toHaveLength(mostStudents);
    expect(full.leftOut).toBe(7);
    expect(changeChosen(full, { kind: 'remove', ids: ['0'] }).leftOut).toBe(0);
  });
});

describe('what leaves', () => {
  it('is summed over the list, the ten categories together', () => {
    const counts = {
      learningOutcomes: 7,
      performances: { '1': 3, '2': 2, '10': 2 },
      cadres: 1,
      consultations: 0,
      autobiographies: 0,
      courseRecords: 9,
    };
    const leaving = { id: 'a', name: '', studentNumber: '', identity: null, counts, files: 8, bytes: 1000, filesToFetch: 2 };
    expect(totalsOf([leaving, { ...leaving, id: 'b' }])).toEqual({
      students: 2,
      learningOutcomes: 14,
      performances: 14,
      cadres: 2,
      files: 16,
      bytes: 2000,
      filesToFetch: 4,
    });
  });
});
