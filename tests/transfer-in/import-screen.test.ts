import { describe, expect, it } from 'vitest';
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
