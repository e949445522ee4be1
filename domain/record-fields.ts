import { type PerformanceDetails, performanceFields, performanceTitle } from './performance-fields.ts';
import { type PerformanceCategory, performanceCategories } from './portfolio.ts';
import { formatRocDay } from './roc-date.ts';
import { formatTerm } from './term.ts';
import { unknownNumber } from './transfer-content.ts';

/**
 * What a record of a portfolio says, field by field under its official heading: one list for the cabinet, for a change
 * shown beside the city's, and for a transfer file held against what is here. Pure.
 */
export type PortfolioRecordKind = 'outcome' | 'performance' | 'cadre';

export interface RecordField {
  label: string;
  /** As shown; empty where there is nothing. */
  value: string;
}

/** A record as a table's row, the city's record or a transfer file has it: their keys are the same. */
export type LooseRecord = Readonly<Record<string, unknown>>;

export const textOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value));
const dayOf = (value: unknown): string => (value ? formatRocDay(String(value)) : '');
export const termOf = (record: object): string => formatTerm(record as { academicYear: number; semester: number });

/** How a course was taken: the kinds of the official record in words. */
function takenAs(record: LooseRecord): string {
  const kind = (is: unknown, word: string, ...more: unknown[]) => {
    const detail = more.map(textOf).filter(Boolean).join(' ');
    return is ? [detail ? `${word}（${detail}）` : word] : [];
  };
  const kinds = [
    ...kind(record.exchange, '借讀'),
    ...kind(record.retake, '重修', record.retakeTerm, record.retakeMethod),
    ...kind(record.makeup, '補修', record.makeupTerm, record.makeupMethod),
    ...kind(record.repeat, '重讀', record.repeatTerm),
    ...kind(record.beforeTransfer, '轉學轉科前'),
  ];
  return kinds.length > 0 ? kinds.join('、') : '一般修課';
}

const field = (label: string, value: unknown): RecordField => ({ label, value: textOf(value) });

function outcomeFields(record: LooseRecord): RecordField[] {
  return [
    field('應修課學年期', termOf(record)),
    field('課程代碼', record.courseCode),
    field('科目名稱', record.subjectName),
    field('學分數', record.credits),
    field('開課年級', record.grade),
    field('開課學期', record.courseSemester),
    field('修課方式', takenAs(record)),
    field('課程學習成果簡述', record.summary),
    field('上傳學年期', record.uploadedTerm),
  ];
}

function performanceRecordFields(record: LooseRecord): RecordField[] {
  const category = record.category as PerformanceCategory;
  const details = (record.details ?? {}) as LooseRecord;
  return [
    field('類別', performanceCategories.find((each) => each.category === category)?.title),
    field('學年期', termOf(record)),
    ...(performanceFields[category] ?? []).map(({ key, title, kind }) => {
      const value = details[key];
      if (kind === 'day') return field(title, dayOf(value));
      return field(title, kind === 'number' && value === unknownNumber ? '' : value);
    }),
    field('內容簡述', record.summary),
    field('外部影音連結', record.externalLink),
    field('上傳學年期', record.uploadedTerm),
  ];
}

function cadreFields(record: LooseRecord): RecordField[] {
  return [
    field('學年期', termOf(record)),
    field('單位名稱', record.unitName),
    field('擔任職務', record.positionName),
    field('幹部等級', record.levelCode),
    field('開始日期', dayOf(record.startsOn)),
    field('結束日期', dayOf(record.endsOn)),
  ];
}

const fieldsOf = { outcome: outcomeFields, performance: performanceRecordFields, cadre: cadreFields };

/** What the student or the school wrote, in the order of the official list; files, certification, ticks and submission are not among it. */
export function contentFields(kind: PortfolioRecordKind, record: object): RecordField[] {
  return fieldsOf[kind](record as LooseRecord);
}

/** What a record is called in a line: the course, the competition, the office held. */
export function recordTitle(kind: PortfolioRecordKind, record: object): string {
  const { subjectName, unitName, positionName, category, details } = record as LooseRecord;
  if (kind === 'outcome') return textOf(subjectName);
  if (kind === 'cadre') return [unitName, positionName].map(textOf).filter(Boolean).join(' ');
  return performanceTitle(category as PerformanceCategory, (details ?? {}) as PerformanceDetails);
}
