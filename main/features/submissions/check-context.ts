import type { Sqlite } from '../../../db/connection.ts';
import { type Limits, limitsOf } from '../../../domain/limits.ts';
import { addDays, taipeiDay } from '../../../domain/roc-date.ts';
import { lastDayOfTerm } from '../../../domain/term.ts';
import type { Roster } from './layouts.ts';
import type { RosterSchool } from './roster-sources.ts';

/** What a roster is checked against, read once. */
export interface CheckContext {
  roster: Roster;
  school: RosterSchool;
  limits: Limits;
  /** ISO day of Taipei. */
  today: string;
  /** Course codes of the school's own offerings, of any year. */
  courseCodes: ReadonlySet<string>;
  /** Codes in force, by the city's table; a table the city has not published is absent. */
  codes: ReadonlyMap<string, ReadonlySet<string>>;
  /** Students whose identity the office vouches for. */
  waived: ReadonlySet<string>;
  /** `student id/course code` of every course record. */
  coursesTaken: ReadonlySet<string>;
  /** First and last day in which what the roster tells of usually happens: its year, or the cadres' term. */
  firstDay: string;
  lastDay: string;
  /** Who left before this day left while school was on; who moved in the summer was here for the whole year. */
  schoolEnds: string;
  /** 提交期限, where the city has published one. */
  window: { startsOn: string; endsOn: string } | undefined;
}

/** The city's submission window of a roster: of its own 梯次. */
export function submissionWindow(
  sqlite: Sqlite,
  { kind, academicYear, semester, batch }: Roster['scope'],
): { startsOn: string; endsOn: string } | undefined {
  return sqlite
    .prepare<[string, number, number, string], { startsOn: string; endsOn: string }>(
      `select starts_on as startsOn, ends_on as endsOn from city_windows
       where purpose = 'submission' and kind = ? and academic_year = ? and semester = ? and batch = ? and deleted_at is null
       order by ends_on desc limit 1`,
    )
    .get(kind, academicYear, semester, batch);
}

/** Freshmen begin a few weeks before the first of August of their year: camps and cadre training. */
const daysBefore = 62;

/** Days from the end of lessons to the last day of a term as the law has it, at most. */
const holidays = 31;

export function checkContext(sqlite: Sqlite, roster: Roster, school: RosterSchool, now: Date): CheckContext {
  const { kind, academicYear, semester } = roster.scope;
  const texts = (sql: string, ...parameters: (string | number)[]) =>
    sqlite
      .prepare<unknown[], string>(sql)
      .pluck()
      .all(...parameters);
  const codes = new Map<string, Set<string>>();
  const rows = sqlite
    .prepare<[number], { table: string; code: string }>(
      'select code_table as "table", code from codes where valid_from_year <= ? and deleted_at is null',
    )
    .all(academicYear);
  for (const { table, code } of rows) {
    const known = codes.get(table);
    if (known) known.add(code);
    else codes.set(table, new Set([code]));
  }
  const outcomes = kind === 'outcomes';
  return {
    roster,
    school,
    limits: limitsOf(academicYear),
    today: taipeiDay(now),
    courseCodes: new Set(outcomes ? texts('select distinct course_code from course_offerings where deleted_at is null') : []),
    codes,
    waived: new Set(texts('select student_id from identity_waivers')),
    coursesTaken: new Set(
      outcomes
        ? texts(
            "select student_id || '/' || course_code from course_records where academic_year between ? and ? and deleted_at is null",
            academicYear - 3,
            academicYear,
          )
        : [],
    ),
    firstDay: addDays(semester === 2 ? `${academicYear + 1912}-02-01` : `${academicYear + 1911}-08-01`, -daysBefore),
    lastDay: addDays(lastDayOfTerm({ academicYear, semester }), daysBefore / 2),
    schoolEnds: addDays(lastDayOfTerm({ academicYear, semester }), -holidays),
    window: submissionWindow(sqlite, roster.scope),
  };
}
