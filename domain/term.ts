/**
 * Academic years and terms of Taiwanese schools. A term is written `1091`: academic year 109 (ROC), semester 1.
 * Semester 0 means the whole academic year.
 */
export interface Term {
  academicYear: number;
  semester: 0 | 1 | 2;
}

/** `{109, 1}` → `1091`. */
export function formatTerm(term: { academicYear: number; semester: number }): string {
  return `${term.academicYear}${term.semester}`;
}

/** `1091` → `{109, 1}`; undefined when the text is not a term. */
export function parseTerm(text: string): Term | undefined {
  const match = /^(\d{2,3})([012])$/.exec(text.trim());
  if (!match) return undefined;
  return { academicYear: Number(match[1]), semester: Number(match[2]) as Term['semester'] };
}

/** `{109, 1}` → `109 學年度第 1 學期`; semester 0 → `109 學年度`. */
export function describeTerm(term: { academicYear: number; semester: number }): string {
  return term.semester === 0 ? `${term.academicYear} 學年度` : `${term.academicYear} 學年度第 ${term.semester} 學期`;
}

/**
 * The term a day belongs to: from August the first semester of the new academic year, January still the
 * first, February to July the second (domain.md §5).
 * @param isoDate a calendar day in Asia/Taipei, `2026-11-24`
 */
export function termOfDate(isoDate: string): Term {
  const year = Number(isoDate.slice(0, 4));
  const month = Number(isoDate.slice(5, 7));
  if (month >= 8) return { academicYear: year - 1911, semester: 1 };
  if (month === 1) return { academicYear: year - 1912, semester: 1 };
  return { academicYear: year - 1912, semester: 2 };
}

/** Orders terms by year, then semester. */
export function compareTerms(a: Term, b: Term): number {
  return a.academicYear - b.academicYear || a.semester - b.semester;
}

/**
 * The last day of a term as the law has it: 1091 ends on 2021-01-31, 1092 and the academic year 109 on 2021-07-31
 * (高級中等學校學生學年學期假期辦法).
 * @returns a calendar day in Asia/Taipei
 */
export function lastDayOfTerm({ academicYear, semester }: { academicYear: number; semester: number }): string {
  return `${academicYear + 1912}-${semester === 1 ? '01' : '07'}-31`;
}

/** The term of a year by which its students are listed: the last one that has begun by an instant's day. */
export function lastTermOf(academicYear: number, now: Date): Term {
  // 16:00Z is midnight of Taipei.
  const today = new Date(now.getTime() + 8 * 60 * 60 * 1000).toISOString().slice(0, 10);
  const current = termOfDate(today);
  return current.academicYear === academicYear ? current : { academicYear, semester: 2 };
}
