import { isValidIdentity } from '../../../domain/national-id.ts';
import { formatRocDay, isIsoDay } from '../../../domain/roc-date.ts';
import type { CheckContext } from './check-context.ts';
import type { FindingCode } from './findings.ts';
import type { RosterColumn, RosterSheet } from './layouts.ts';
import type { RosterRecord, RosterValue } from './roster-sources.ts';

/** Tells a finding of a cell. */
export type TellCell = (code: FindingCode, field: string, message: string) => void;

/** More than this is no name of anything: something was pasted into the wrong field. */
const longestText = 255;
const longestAddress = 2000;

// Control characters but tab and line breaks, lone surrogates, and what no font shows.
const unprintable = /[[\p{Cc}\p{Cs}\p{Cn}\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\uFFFC\uFFFD]--[\t\n\r]]/v;

function checkText(column: RosterColumn, text: string, longest: number, tell: TellCell): void {
  if (unprintable.test(text)) tell('field.control', column.title, `「${column.title}」有無法顯示的字元`);
  // A character is one or two units: only a text of more units than that is counted.
  const length = text.length <= longest ? text.length : [...text].length;
  if (length <= longest) return;
  if (column.kind === 'summary') tell('summary.tooLong', column.title, `「${column.title}」${length} 字，超過 ${longest} 字`);
  else tell('field.tooLong', column.title, `「${column.title}」${length} 字，超過 ${longest} 字`);
}

function checkNumber(column: RosterColumn, value: RosterValue, tell: TellCell): void {
  const { title, minimum, maximum, unknown, usual } = column;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    tell('number.invalid', title, `「${title}」不是數字：${String(value).slice(0, 40)}`);
    return;
  }
  if (value === unknown) return;
  if ((minimum !== undefined && value < minimum) || (maximum !== undefined && value > maximum)) {
    const range = [minimum === undefined ? '' : `最小 ${minimum}`, maximum === undefined ? '' : `最大 ${maximum}`]
      .filter(Boolean)
      .join('、');
    tell('number.outside', title, `「${title}」${value} 不合理（${range}）`);
  } else if (usual !== undefined && value > usual) tell('number.unusual', title, `「${title}」${value} 特別大`);
}

/** @param ends of the later day of a period, which may still be to come */
function checkDay({ title }: RosterColumn, value: string, ends: boolean, context: CheckContext, tell: TellCell): void {
  const { today, firstDay, lastDay } = context;
  if (!isIsoDay(value)) tell('day.invalid', title, `「${title}」不是日期：${value.slice(0, 40)}`);
  else if (value > lastDay) tell('day.future', title, `「${title}」${formatRocDay(value)} 在這個學年期之後`);
  else if (value > today && !ends) tell('day.future', title, `「${title}」${formatRocDay(value)} 還沒有到`);
  else if (value < firstDay) tell('day.outside', title, `「${title}」${formatRocDay(value)} 早於這個學年期`);
}

/** Of an age at which nobody goes to a senior high school. */
const youngest = 13;
const oldest = 26;

function checkBirthday({ title }: RosterColumn, value: string, { roster, today }: CheckContext, tell: TellCell): void {
  if (!isIsoDay(value) || value >= today) {
    tell('birthday.invalid', title, `「${title}」不是出生日期：${value.slice(0, 40)}`);
    return;
  }
  const age = roster.scope.academicYear + 1911 - Number(value.slice(0, 4));
  if (age < 5 || age > 99) tell('birthday.invalid', title, `「${title}」${formatRocDay(value)} 不可能是高中學生`);
  else if (age < youngest || age > oldest) tell('birthday.unusual', title, `「${title}」${formatRocDay(value)}，該學年 ${age} 歲`);
}

function checkIdentity({ title }: RosterColumn, record: RosterRecord, { waived }: CheckContext, tell: TellCell): void {
  const { identity, studentId } = record;
  const missing = identity === null || identity === '';
  if (!missing && isValidIdentity(String(identity))) return;
  if (waived.has(String(studentId))) {
    tell('identity.waived', title, missing ? `沒有「${title}」，已略過檢查` : `「${title}」檢查碼不符，已略過檢查`);
  } else if (missing) tell('identity.missing', title, `沒有「${title}」`);
  else tell('identity.invalid', title, `「${title}」格式或檢查碼不正確`);
}

function checkCourseCode(column: RosterColumn, code: string, { courseCodes }: CheckContext, tell: TellCell): void {
  const { title, known } = column;
  if (!/^[0-9A-Z]{23}$/.test(code)) tell('courseCode.malformed', title, `「${title}」不是 23 碼：${code.slice(0, 40)}`);
  else if (known && !courseCodes.has(code)) tell('courseCode.unknown', title, `「${title}」${code} 不在本校的課程中`);
}

/** @param ends whether it is the later day of a period */
function checkCell(column: RosterColumn, record: RosterRecord, ends: boolean, context: CheckContext, tell: TellCell): void {
  const { title, kind, codeTable } = column;
  if (kind === 'identity') {
    checkIdentity(column, record, context, tell);
    return;
  }
  const value = record[column.field];
  if (value === null || value === undefined || (typeof value === 'string' && value.trim() === '')) {
    if (column.required) tell('field.required', title, `「${title}」沒有填寫`);
    return;
  }
  const text = String(value);
  switch (kind) {
    case 'birthday':
      checkBirthday(column, text, context, tell);
      break;
    case 'day':
      checkDay(column, text, ends, context, tell);
      break;
    case 'number':
      checkNumber(column, value, tell);
      break;
    case 'courseCode':
      checkCourseCode(column, text, context, tell);
      break;
    case 'schoolCode':
      if (!/^[0-9A-Z]{6}$/.test(text)) tell('schoolCode.malformed', title, `「${title}」不是 6 碼的學校代碼：${text.slice(0, 40)}`);
      break;
    case 'code': {
      const known = codeTable === undefined ? undefined : context.codes.get(codeTable);
      if (known && !known.has(text)) tell('code.unknown', title, `「${title}」${text.slice(0, 40)} 不在公布的代碼中`);
      break;
    }
    case 'summary':
      checkText(column, text, context.limits.summaryCharacters, tell);
      break;
    default:
      checkText(column, text, kind === 'text' ? longestText : longestAddress, tell);
  }
}

/** Everything that a record's cells say by themselves: the rules of the layout's columns. */
export function checkCells(sheet: RosterSheet, record: RosterRecord, context: CheckContext, tell: TellCell): void {
  for (const column of sheet.columns) {
    const ends = column.kind === 'day' && sheet.order.some(([, later]) => later === column.field);
    checkCell(column, record, ends, context, tell);
  }
  for (const [earlier, later] of sheet.order) {
    const [from, until] = [record[earlier], record[later]];
    if (typeof from === 'string' && typeof until === 'string' && isIsoDay(from) && isIsoDay(until) && until < from) {
      const titleOf = (field: string) => sheet.columns.find((column) => column.field === field)?.title ?? field;
      tell('day.order', titleOf(later), `「${titleOf(later)}」${formatRocDay(until)} 早於「${titleOf(earlier)}」${formatRocDay(from)}`);
    }
  }
}
