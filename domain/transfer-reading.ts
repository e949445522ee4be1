import { documentTransferKeys, type PerformanceDetails, type PerformanceField, performanceFields } from './performance-fields.ts';
import { neverSubmitted, type OutcomeState, outcomeStateNames, performanceCategories } from './portfolio.ts';
import { instantOfTaipei } from './roc-date.ts';
import { formatTerm, parseTerm } from './term.ts';
import {
  transferKeys as keys,
  type TransferCadre,
  type TransferLink,
  type TransferOutcome,
  type TransferPerformance,
  type TransferStudent,
  unknownUnitCode,
} from './transfer-content.ts';
import { readDay, readInstant } from './written-date.ts';

/**
 * Reads one student of a transfer file, as generously as other vendors' systems need: keys in any order, unknown keys
 * kept, missing and null optional values, numbers as strings, days and flags in several forms. Pure.
 */

/** Something in the content that cannot be understood. `where` names keys and positions, never a value. */
export class TransferContentError extends Error {
  readonly where: string;
  readonly fault: 'unreadable' | 'otherStudent';
  constructor(where: string, fault: TransferContentError['fault'] = 'unreadable') {
    super(`cannot read ${where}`);
    this.name = 'TransferContentError';
    this.where = where;
    this.fault = fault;
  }
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const longestText = 4000;

/** One object of the file: values by key, and which keys nobody asked for. */
class Source {
  readonly where: string;
  readonly #values: Json;
  readonly #asked = new Set<string>();

  constructor(values: unknown, where: string) {
    if (!isObject(values)) throw new TransferContentError(where);
    this.#values = values;
    this.where = where;
  }

  /** The first of several spellings that has a value; null, undefined and blank text count as none. */
  raw(...names: string[]): unknown {
    for (const name of names) this.#asked.add(name);
    for (const name of names) {
      const value = this.#values[name];
      if (value !== undefined && value !== null && !(typeof value === 'string' && value.trim() === '')) return value;
    }
    return undefined;
  }

  fail(name: string): never {
    throw new TransferContentError(`${this.where}.${name}`);
  }

  text(...names: string[]): string {
    const value = this.raw(...names);
    if (value === undefined) return '';
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') this.fail(names[0]!);
    // Old systems fill columns of fixed length with NUL; it means nothing.
    const text = String(value).replaceAll('\0', '');
    return text.length > longestText ? this.fail(names[0]!) : text;
  }

  required(...names: string[]): string {
    return this.text(...names).trim() || this.fail(names[0]!);
  }

  optional(...names: string[]): string | null {
    return this.text(...names) || null;
  }

  number(...names: string[]): number | null {
    const text = this.text(...names).trim();
    if (text === '') return null;
    const value = Number(text.normalize('NFKC').replaceAll(',', ''));
    return Number.isFinite(value) ? value : this.fail(names[0]!);
  }

  whole(fallback: number, ...names: string[]): number {
    const value = this.number(...names) ?? fallback;
    return Number.isSafeInteger(value) ? value : this.fail(names[0]!);
  }

  flag(...names: string[]): boolean {
    const text = this.text(...names)
      .normalize('NFKC')
      .trim();
    if (/^(true|t|1|y|yes|v|是|有|✓|✔|○)$/i.test(text)) return true;
    return /^(false|f|0|n|no|x|否|無|-|)$/i.test(text) ? false : this.fail(names[0]!);
  }

  day(...names: string[]): string | null {
    const day = readDay(this.text(...names));
    return day === undefined ? this.fail(names[0]!) : day;
  }

  instant(...names: string[]): string | null {
    const instant = readInstant(this.text(...names));
    return instant === undefined ? this.fail(names[0]!) : instant;
  }

  term(...names: string[]): string | null {
    const text = this.text(...names)
      .normalize('NFKC')
      .replace(/[\s/.-]|學年度?|第|學期/g, '');
    if (/^0*$/.test(text)) return null;
    const term = parseTerm(text);
    return term ? formatTerm(term) : this.fail(names[0]!);
  }

  link(linkName: string, md5Name: string): TransferLink | null {
    const path = this.text(linkName)
      .replaceAll('\\', '/')
      .replace(/^\.?\//, '');
    const md5 = this.text(md5Name).trim();
    return path === '' ? null : { path, md5 };
  }

  list(...names: string[]): unknown[] {
    const value = this.raw(...names) ?? [];
    return Array.isArray(value) ? value : this.fail(names[0]!);
  }

  /** Adds what nobody asked for, by its place. */
  keepUnknown(unknown: Json): void {
    for (const [name, value] of Object.entries(this.#values)) {
      if (!this.#asked.has(name) && value !== null) unknown[`${this.where}.${name}`] = value;
    }
  }
}

/** What records share with their student. */
interface Shared {
  identity: string;
  birthDate: string;
  schoolCode: string;
  academicYear: number;
  semester: number;
}

function schoolCodeOf(source: Source, fallback: string | undefined, ...names: string[]): string {
  const code = (source.text(...names).trim() || (fallback ?? '')).normalize('NFKC').toUpperCase();
  return /^[0-9A-Z]{6}$/.test(code) ? code : source.fail(names[0]!);
}

const unitCode = (text: string | null) => (text === unknownUnitCode ? null : text);

/** A record of another person inside a student's is a mistake that must not be imported. */
function ownedBy(source: Source, shared: Shared): void {
  const identity = source.text(keys.identity).normalize('NFKC').trim().toUpperCase();
  if (identity !== '' && identity !== shared.identity) throw new TransferContentError(`${source.where}.${keys.identity}`, 'otherStudent');
  source.raw(keys.birthDate);
}

/** First day of a term: stands for a creation time that the sender left out, so that reading twice gives the same. */
function startOfTerm(academicYear: number, semester: number): string {
  return instantOfTaipei(semester === 2 ? `${academicYear + 1912}-02-01` : `${academicYear + 1911}-08-01`).toISOString();
}

function recordFields(source: Source, shared: Shared, school: string[], unit: string[], year: string, semester: string, created: string[]) {
  ownedBy(source, shared);
  const academicYear = source.whole(shared.academicYear, year);
  const termSemester = source.whole(shared.semester, semester);
  if (academicYear < 80 || academicYear > 200) source.fail(year);
  if (termSemester < 0 || termSemester > 2) source.fail(semester);
  return {
    sourceSchoolCode: schoolCodeOf(source, shared.schoolCode, ...school),
    sourceUnitCode: unitCode(source.optional(...unit)),
    academicYear,
    semester: termSemester,
    createdAt: source.instant(...created) ?? startOfTerm(academicYear, termSemester),
    submittedTerm: source.term(keys.submittedTerm, '提交紀錄') ?? neverSubmitted,
  };
}

/** 認證狀態 has no published code table; our own words, and what the words of others plainly mean. */
function certificationState(text: string): OutcomeState {
  const ours = (Object.entries(outcomeStateNames) as [OutcomeState, string][]).find(([, name]) => name === text);
  if (ours) return ours[0];
  if (/不通過|未通過|退回|失敗|拒絕/.test(text)) return 'rejected';
  if (/未送|未認證|草稿/.test(text) || text === '' || text === '0') return 'draft';
  if (/待|審核中|認證中|送審|送出/.test(text)) return 'pending';
  return /通過|已認證|成功|完成|^1$|^Y$/i.test(text) ? 'approved' : 'draft';
}

function readOutcome(value: unknown, where: string, shared: Shared, unknown: Json): TransferOutcome {
  const source = new Source(value, where);
  const fields = recordFields(source, shared, ['修課學校代碼'], ['修課單位代碼'], '應修課學年度', '應修課學期', [
    '建立日期及時間',
    '建立日期',
  ]);
  const outcome: TransferOutcome = {
    ...fields,
    courseCode: source.text('課程代碼'),
    subjectName: source.text('科目名稱'),
    credits: source.number('學分數') ?? 0,
    grade: source.whole(0, '開課年級'),
    courseSemester: source.whole(fields.semester, '開課學期'),
    exchange: source.flag('是否為借讀生時的課程學習成果'),
    retake: source.flag('是否為重修時的課程學習成果'),
    retakeTerm: source.term('重修學年度及學期'),
    retakeMethod: source.optional('重修方式'),
    makeup: source.flag('是否為補修時的課程學習成果'),
    makeupTerm: source.term('補修學年度及學期'),
    makeupMethod: source.optional('補修方式'),
    repeat: source.flag('是否為重讀時的課程學習成果'),
    repeatTerm: source.term('重讀學年度及學期'),
    beforeTransfer: source.flag('是否為轉學轉科前的課程學習成果'),
    document: source.link('課程學習成果文件檔案連結', '文件檔案MD5'),
    media: source.link('課程學習成果影音檔案連結', '影音檔案MD5'),
    summary: source.text('課程學習成果簡述'),
    state: certificationState(source.text('認證狀態').trim()),
    uploadedTerm: source.term('本課程學習成果上傳學年度及學期') ?? formatTerm(fields),
    certifiedAt: source.instant('認證時間'),
    certifierName: source.optional('認證教師'),
    certificationRemark: source.optional('認證說明'),
    sentForCertificationAt: source.instant('送審時間'),
  };
  source.keepUnknown(unknown);
  return outcome;
}

function fieldValue(source: Source, { transferKey, title, kind }: PerformanceField): string | number | null {
  if (kind === 'day') return source.day(transferKey, title);
  // -1, not known, stays as it is: the ministry's own rosters keep it so (domain.md §1.1).
  return kind === 'number' ? source.number(transferKey, title) : source.optional(transferKey, title);
}

function readPerformance(
  category: TransferPerformance['category'],
  value: unknown,
  where: string,
  shared: Shared,
  unknown: Json,
): TransferPerformance {
  const source = new Source(value, where);
  const fields = recordFields(source, shared, [keys.schoolCode], [keys.unitCode], keys.academicYear, keys.semester, [
    keys.createdAt,
    '建立日期及時間',
  ]);
  const details: PerformanceDetails = {};
  for (const field of performanceFields[category]) details[field.key] = fieldValue(source, field);
  const document = documentTransferKeys(category);
  const performance: TransferPerformance = {
    ...fields,
    category,
    details,
    summary: source.text(keys.summary),
    document: source.link(document.link, document.md5),
    media: source.link(keys.mediaLink, keys.mediaMd5),
    externalLink: source.optional(keys.externalLink),
    uploadedTerm: source.term(keys.uploadedTerm) ?? formatTerm(fields),
  };
  source.keepUnknown(unknown);
  return performance;
}

function readCadre(value: unknown, where: string, shared: Shared, unknown: Json): TransferCadre {
  const source = new Source(value, where);
  const fields = recordFields(
    source,
    shared,
    ['擔任學校幹部期間就讀學校代碼', keys.schoolCode],
    ['擔任學校幹部期間就讀單位代碼', keys.unitCode],
    keys.academicYear,
    keys.semester,
    [keys.createdAt],
  );
  const startsOn = source.day('開始日期') ?? source.fail('開始日期');
  const cadre: TransferCadre = {
    ...fields,
    unitName: source.text('單位名稱'),
    positionName: source.text('擔任職務名稱', '擔任職務'),
    levelCode: source.text('幹部等級代碼', '幹部等級'),
    startsOn,
    endsOn: source.day('結束日期') ?? startsOn,
  };
  source.keepUnknown(unknown);
  return cadre;
}

function readPerformances(student: Source, shared: Shared, unknown: Json): TransferPerformance[] {
  const value = student.raw(keys.performances);
  if (value === undefined) return [];
  const source = new Source(value, `${student.where}.${keys.performances}`);
  const performances = performanceCategories.flatMap(({ category, transferKey, title }) =>
    source
      .list(transferKey, title)
      .map((record, index) => readPerformance(category, record, `${source.where}.${transferKey}[${index}]`, shared, unknown)),
  );
  source.keepUnknown(unknown);
  return performances;
}

/** Whether a JSON value looks like the student list of a transfer file: a file is known by what it is, not by its name. */
export function isTransferContent(value: unknown): value is Json[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => isObject(item) && isObject(item[keys.basics]));
}

/**
 * @param position of the student in the file, from 0
 * @param fileSchoolCode the sender by the file's name, for a student without one
 * @returns the student, and what of the object this version does not know, by its place
 * @throws TransferContentError
 */
export function readTransferStudent(
  value: unknown,
  position: number,
  fileSchoolCode?: string,
): { student: TransferStudent; unknown: Json } {
  const unknown: Json = {};
  const source = new Source(value, `[${position}]`);
  const basics = new Source(source.raw(keys.basics), `[${position}].${keys.basics}`);
  const schoolCode = schoolCodeOf(basics, fileSchoolCode, keys.schoolCode);
  const shared: Shared = {
    schoolCode,
    identity: basics.required(keys.identity).normalize('NFKC').trim().toUpperCase(),
    birthDate: basics.day(keys.birthDate) ?? basics.fail(keys.birthDate),
    academicYear: basics.whole(0, keys.academicYear),
    semester: basics.whole(0, keys.semester),
  };
  const records = <Item>(list: unknown[], where: string, read: (value: unknown, where: string, shared: Shared, unknown: Json) => Item) =>
    list.map((record, index) => read(record, `[${position}].${where}[${index}]`, shared, unknown));
  const student: TransferStudent = {
    ...shared,
    unitCode: unitCode(basics.optional(keys.unitCode)),
    name: basics.required(keys.name, '學生姓名', '姓名'),
    cadres: records([...basics.list(keys.cadres), ...source.list(keys.cadres)], keys.cadres, readCadre),
    outcomes: records(source.list(keys.outcomes, '課程學習成果'), keys.outcomes, readOutcome),
    performances: readPerformances(source, shared, unknown),
  };
  basics.keepUnknown(unknown);
  source.keepUnknown(unknown);
  return { student, unknown };
}
