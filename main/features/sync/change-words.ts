import type { Sqlite } from '../../../db/connection.ts';
import { groupMd5 } from '../../../domain/md5-text.ts';
import {
  certificationStageKindNames,
  certifierGroupKindNames,
  operationWindowItemNames,
  temporaryAccountPurposeNames,
} from '../../../domain/office-settings.ts';
import { parameterTitles } from '../../../domain/parameters.ts';
import { neverSubmitted, type OutcomeState, outcomeStateNames } from '../../../domain/portfolio.ts';
import {
  contentFields,
  type LooseRecord,
  type PortfolioRecordKind,
  type RecordField,
  recordTitle,
  termOf,
  textOf,
} from '../../../domain/record-fields.ts';
import { formatRocDateTime, formatRocDay } from '../../../domain/roc-date.ts';
import type { ChangedResource } from './contract.ts';

/** Names behind ids. */
interface Names {
  teacher: (id: unknown) => string;
  classSection: (id: unknown) => string;
  student: (id: unknown) => string;
  certifierGroup: (id: unknown) => string;
}

type Show = (record: LooseRecord, names: Names) => string;
interface Words {
  /** The record in a few words. */
  label: Show;
  /** By heading; of a portfolio's records the headings follow from the record. */
  fields: Readonly<Record<string, Show>> | ((record: LooseRecord) => readonly RecordField[]);
}

const text =
  (key: string): Show =>
  (record) =>
    record[key] === null || record[key] === undefined ? '' : String(record[key]);
const yesNo =
  (key: string): Show =>
  (record) =>
    record[key] ? '是' : '否';
const day =
  (key: string): Show =>
  (record) =>
    formatRocDay(String(record[key]));
const moment =
  (key: string): Show =>
  (record) =>
    formatRocDateTime(String(record[key]));
const choice =
  (key: string, words: Readonly<Record<string, string>>): Show =>
  (record) =>
    words[String(record[key])] ?? String(record[key]);
const term: Show = ({ academicYear, semester }) => `${academicYear}${semester}`;
const fileOf = (file: unknown): string => {
  const known = file as { name: string; md5: string } | null | undefined;
  // Two files of one name are told apart by what is in them.
  return known ? `${known.name}（MD5 ${groupMd5(known.md5)}）` : '';
};

const resourcesKind = { outcome: '課程學習成果', performance: '多元表現', cadre: '校內幹部經歷' } as const;

function portfolioWords(kind: PortfolioRecordKind): Words {
  const fields = (record: LooseRecord) => [
    ...contentFields(kind, record),
    ...(kind === 'cadre'
      ? []
      : [
          { label: '文件檔案', value: fileOf(record.document) },
          { label: '影音檔案', value: fileOf(record.media) },
        ]),
    ...(kind === 'outcome'
      ? [
          { label: '認證狀態', value: outcomeStateNames[record.state as OutcomeState] },
          { label: '認證教師', value: textOf(record.certifierName) },
        ]
      : []),
    ...(kind === 'cadre' ? [] : [{ label: '勾選時間', value: formatRocDateTime(record.tickedAt as string | null) }]),
    { label: '提交學年期', value: record.submittedTerm === neverSubmitted ? '' : textOf(record.submittedTerm) },
  ];
  return {
    label: (record, names) => `${names.student(record.studentId)} ${resourcesKind[kind]} ${termOf(record)} ${recordTitle(kind, record)}`,
    fields,
  };
}

const words: Record<ChangedResource, Words> = {
  'school-terms': {
    label: (record, names) => `學年期 ${term(record, names)}`,
    fields: { 目前學年期: yesNo('current'), 提供選用: yesNo('offered') },
  },
  parameters: { label: choice('id', parameterTitles), fields: { 數量: text('value') } },
  'operation-windows': {
    label: (record, names) => `${term(record, names)} ${operationWindowItemNames[record.item as keyof typeof operationWindowItemNames]}`,
    fields: { 開始日期: day('startsOn'), '開始時間(時)': text('startHour'), 結束日期: day('endsOn'), '結束時間(時)': text('endHour') },
  },
  'course-counselors': {
    label: (record, names) => `${term(record, names)} ${names.classSection(record.classId)}課程諮詢教師`,
    fields: { 教師姓名: ({ teacherId }, names) => names.teacher(teacherId), 班級: ({ classId }, names) => names.classSection(classId) },
  },
  'certifier-groups': {
    label: (record) => `${certifierGroupKindNames[record.kind as keyof typeof certifierGroupKindNames]} ${record.name}`,
    fields: {
      名稱: text('name'),
      已選教職員: ({ teacherIds }, names) => (teacherIds as string[]).map(names.teacher).sort().join('、'),
    },
  },
  'certification-stages': {
    label: ({ position }) => `認證順序 階段 ${position}`,
    fields: {
      階段: text('position'),
      認證身分: choice('kind', certificationStageKindNames),
      自訂群組: ({ certifierGroupId }, names) => names.certifierGroup(certifierGroupId),
    },
  },
  'deputy-certifiers': {
    label: ({ teacherId }, names) => `${names.teacher(teacherId)}的代理認證教師`,
    fields: {
      代理教師: ({ deputyId }, names) => names.teacher(deputyId),
      開始日期: day('startsOn'),
      結束日期: day('endsOn'),
      事由: text('reason'),
    },
  },
  'temporary-accounts': {
    label: ({ studentId }, names) => `${names.student(studentId)}的臨時帳號`,
    fields: {
      用途: choice('purpose', temporaryAccountPurposeNames),
      狀態: choice('status', { open: '使用中', disabled: '已停用' }),
      開通時間: moment('opensAt'),
      到期時間: moment('expiresAt'),
    },
  },
  'teaching-assignments': {
    label: (record, names) => `${term(record, names)} ${names.classSection(record.classId)} ${record.courseName}`,
    fields: {
      可以認證的教師: ({ teachers }, names) =>
        (teachers as { teacherId: string; reviewer: boolean }[])
          .filter(({ reviewer }) => reviewer)
          .map(({ teacherId }) => names.teacher(teacherId))
          .join('、'),
    },
  },
  outcomes: portfolioWords('outcome'),
  'damaged-files': { label: () => '異常檔案', fields: { 發現時間: moment('foundAt') } },
  performances: portfolioWords('performance'),
  cadres: portfolioWords('cadre'),
};

function namesIn(sqlite: Sqlite): Names {
  const lookup = (sql: string) => {
    const statement = sqlite.prepare<[unknown], string>(sql).pluck();
    return (id: unknown) => (id === null || id === undefined ? '' : (statement.get(id) ?? '（查無資料）'));
  };
  return {
    teacher: lookup('select name from teachers where id = ?'),
    classSection: lookup('select name from class_sections where id = ?'),
    student: lookup("select student_number || ' ' || name from students where id = ?"),
    certifierGroup: lookup('select name from certifier_groups where id = ?'),
  };
}

/** Both sides of a change in words. A side that is null has no such record (any more). */
export function changeWords(sqlite: Sqlite) {
  const names = namesIn(sqlite);
  return (resource: ChangedResource, id: string, mine: LooseRecord | null, theirs: LooseRecord | null) => {
    const { label, fields } = words[resource];
    const shown = mine ?? theirs;
    if (!shown) return { label: '', fields: [] };
    const inWords = (side: LooseRecord): readonly RecordField[] => {
      const record = { ...side, id };
      return typeof fields === 'function'
        ? fields(record)
        : Object.entries(fields).map(([title, show]) => ({ label: title, value: show(record, names) }));
    };
    const [ours, others] = [mine, theirs].map((side) => (side ? inWords(side) : null));
    return {
      label: label({ ...shown, id }, names),
      fields: (ours ?? others ?? []).map(({ label: title }, index) => {
        const [one, other] = [ours?.[index]?.value ?? null, others?.[index]?.value ?? null];
        return { label: title, mine: one, theirs: other, differs: one !== other };
      }),
    };
  };
}
