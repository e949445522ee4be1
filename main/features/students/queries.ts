import type { z } from 'zod';
import type { Sqlite } from '../../../db/connection.ts';
import type { GridSource } from '../../../db/grid-query.ts';
import { leftWithoutFile } from '../transfer-cases/service.ts';
import type { students } from './contract.ts';

type ListInput = z.output<(typeof students)['operations']['list']['input']>;
type Found = z.output<(typeof students)['operations']['find']['output']>['rows'][number];

/** `R2****1437`, as domain/national-id.ts masks it. */
const maskedIdentity = `case when length(s.identity) < 7 then '*******' else substr(s.identity, 1, 2) || '****' || substr(s.identity, -4) end`;

/**
 * The student list: everyone the school has a portfolio of, but graduates, with the newest class. A list shows
 * identities masked; its filter takes the whole one.
 */
export function studentSource({ grade, classCode, numberFrom, numberTo }: Partial<ListInput> = {}): GridSource {
  const conditions = ["s.status <> 'graduated'", 's.deleted_at is null'];
  const parameters: Record<string, string | number> = {};
  const given = (condition: string, name: string, value: string | number | undefined) => {
    const bound = typeof value === 'string' ? value.normalize('NFKC').trim() : value;
    if (bound === undefined || bound === '') return;
    conditions.push(condition);
    parameters[name] = bound;
  };
  given('s.current_grade = @grade', 'grade', grade);
  given('c.code = @classCode', 'classCode', classCode);
  given('s.student_number >= @numberFrom', 'numberFrom', numberFrom);
  given('s.student_number <= @numberTo', 'numberTo', numberTo);
  return {
    from: 'students s left join class_sections c on c.id = s.current_class_id',
    where: conditions.join(' and '),
    parameters,
    columns: {
      id: 's.id',
      grade: 's.current_grade',
      className: 'c.name',
      seatNumber: 's.current_seat_number',
      studentNumber: 's.student_number',
      name: 's.name',
      identity: maskedIdentity,
      status: 's.status',
      withoutFile: leftWithoutFile,
    },
    filterBy: { identity: 's.identity' },
    // The school's order of classes, and the index students_by_class.
    sortBy: { className: 's.current_class_sort_key, s.current_seat_number', identity: 's.identity' },
    tieBreaker: 's.student_number',
  };
}

/**
 * By any part of name, student number, identity or class. Reads the students' table through, which at 4,000 rows
 * costs less than keeping an index of every part; numbers and names that begin with the text come first.
 */
export const findStatement = `
  select s.id, s.student_number as studentNumber, s.name, coalesce(c.name, '') as className,
    s.current_seat_number as seatNumber, s.status
  from students s left join class_sections c on c.id = s.current_class_id
  where s.deleted_at is null
    and (instr(lower(s.student_number), @text) or instr(lower(s.name), @text) or instr(lower(s.identity), @text)
      or instr(lower(c.name), @text))
  order by s.status = 'graduated', not (lower(s.student_number) = @text or lower(s.name) = @text),
    not (instr(lower(s.student_number), @text) = 1 or instr(lower(s.name), @text) = 1),
    s.current_class_sort_key, s.current_seat_number, s.student_number
  limit 20`;

/**
 * Full-width letters and digits as an input method leaves them, to half width and small. Not NFKC: that would also turn
 * the compatibility ideographs of some names into others.
 */
function typed(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    .trim();
}

export function findStudents(sqlite: Sqlite, text: string): Found[] {
  const sought = typed(text);
  if (sought === '') return [];
  return sqlite.prepare(findStatement).all({ text: sought }) as Found[];
}
