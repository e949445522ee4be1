import { type CommandArguments, type OptionDeclarations, UsageError } from '../arguments.ts';

/** The options that describe a trial school. */
export const schoolOptions: OptionDeclarations = { students: 'value', years: 'value', seed: 'value', school: 'value' };

export const trialSchoolCode = '999999';
const defaultStudents = 360;
const defaultYears = 3;

/** @throws UsageError for a school code or a size the generator does not make */
export function readSchoolOptions(read: CommandArguments) {
  const schoolCode = read.text('school') ?? trialSchoolCode;
  if (!/^[0-9A-Z]{6}$/.test(schoolCode)) throw new UsageError('--school 要是六碼的學校代碼（數字與大寫字母）。');
  return {
    students: read.integer('students', { min: 1, max: 5000 }) ?? defaultStudents,
    years: read.integer('years', { min: 1, max: 6 }) ?? defaultYears,
    seed: read.integer('seed', { min: 0, max: 999_999_999 }) ?? 1,
    schoolCode,
    schoolName: schoolCode === trialSchoolCode ? '測試高中' : `試用${schoolCode}高中`,
  };
}
