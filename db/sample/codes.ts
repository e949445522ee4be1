import type { DraftOf } from '../../main/central/resources.ts';
import { otherSchools } from './register.ts';
import { certificates } from './words/performances.ts';

/** The year from which every code of the trial city holds: the first of the 108 curriculum. */
const validFromYear = 108;

/** 代碼資料 of the trial city, by the names of the roster layouts (assets/rosters). A city in earnest publishes its own. */
const tables: Readonly<Record<string, readonly (readonly [code: string, label: string])[]>> = {
  cadreLevel: [
    ['1', '校級幹部'],
    ['2', '班級幹部'],
    ['3', '社團幹部'],
  ],
  competitionLevel: [
    ['1', '校級'],
    ['2', '鄉鎮市區級'],
    ['3', '縣市級'],
    ['4', '區域級'],
    ['5', '全國級'],
    ['6', '國際級'],
  ],
  competitionParticipation: [
    ['1', '個人參與'],
    ['2', '團體參與'],
  ],
  certificate: certificates.map(({ code }) => [code, code]),
  certificateType: [
    ['1', '技術士證照'],
    ['2', '語文檢定'],
    ['3', '其他檢定證照'],
  ],
  flexibleLearningKind: [
    ['1', '自主學習'],
    ['2', '選手培訓'],
    ['3', '充實（增廣）或補強性教學'],
    ['4', '學校特色活動'],
  ],
  groupActivityKind: [
    ['1', '班級活動'],
    ['2', '社團活動'],
    ['3', '學生自治活動'],
    ['4', '學生服務學習活動'],
    ['5', '週會'],
    ['6', '講座'],
  ],
  workplaceKind: [
    ['1', '職場見習'],
    ['2', '工讀'],
    ['3', '實習'],
  ],
  makeupMethod: [
    ['1', '專班'],
    ['2', '自學輔導'],
    ['3', '隨班'],
  ],
  // Not of a roster layout: what the codes of the schools are called that students come from and go to.
  school: otherSchools.map((code, index) => [code, `試用第${'一二三四五'.charAt(index)}高級中學`]),
  retakeMethod: [
    ['1', '專班'],
    ['2', '自學輔導'],
    ['3', '隨班'],
  ],
};

export function codesOf(): DraftOf<'codes'>[] {
  return Object.entries(tables).flatMap(([table, codes]) =>
    codes.map(([code, label], index) => ({ id: `z-${table}-${index + 1}`, table, code, label, validFromYear })),
  );
}
