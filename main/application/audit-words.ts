import type { Sqlite } from '../../db/sqlite.ts';

const identity = /[A-Z][A-D1289]\d{8}/gi;

/**
 * A summary without what looks like an identity number, and without name, number and account of the students that its entry is about: declarations
 * put none there, but a clerk types reasons. Ids stay, which say nothing without the register.
 */
export function struckOut(sqlite: Sqlite, summary: string, studentIds: readonly string[]): string {
  let words = summary.replace(identity, '［證號］');
  const find = sqlite.prepare<[string], { name: string; number: string; account: string | null }>(
    'select name, student_number as number, account from students where id = ?',
  );
  for (const id of studentIds) {
    const student = find.get(id);
    if (!student) continue;
    for (const known of [student.account, student.number, student.name]) if (known) words = words.replaceAll(known, '［學生］');
  }
  return words;
}
