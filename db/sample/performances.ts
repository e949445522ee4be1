import { tickLimits } from '../../domain/limits.ts';
import { type PerformanceDetails, performanceFields, performanceTitle } from '../../domain/performance-fields.ts';
import { neverSubmitted, type PerformanceCategory, performanceCategories } from '../../domain/portfolio.ts';
import { formatTerm } from '../../domain/term.ts';
import type { DraftOf } from '../../main/central/resources.ts';
import { attach } from './attachments.ts';
import { dayIn, daysAfter, daysBetween, earlier, instantOn, type Span } from './calendar.ts';
import { type Made, submissionTerm, tickedAt, ticksOf } from './outcomes.ts';
import { Random, stream } from './random.ts';
import type { AttendedTerm, Register, SampleStudent } from './register.ts';
import {
  advancedCourses,
  awards,
  certificates,
  clubs,
  competitions,
  flexible,
  groupActivities,
  insights,
  others,
  posts,
  reflections,
  services,
  workplaces,
  works,
} from './words/performances.ts';

type Performance = DraftOf<'performances'>;

/** How often students keep each category: service and competitions much, courses of universities seldom. */
const categoryWeights: readonly (readonly [PerformanceCategory, number])[] = [
  [4, 24],
  [2, 14],
  [3, 13],
  [1, 12],
  [10, 12],
  [6, 9],
  [5, 8],
  [8, 5],
  [7, 2],
  [9, 1],
];

/**
 * Invents the official fields of a performance.
 * @param span days in which it happened
 */
export function inventPerformance(
  random: Random,
  category: PerformanceCategory,
  span: Span,
): { details: PerformanceDetails; summary: string } {
  const details = inventDetails(random, category, span);
  // Every official field stands in every record, empty or not, in the official order.
  const ordered: PerformanceDetails = Object.fromEntries(performanceFields[category].map(({ key }) => [key, details[key] ?? null]));
  return { details: ordered, summary: `${performanceTitle(category, ordered)}：${random.pick(reflections)}${random.pick(insights)}` };
}

function inventDetails(random: Random, category: PerformanceCategory, span: Span): PerformanceDetails {
  const day = dayIn(random, span);
  const upTo = (days: number) => {
    return earlier(daysAfter(day, random.between(0, days)), span.to);
  };
  switch (category) {
    case 1:
      return {
        unitName: random.pick(clubs),
        startsOn: span.from,
        endsOn: span.to,
        positionName: random.pick(posts),
        levelCode: random.weighted([
          ['2', 60],
          ['3', 32],
          ['1', 8],
        ]),
      };
    case 2: {
      const { name, group, level } = random.pick(competitions);
      return {
        competitionName: name,
        levelCode: level,
        award: random.pick(awards),
        announcedOn: day,
        group,
        participationCode: random.chance(0.6) ? '1' : '2',
      };
    }
    case 3: {
      const { code, type, group, scored, items } = random.pick(certificates);
      const number = `${random.between(100, 999)}${String(random.between(0, 999_999)).padStart(6, '0')}`;
      // −1 is what the ministry's rosters hold where a certificate has no score (domain.md §1.1).
      return {
        certificateCode: code,
        certificateTypeCode: type,
        score: scored ? random.between(...scored) : -1,
        obtainedOn: day,
        itemResults: items,
        certificateNumber: number,
        group,
      };
    }
    case 4: {
      const { name, unit } = random.pick(services);
      // Usually a few hours; unknown hours are −1 (transfer-format.md).
      return {
        serviceName: name,
        unitName: unit,
        startsOn: day,
        endsOn: upTo(45),
        hours: random.chance(0.02)
          ? -1
          : random.weighted([
              [2, 24],
              [3, 16],
              [4, 22],
              [6, 12],
              [8, 14],
              [16, 7],
              [24, 3],
              [36, 2],
            ]),
      };
    }
    case 5: {
      const { code, name, unit } = random.pick(flexible);
      return {
        kindCode: code,
        contentName: name,
        unitName: unit,
        weeklyPeriods: random.weighted([
          [1, 40],
          [2, 52],
          [3, 8],
        ]),
        weeks: random.pick([6, 8, 9, 12, 18]),
      };
    }
    case 6: {
      const { code, name, unit } = random.pick(groupActivities);
      return {
        kindCode: code,
        unitName: unit,
        contentName: name,
        periods: random.weighted([
          [1, 20],
          [2, 40],
          [4, 22],
          [8, 10],
          [18, 8],
        ]),
      };
    }
    case 7: {
      const { code, unit, position } = random.pick(workplaces);
      return {
        kindCode: code,
        unitName: unit,
        positionName: position,
        startsOn: day,
        endsOn: upTo(30),
        hours: random.pick([16, 24, 40, 80]),
      };
    }
    case 8:
      return { workName: random.pick(works), workDate: day };
    case 9: {
      const { project, unit, course, credits } = random.pick(advancedCourses);
      return { project, unitName: unit, courseName: course, startsOn: day, endsOn: upTo(60), credits, totalHours: credits * 18 };
    }
    case 10: {
      const { name, unit } = random.pick(others);
      return {
        activityName: name,
        unitName: unit,
        startsOn: day,
        endsOn: upTo(4),
        hours: random.weighted([
          [2, 30],
          [3, 20],
          [6, 20],
          [12, 15],
          [24, 10],
          [-1, 5],
        ]),
      };
    }
  }
}

/** 多元表現 of one student in one academic year. */
export function performancesOf(register: Register, student: SampleStudent, year: readonly AttendedTerm[]): Made<Performance>[] {
  if (student.role === 'arrival' || student.role === 'secondArrival') return [];
  const made = year.flatMap((attended) => performancesOfTerm(register, student, attended));
  const first = year[0];
  if (first) tick(register, student, first, made);
  return made.sort((a, b) => (a.draft.createdAt < b.draft.createdAt ? -1 : 1));
}

function performancesOfTerm(register: Register, student: SampleStudent, attended: AttendedTerm): Made<Performance>[] {
  const { term } = attended;
  const { taught } = term;
  if (!taught || (student.role === 'suspended' && term.current)) return [];
  const random = new Random(register.options.seed, stream.performances, student.ordinal, term.academicYear, term.semester);
  const done = daysBetween(term.teaching.from, taught.to) / daysBetween(term.teaching.from, term.teaching.to);
  const count = random.count((1 + 8.2 * student.diligence * student.diligence + 2 * student.diligence) * (term.current ? 0.55 * done : 1));
  const categories = Array.from({ length: Math.min(count, 30) }, () => random.weighted(categoryWeights));
  if (student.role === 'exemplary') categories.push(...performanceCategories.map(({ category }) => category));
  return categories.map((category, index) => performanceOf(register, student, attended, random, category, index));
}

/** Documents are usual for certificates and competitions; works have film and sound more often. */
function fileRates(category: PerformanceCategory): [number, number] {
  if (category === 8) return [0.8, 0.35];
  if (category === 2 || category === 3) return [0.95, 0.03];
  return category === 1 ? [0.6, 0.02] : [0.82, 0.06];
}

function performanceOf(
  register: Register,
  student: SampleStudent,
  attended: AttendedTerm,
  random: Random,
  category: PerformanceCategory,
  index: number,
): Made<Performance> {
  const { term } = attended;
  const { today } = register.calendar;
  const { details, summary } = inventPerformance(random, category, term.taught!);
  const last = daysAfter(term.teaching.to, 20);
  const day = dayIn(random, { from: term.taught!.from, to: earlier(last, today) }, true);
  const name = `${performanceTitle(category, details)}${category === 2 || category === 3 ? '證明' : '紀錄'}`.replaceAll(
    /[/:：〈〉・]/g,
    '',
  );
  const file = {
    seed: register.options.seed,
    serial: `dp-${student.ordinal}-${formatTerm(term)}-${index}`,
    name,
    lines: [name, `${student.record.studentNumber} ${student.record.name}`, summary],
  };
  const attached = attach(random, file, ...fileRates(category));
  return {
    files: attached.made,
    draft: {
      studentId: student.record.id,
      category,
      academicYear: term.academicYear,
      semester: term.semester,
      details,
      summary,
      document: attached.document,
      media: attached.media,
      externalLink: random.chance(category === 8 ? 0.2 : 0.02)
        ? `https://video.example.edu.tw/watch/${student.ordinal}-${formatTerm(term)}-${index}`
        : null,
      uploadedTerm: formatTerm(term),
      createdAt: day === today ? instantOn(random, day, 0, 7) : instantOn(random, day, 7, 23),
      tickedAt: null,
      submittedTerm: neverSubmitted,
      sourceSchoolCode: register.options.schoolCode,
      sourceUnitCode: null,
    },
  };
}

function tick(
  register: Register,
  student: SampleStudent,
  { term: { academicYear }, grade }: AttendedTerm,
  made: readonly Made<Performance>[],
): void {
  const { calendar } = register;
  const final = grade === 3;
  const phase = calendar.phase(academicYear, final);
  const random = new Random(register.options.seed, stream.performances, student.ordinal, academicYear, 0);
  const chosen = random.shuffled(made).slice(0, ticksOf(random, student, academicYear, phase, tickLimits.performances));
  for (const { draft } of chosen) {
    const instant = tickedAt(random, academicYear, final, phase, draft.createdAt, calendar.today);
    if (!instant) continue;
    draft.tickedAt = instant;
    if (phase === 'submitted') draft.submittedTerm = submissionTerm(academicYear, final);
  }
}
