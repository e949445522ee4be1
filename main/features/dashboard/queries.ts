import type { z } from 'zod';
import type { Sqlite } from '../../../db/connection.ts';
import { operationWindowItemNames } from '../../../domain/office-settings.ts';
import { addDays, instantOfTaipei, taipeiDay } from '../../../domain/roc-date.ts';
import type { SubmissionBatch } from '../../../domain/submission.ts';
import { formatTerm, lastTermOf, type Term } from '../../../domain/term.ts';
import type { FunctionModule } from '../../application/contract.ts';
import { certificationSummary } from '../certification/service.ts';
import { assignmentSummary } from '../counselors/service.ts';
import { studentsWhoTickedOutcomes } from '../outcomes/service.ts';
import { countDamaged } from '../parameters/service.ts';
import { studentsWhoTickedPerformances } from '../performances/service.ts';
import { openTickingWindows, windowsNow } from '../schedule/service.ts';
import { dueDatesOf } from '../slips/service.ts';
import { submissionModules } from '../submissions/contract.ts';
import { nameOfBatch } from '../submissions/layouts.ts';
import { countUnsettled } from '../submissions/service.ts';
import { disputedRecords } from '../sync/service.ts';
import { type StateCounts, stateCounts } from '../transfer-cases/service.ts';
import type { dashboard } from './contract.ts';

type Overview = z.output<(typeof dashboard)['operations']['overview']['output']>;

const kindNames: Record<string, string> = { outcomes: '學習成果', performances: '多元表現', cadres: '校內幹部經歷' };
const purposeNames: Record<string, string> = { operation: '作業期限', submission: '提交期限' };
/** A window is shown from this many days before it opens, and marked in its last days. */
const daysAhead = 30;
const closingDays = 7;

const outcomesOfYear = 'from learning_outcomes o where o.student_id = s.id and o.academic_year = @academicYear and o.deleted_at is null';

export const dashboardStatements = {
  students: "select count(*) from students where status in ('enrolled', 'transferredIn') and deleted_at is null",
  transfersOutThisWeek: `select count(distinct t.student_id) from transfer_out_files f
    join transfer_out_students t on t.transfer_out_file_id = f.id where f.created_at >= @weekStart`,
  transfersInThisWeek: `select count(distinct t.student_id) from transfer_ins i
    join transfer_in_students t on t.transfer_in_id = i.id where i.created_at >= @weekStart and t.completed = 1`,
  lastSync: "select min(last_finished_at) from sync_cursors where last_result = 'done'",
  // Read from indexes alone: class → seats → the student's outcomes of the year. Looking thrice into a student's few
  // entries costs two thirds of joining and grouping them (measured at 4,080 students).
  classes: `select c.name as className, count(*) as students,
      sum((select count(*) ${outcomesOfYear})) as uploaded,
      sum((select count(*) ${outcomesOfYear} and o.state = 'approved')) as certified,
      sum(exists (select 1 ${outcomesOfYear} and o.ticked_at is not null)) as studentsWhoTicked
    from class_sections c
    cross join enrollments e on e.class_section_id = c.id
    cross join students s on s.id = e.student_id
    where c.academic_year = @academicYear and c.semester = @semester and c.deleted_at is null
      and s.status in ('enrolled', 'transferredIn') and s.deleted_at is null
    group by c.id order by c.grade, c.sort_key`,
} as const;

interface CityWindow {
  purpose: string;
  kind: string;
  academicYear: number;
  semester: number;
  startsOn: string;
  endsOn: string;
  batch: SubmissionBatch;
}

function openWindows(sqlite: Sqlite, today: string): Overview['windows'] {
  const windows = sqlite
    .prepare<[string, string], CityWindow>(
      `select purpose, kind, academic_year as academicYear, semester, starts_on as startsOn, ends_on as endsOn, batch
       from city_windows where ends_on >= ? and starts_on <= ? and deleted_at is null order by ends_on, starts_on, purpose, kind, batch`,
    )
    .all(today, addDays(today, daysAhead));
  return windows.map(({ purpose, kind, academicYear, semester, startsOn, endsOn, batch }) => ({
    title: `${academicYear} 學年度${semester === 0 ? '' : `第 ${semester} 學期`}${batch === 'regular' ? '' : nameOfBatch(academicYear, batch)}${kindNames[kind]}${purposeNames[purpose]}`,
    startsOn,
    endsOn,
    state: startsOn > today ? 'soon' : endsOn <= addDays(today, closingDays) ? 'closing' : 'open',
    origin: 'city',
  }));
}

/** Monday 00:00 in Taipei of the week an instant lies in, as a UTC instant. */
function startOfWeek(now: Date): string {
  const today = taipeiDay(now);
  const sinceMonday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7;
  return instantOfTaipei(addDays(today, -sinceMonday)).toISOString();
}

/** Whether the account may see a module: nothing is counted that it may not. */
type MaySee = (module: FunctionModule) => boolean;

/** Everything the home page says to an account. */
export function readOverview(sqlite: Sqlite, term: Term, schoolCode: string, now: Date, may: MaySee): Overview {
  const today = taipeiDay(now);
  const parameters = { ...term, weekStart: startOfWeek(now) };
  const one = (name: keyof typeof dashboardStatements) => sqlite.prepare(dashboardStatements[name]).pluck().get(parameters);
  const count = (name: keyof typeof dashboardStatements) => one(name) as number;
  const seen = (module: FunctionModule, figure: () => number) => (may(module) ? figure() : null);
  const refused = (kind: keyof typeof submissionModules) => seen(submissionModules[kind], () => countUnsettled(sqlite, kind));
  const certification = may('S0216S') ? certificationSummary(sqlite, term) : null;
  return {
    students: count('students'),
    windows: [...openWindows(sqlite, today), ...schoolWindows(sqlite, now)],
    pendingOutcomes: certification?.outcomes ?? null,
    pendingTeachers: certification?.teachers ?? null,
    notTicked: notTicked(sqlite, now, may),
    refusedSubmissions: {
      outcomes: refused('outcomes'),
      performances: refused('performances'),
      cadres: refused('cadres'),
    },
    leavers: may('S0219S') ? leaversWaiting(stateCounts(sqlite, 'out', { today, schoolCode })) : null,
    arrivals: may('S0220S') ? arrivalsWaiting(stateCounts(sqlite, 'in', { today, schoolCode })) : null,
    transfersOutThisWeek: seen('S0219S', () => count('transfersOutThisWeek')),
    transfersInThisWeek: seen('S0220S', () => count('transfersInThisWeek')),
    damagedFiles: seen('S0203S1', () => countDamaged(sqlite)),
    disputedChanges: seen('S0225S', () => disputedRecords(sqlite)),
    classesWithoutCounselor: seen('S0204S', () => assignmentSummary(sqlite, 'course_counselors', term).classesWithout),
    overdueSlips: seen('S0222S', () => dueDatesOf(sqlite, term, today).reduce((sum, { overdue }) => sum + overdue, 0)),
    lastSyncAt: one('lastSync') as string | null,
    classes: may('S0205S') ? (sqlite.prepare(dashboardStatements.classes).all(parameters) as Overview['classes']) : [],
  };
}

const none = { count: 0, longestDays: 0 };

const leaversWaiting = ({ states }: StateCounts): Overview['leavers'] => ({
  withoutFile: states.withoutFile ?? none,
  fileMade: states.fileMade ?? none,
  handedOver: states.handedOver ?? none,
});

/** Arrivals without their portfolio, whether it was asked for, received or neither. */
function arrivalsWaiting({ states }: StateCounts): Overview['arrivals'] {
  const open = [states.expected, states.requested, states.received].filter((state) => state !== undefined);
  return {
    count: open.reduce((sum, { count }) => sum + count, 0),
    longestDays: Math.max(0, ...open.map(({ longestDays }) => longestDays)),
  };
}

/** The school's own windows, as the city's are shown. */
function schoolWindows(sqlite: Sqlite, now: Date): Overview['windows'] {
  const closing = new Date(now.getTime() + closingDays * 24 * 60 * 60 * 1000);
  return windowsNow(sqlite, now, daysAhead).map((window) => ({
    title: `${formatTerm(window)} ${operationWindowItemNames[window.item]}`,
    startsOn: window.startsOn,
    endsOn: window.endsOn,
    state: window.state === 'soon' ? 'soon' : window.closesAt <= closing ? 'closing' : 'open',
    origin: 'school',
  }));
}

/** Who has ticked nothing yet in a year whose ticking is open. */
function notTicked(sqlite: Sqlite, now: Date, may: MaySee): Overview['notTicked'] {
  const open = openTickingWindows(sqlite, now);
  const outcomes = may('S0205S') ? open.tickOutcomes : [];
  const performances = may('S0206S') ? open.tickPerformances : [];
  return [
    ...outcomes.map(({ academicYear, endsOn }) => ({
      kind: 'outcomes' as const,
      academicYear,
      students: studentsWhoTickedOutcomes(sqlite, lastTermOf(academicYear, now)).notTicked,
      closesOn: endsOn,
    })),
    ...performances.map(({ academicYear, endsOn }) => ({
      kind: 'performances' as const,
      academicYear,
      students: studentsWhoTickedPerformances(sqlite, academicYear).notTicked,
      closesOn: endsOn,
    })),
  ];
}
