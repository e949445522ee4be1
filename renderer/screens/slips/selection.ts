import type { SlipSelection } from '../../../main/features/slips/contract.ts';

/** The form as the clerk has filled it so far; a blank end of a range is open. */
export interface SlipForm {
  grade: number | null;
  classFrom: string;
  classTo: string;
  numberFrom: string;
  numberTo: string;
  currentYear: boolean;
  /** ISO day. */
  dueDate: string | null;
  remarks: string;
}

export type SlipField = 'grade' | 'classTo' | 'numberTo';
export type SlipProblems = Partial<Record<SlipField, string>>;

/** What is missing or upside down, by field, in words for below the field; the due date says itself what is wrong with it. */
export function problemsOf(form: SlipForm): SlipProblems {
  const problems: SlipProblems = {};
  if (form.grade === null) problems.grade = '請選擇年級';
  if (upsideDown(form.classFrom, form.classTo)) problems.classTo = '班級代碼的起訖顛倒了';
  if (upsideDown(form.numberFrom, form.numberTo)) problems.numberTo = '學號的起訖顛倒了';
  return problems;
}

/** Which slips the form asks for; null while something is missing. */
export function selectionOf(form: SlipForm): SlipSelection | null {
  if (form.grade === null || form.dueDate === null || Object.keys(problemsOf(form)).length > 0) return null;
  return {
    grade: form.grade,
    ...given('classFrom', form.classFrom),
    ...given('classTo', form.classTo),
    ...given('numberFrom', form.numberFrom),
    ...given('numberTo', form.numberTo),
    currentYear: form.currentYear,
    dueDate: form.dueDate,
    remarks: form.remarks,
  };
}

function given<Key extends string>(key: Key, typed: string): Partial<Record<Key, string>> {
  const text = typed.normalize('NFKC').trim();
  return text === '' ? {} : ({ [key]: text } as Partial<Record<Key, string>>);
}

function upsideDown(from: string, to: string): boolean {
  const [first, last] = [from.normalize('NFKC').trim(), to.normalize('NFKC').trim()];
  return first !== '' && last !== '' && first > last;
}
