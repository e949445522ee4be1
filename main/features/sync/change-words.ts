import type { Sqlite } from '../../../db/connection.ts';
import {
  certificationStageKindNames,
  certifierGroupKindNames,
  operationWindowItemNames,
  temporaryAccountPurposeNames,
} from '../../../domain/office-settings.ts';
import { parameterTitles } from '../../../domain/parameters.ts';
import { formatRocDateTime, formatRocDay } from '../../../domain/roc-date.ts';
import type { ChangedResource } from './contract.ts';

/** A record of a resource, as it lies in the outbox or came from the city. */
export type LooseRecord = Record<string, unknown>;

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
  fields: Readonly<Record<string, Show>>;
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
const fileName =
  (key: string): Show =>
  (record) =>
    (record[key] as { name: string } | null)?.name ?? '';

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
  outcomes: {
    label: (record, names) => `${names.student(record.studentId)} ${term(record, names)} ${record.subjectName}`,
    fields: { 成果簡述: text('summary'), 文件檔案: fileName('document'), 影音檔案: fileName('media') },
  },
  'damaged-files': { label: () => '異常檔案', fields: { 發現時間: moment('foundAt') } },
  performances: {
    label: ({ studentId }, names) => `${names.student(studentId)}的多元表現`,
    fields: { 內容簡述: text('summary'), 文件檔案: fileName('document'), 影音檔案: fileName('media') },
  },
  cadres: {
    label: ({ studentId }, names) => `${names.student(studentId)}的校內幹部經歷`,
    fields: { 單位名稱: text('unitName'), 擔任職務: text('positionName'), 開始日期: day('startsOn'), 結束日期: day('endsOn') },
  },
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
    return {
      label: shown ? label({ ...shown, id }, names) : '',
      fields: Object.entries(fields).map(([title, show]) => {
        const [ours, others] = [mine, theirs].map((side) => (side ? show({ ...side, id }, names) : null));
        return { label: title, mine: ours ?? null, theirs: others ?? null, differs: ours !== others };
      }),
    };
  };
}
