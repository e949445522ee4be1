import { tickLimits } from '../../../domain/limits.ts';
import { type OutcomeState, outcomeStateNames, performanceCategories } from '../../../domain/portfolio.ts';
import { termOf, textOf } from '../../../domain/record-fields.ts';
import { formatRocDateTime, formatRocDay } from '../../../domain/roc-date.ts';
import { autobiographyKindNames, type Cabinet, type CabinetRecord, courseKindName, type RecordKind, submittedTermOf } from './records.ts';

/** A tile of the cabinet, and the records behind it. */
export interface Section {
  key: string;
  title: string;
  kind: RecordKind | null;
  records: readonly CabinetRecord[];
  columns: readonly { title: string; of: (record: CabinetRecord) => string; wide?: boolean }[];
  empty: string;
}

export interface SectionGroup {
  title: string;
  /** 每學年勾選至多6件(2/6). */
  note: string;
  sections: readonly Section[];
}

const term = { title: '學年期', of: termOf };
const moment = (title: string, key: string) => ({
  title,
  of: (record: CabinetRecord) => (record[key] ? formatRocDateTime(String(record[key])) : ''),
});
const text = (title: string, key: string, wide = false) => ({ title, of: (record: CabinetRecord) => textOf(record[key]), wide });
const day = (title: string, key: string) => ({
  title,
  of: (record: CabinetRecord) => (record[key] ? formatRocDay(String(record[key])) : ''),
});
const state = { title: '認證狀態', of: (record: CabinetRecord) => outcomeStateNames[record.state as OutcomeState] };
const submitted = { title: '提交學年期', of: submittedTermOf };
const category = {
  title: '類別',
  of: (record: CabinetRecord) => performanceCategories.find((each) => each.category === record.category)?.title ?? '',
};

const isTicked = (record: CabinetRecord) => record.tickedAt !== null;
const isSubmitted = (record: CabinetRecord) => submittedTermOf(record) !== '';

/** The tiles as in the manual (§3.5), with the records of each. @param academicYear whose ticks are counted */
export function sectionsOf(cabinet: Cabinet, academicYear: number): SectionGroup[] {
  const { learningOutcomes: outcomes, performances } = cabinet;
  const ticked = (records: readonly CabinetRecord[]) =>
    records.filter((record) => isTicked(record) && record.academicYear === academicYear).length;
  const upload = [term, text('科目名稱', 'subjectName', true), state, moment('上傳時間', 'createdAt'), text('成果簡述', 'summary', true)];
  return [
    {
      title: '',
      note: '',
      sections: [
        { key: 'basic', title: '基本資料', kind: null, records: [], columns: [], empty: '' },
        {
          key: 'profile',
          title: '個人簡歷',
          kind: 'autobiography',
          records: cabinet.autobiographies,
          columns: [
            { title: '類別', of: (record) => autobiographyKindNames[record.kind as keyof typeof autobiographyKindNames] },
            text('標題', 'title', true),
            moment('更新時間', 'updatedAt'),
          ],
          empty: '學生還沒有填寫自傳或學習計畫。',
        },
        {
          key: 'cadres',
          title: '校內幹部經歷',
          kind: 'cadre',
          records: cabinet.cadres,
          columns: [
            term,
            text('單位名稱', 'unitName', true),
            text('擔任職務', 'positionName', true),
            day('開始日期', 'startsOn'),
            day('結束日期', 'endsOn'),
            submitted,
          ],
          empty: '沒有校內幹部經歷。',
        },
      ],
    },
    {
      title: '修課紀錄與學習成果',
      note: `每學年勾選至多${tickLimits.outcomes}件(${ticked(outcomes)}/${tickLimits.outcomes})`,
      sections: [
        {
          key: 'courses',
          title: '修課紀錄',
          kind: 'course',
          records: cabinet.courseRecords,
          columns: [
            term,
            text('科目名稱', 'subjectName', true),
            text('學分數', 'credits'),
            { title: '修課方式', of: (record) => courseKindName(record.kind) },
            text('學期學業成績', 'score'),
          ],
          empty: '沒有修課紀錄。',
        },
        {
          key: 'consultations',
          title: '課程諮詢紀錄',
          kind: 'consultation',
          records: cabinet.consultations,
          columns: [
            term,
            day('諮詢日期', 'heldOn'),
            text('諮詢類別', 'kind'),
            text('諮詢主題', 'topic', true),
            text('諮詢教師', 'counselorName'),
          ],
          empty: '沒有課程諮詢紀錄。',
        },
        { key: 'uploads', title: '上傳學習成果', kind: 'outcome', records: outcomes, columns: upload, empty: '學生還沒有上傳學習成果。' },
        {
          key: 'certification',
          title: '學習成果認證',
          kind: 'outcome',
          records: outcomes.filter((record) => record.state !== 'draft'),
          columns: [
            term,
            text('科目名稱', 'subjectName', true),
            state,
            text('認證教師', 'certifierName'),
            moment('送出認證時間', 'sentForCertificationAt'),
            moment('認證時間', 'certifiedAt'),
          ],
          empty: '學生還沒有送出認證的學習成果。',
        },
        {
          key: 'ticks',
          title: '勾選學習成果',
          kind: 'outcome',
          records: outcomes.filter(isTicked),
          columns: [term, text('科目名稱', 'subjectName', true), moment('勾選時間', 'tickedAt'), submitted],
          empty: '學生還沒有勾選學習成果。',
        },
        {
          key: 'submissions',
          title: '查詢學習成果提交中央資料庫紀錄',
          kind: 'outcome',
          records: outcomes.filter(isSubmitted),
          columns: [term, text('科目名稱', 'subjectName', true), submitted, moment('勾選時間', 'tickedAt')],
          empty: '還沒有提交中央資料庫的學習成果。',
        },
      ],
    },
    {
      title: '多元表現',
      note: `每學年勾選合計至多${tickLimits.performances}項(${ticked(performances)}/${tickLimits.performances})`,
      sections: [
        ...performanceCategories.map(
          ({ category: number, title }): Section => ({
            key: `performance-${number}`,
            title,
            kind: 'performance',
            records: performances.filter((record) => record.category === number),
            columns: [
              term,
              text('名稱', 'title', true),
              text('內容簡述', 'summary', true),
              moment('上傳時間', 'createdAt'),
              moment('勾選時間', 'tickedAt'),
            ],
            empty: `沒有${title}。`,
          }),
        ),
        {
          key: 'performance-ticks',
          title: '勾選多元表現紀錄',
          kind: 'performance',
          records: performances.filter(isTicked),
          columns: [term, category, text('名稱', 'title', true), moment('勾選時間', 'tickedAt'), submitted],
          empty: '學生還沒有勾選多元表現。',
        },
        {
          key: 'performance-submissions',
          title: '查詢多元表現提交中央資料庫紀錄',
          kind: 'performance',
          records: performances.filter(isSubmitted),
          columns: [term, category, text('名稱', 'title', true), submitted, moment('勾選時間', 'tickedAt')],
          empty: '還沒有提交中央資料庫的多元表現。',
        },
      ],
    },
  ];
}
