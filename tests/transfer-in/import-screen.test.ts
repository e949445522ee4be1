import { describe, expect, it } from 'vitest';
import { choiceOf, choiceSummary, chooseAll, countChoices, givenChoices } from '../../renderer/screens/transfer-in/choices.ts';
import { fieldRefusedBy } from '../../renderer/screens/transfer-in/refusals.ts';
import { sectionRows } from '../../renderer/screens/transfer-in/sections.ts';

describe('a refusal marks the field it is about', () => {
  it.each([
    ['transferIn.md5Mismatch', 'md5'],
    ['transferIn.md5Missing', 'md5'],
    ['transferIn.md5Malformed', 'md5'],
    ['transferIn.passwordWrong', 'password'],
    ['transferIn.notZip', 'file'],
    ['transferIn.damaged', 'file'],
    ['transferIn.unsafePath', 'file'],
    ['file.unknown', 'file'],
    ['transferIn.studentUnknown', null],
    ['transferIn.accountNotSynchronised', null],
    ['transferIn.choiceChanged', null],
    ['transferIn.notReplaceable', null],
    ['transferIn.checkUnknown', null],
    ['disk.full', null],
    ['job.cancelled', null],
  ])('%s → %s', (code, field) => {
    expect(fieldRefusedBy(code)).toBe(field);
  });
});

describe('the sections of a checked file', () => {
  it('stand in the order of the manual, with what is new, the same and in conflict', () => {
    const rows = sectionRows({
      added: { 競賽參與紀錄: 2, 課程學習成果: 7, 校內幹部經歷: 1 },
      unchanged: { 課程學習成果: 1, 作品成果紀錄: 0 },
      conflicts: { 檢定證照紀錄: 3 },
    });
    expect(rows).toEqual([
      { section: '課程學習成果', added: 7, unchanged: 1, conflicts: 0 },
      { section: '競賽參與紀錄', added: 2, unchanged: 0, conflicts: 0 },
      { section: '檢定證照紀錄', added: 0, unchanged: 0, conflicts: 3 },
      { section: '校內幹部經歷', added: 1, unchanged: 0, conflicts: 0 },
    ]);
  });
});

describe('what is chosen about records that are here with other content', () => {
  const line = (key: string, barrier: 'submitted' | null = null, basis = 'as shown') => ({
    key,
    basis,
    section: '課程學習成果',
    title: '數學',
    term: '1141',
    differs: ['學分數'],
    barrier,
    ticked: false,
  });
  const [free, locked] = [line('free'), line('locked', 'submitted')];

  it('is to keep the one that is here, until something else is chosen', () => {
    expect(givenChoices({}, [free, locked])).toEqual([
      { key: 'free', basis: 'as shown', choice: 'keep' },
      { key: 'locked', basis: 'as shown', choice: 'keep' },
    ]);
  });

  it('for all leaves what may not be replaced as it is here', () => {
    const choices = chooseAll({}, [free, locked], 'replace');
    expect(countChoices(choices, [free, locked])).toEqual({ keep: 1, replace: 1, both: 0 });
    expect(choiceSummary(countChoices(choices, [free, locked]))).toBe('保留現有 1・改用檔案 1');
    expect(countChoices(chooseAll(choices, [free, locked], 'both'), [free, locked]).both).toBe(2);
  });

  it('holds over another check only while the record here is what it was', () => {
    const choices = chooseAll({}, [free], 'replace');
    expect(choiceOf(choices, line('free'))).toBe('replace');
    expect(choiceOf(choices, line('free', null, 'changed since'))).toBe('keep');
  });
});
