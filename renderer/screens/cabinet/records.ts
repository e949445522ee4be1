import { type autobiographyKinds, type OutcomeState, outcomeStateNames } from '../../../domain/portfolio.ts';
import { contentFields, type RecordField, termOf, textOf } from '../../../domain/record-fields.ts';
import { formatRocDateTime, formatRocDay } from '../../../domain/roc-date.ts';
import type { OutputOf } from '../../../main/features/contract.ts';

/** Records of the cabinet as the screens show them: every field by its official name, and what happened to it when. */
export type Cabinet = OutputOf<'cabinet.read'>;
export type CabinetRecord = Cabinet['learningOutcomes'][number];

export type RecordKind = 'outcome' | 'performance' | 'cadre' | 'consultation' | 'autobiography' | 'course';

export interface Happening {
  label: string;
  /** Instant, ISO, or null where only the term is known. */
  at: string | null;
  detail: string;
}

const yesNo = (value: unknown) => (value ? '是' : '否');
const day = (value: unknown) => (value ? formatRocDay(String(value)) : '');
/** `1091` of a submission; nothing for `0000`. */
export const submittedTermOf = (record: CabinetRecord): string => (record.submittedTerm === '0000' ? '' : textOf(record.submittedTerm));

const courseKindNames: Record<string, string> = {
  regular: '一般修課',
  retake: '重修',
  makeup: '補修',
  repeat: '重讀',
  exchange: '借讀',
  beforeTransfer: '轉學轉科前',
};
export const courseKindName = (kind: unknown): string => courseKindNames[textOf(kind)] ?? textOf(kind);
export const autobiographyKindNames: Record<(typeof autobiographyKinds)[number], string> = { autobiography: '自傳', studyPlan: '學習計畫' };

/** The school that the record is of: its code, and its name where that is known. */
const schoolOf = (record: CabinetRecord, names: Cabinet['schoolNames']): RecordField => {
  const code = [textOf(record.sourceSchoolCode), textOf(record.sourceUnitCode)].filter(Boolean).join('-');
  return { label: '就讀學校', value: [code, names[textOf(record.sourceSchoolCode)]].filter(Boolean).join(' ') };
};

/** Every field of a record, in the order of the official list. */
export function fieldsOf(kind: RecordKind, record: CabinetRecord, schoolNames: Cabinet['schoolNames']): RecordField[] {
  const of = (label: string, value: unknown) => ({ label, value: textOf(value) });
  switch (kind) {
    case 'outcome':
      return [
        ...contentFields(kind, record),
        of('認證狀態', outcomeStateNames[record.state as OutcomeState]),
        of('認證教師', record.certifierName),
        of('認證說明', record.certificationRemark),
        of('提交學年期', submittedTermOf(record) || '尚未提交'),
        schoolOf(record, schoolNames),
      ];
    case 'performance':
    case 'cadre':
      return [...contentFields(kind, record), of('提交學年期', submittedTermOf(record) || '尚未提交'), schoolOf(record, schoolNames)];
    case 'consultation':
      return [
        of('學年期', termOf(record)),
        of('諮詢日期', day(record.heldOn)),
        of('諮詢類別', record.kind),
        of('諮詢主題', record.topic),
        of('諮詢教師', record.counselorName),
        of('諮詢地點', record.place),
        of('諮詢內容', record.content),
      ];
    case 'autobiography':
      return [
        of('類別', autobiographyKindNames[record.kind as keyof typeof autobiographyKindNames]),
        of('標題', record.title),
        of('內容', record.content),
      ];
    case 'course':
      return [
        of('學年期', termOf(record)),
        of('課程代碼', record.courseCode),
        of('科目名稱', record.subjectName),
        of('學分數', record.credits),
        of('開課年級', record.grade),
        of('修課方式', courseKindName(record.kind)),
        of('學期學業成績', record.score),
        of('成績及格', record.passed === null ? '' : yesNo(record.passed)),
      ];
  }
}

/** 上傳 → 送出認證 → 認證 → 勾選 → 提交, as far as the record has come. */
export function historyOf(kind: RecordKind, record: CabinetRecord): Happening[] {
  const happenings: Happening[] = [];
  const add = (label: string, at: unknown, detail = '') => {
    if (at) happenings.push({ label, at: String(at), detail });
  };
  if (kind === 'autobiography') add('更新', record.updatedAt);
  else add(kind === 'outcome' || kind === 'performance' ? '上傳' : '建立', record.createdAt, record.transferInId ? '在前一所學校' : '');
  if (kind === 'outcome') {
    add('送出認證', record.sentForCertificationAt);
    const decided = record.state === 'approved' ? '認證通過' : '認證不通過';
    const by = [textOf(record.certifierName), textOf(record.certificationRemark)].filter(Boolean).join('：');
    if (record.state === 'approved' || record.state === 'rejected')
      happenings.push({ label: decided, at: record.certifiedAt ? String(record.certifiedAt) : null, detail: by });
  }
  add('勾選', record.tickedAt);
  const submitted = submittedTermOf(record);
  if (submitted) happenings.push({ label: '提交中央資料庫', at: null, detail: submitted });
  return happenings;
}

export const momentOf = ({ at }: Happening): string => (at ? formatRocDateTime(at) : '');
