import { tickLimits } from '../../domain/limits.ts';
import { neverSubmitted, type OutcomeState } from '../../domain/portfolio.ts';
import { formatTerm } from '../../domain/term.ts';
import type { DraftOf } from '../../main/central/resources.ts';
import { attach, type RecordFiles } from './attachments.ts';
import { dayIn, daysAfter, daysBetween, earlier, finalTickSpan, instantOn, laterThan, tickSpan, type YearPhase } from './calendar.ts';
import type { Subject } from './curriculum.ts';
import { Random, stream } from './random.ts';
import type { AttendedTerm, Register, SampleStudent } from './register.ts';
import type { Offering, Teaching } from './teaching.ts';
import {
  approvalRemarks,
  artifacts,
  rejectionRemarks,
  summaryClosings,
  summaryMiddles,
  summaryOpenings,
  topics,
} from './words/outcomes.ts';

/** A record before it has an id, and its files. */
export interface Made<Draft> {
  draft: Omit<Draft, 'id'>;
  files: RecordFiles['made'];
}

type Outcome = DraftOf<'outcomes'>;

/** What an outcome is about, in words. */
export function inventOutcomeText(random: Random, subject: Subject): { name: string; summary: string } {
  const topic = random.pick(topics[subject.domain] ?? topics['09']!);
  const artifact = random.pick(artifacts[subject.domain] ?? artifacts['09']!);
  return {
    name: `${subject.name}_${artifact}_${topic}`,
    summary: `${random.pick(summaryOpenings)}「${topic}」${random.pick(summaryMiddles)}${random.pick(summaryClosings)}`,
  };
}

/** Share of a term that has passed, for what has been done in it so far. */
function progress({ term }: AttendedTerm): number {
  if (!term.current || !term.taught) return 1;
  return Math.min(1, (daysBetween(term.teaching.from, term.taught.to) + 1) / daysBetween(term.teaching.from, term.teaching.to));
}

/** Whether certification is over: a past year has been certified, a past term of this year nearly. */
function certify(random: Random, attended: AttendedTerm, createdAt: string, today: string, forced: OutcomeState | undefined) {
  const unsent = { state: 'draft' as const, sentForCertificationAt: null, certifiedAt: null };
  const draft = forced ? forced === 'draft' : random.chance(attended.term.current ? 0.24 : 0.025);
  const sentAt = draft ? undefined : laterThan(random, createdAt, 0.02, 6, today);
  if (!sentAt) return unsent;
  const waiting = forced ? forced === 'pending' : random.chance(attended.term.current ? 0.22 : 0.006);
  const certifiedAt = waiting ? undefined : laterThan(random, sentAt, 0.2, 18, today);
  if (!certifiedAt) return { state: 'pending' as const, sentForCertificationAt: sentAt, certifiedAt: null };
  const state: OutcomeState = forced ?? (random.chance(0.955) ? 'approved' : 'rejected');
  return { state, sentForCertificationAt: sentAt, certifiedAt };
}

/** 課程學習成果 of one student in one academic year, ticked and submitted as far as the year is. */
export function outcomesOf(register: Register, teaching: Teaching, student: SampleStudent, year: readonly AttendedTerm[]): Made<Outcome>[] {
  if (student.role === 'arrival' || student.role === 'secondArrival') return [];
  const made = year.flatMap((attended) => outcomesOfTerm(register, teaching, student, attended));
  const first = year[0];
  if (first) tick(register, student, first, made);
  return made.sort((a, b) => (a.draft.createdAt < b.draft.createdAt ? -1 : 1));
}

const forcedStates: readonly OutcomeState[] = ['approved', 'rejected', 'draft', 'pending'];

function outcomesOfTerm(register: Register, teaching: Teaching, student: SampleStudent, attended: AttendedTerm): Made<Outcome>[] {
  const { taught } = attended.term;
  if (!taught || (student.role === 'suspended' && attended.term.current)) return [];
  const random = new Random(register.options.seed, stream.outcomes, student.ordinal, attended.term.academicYear, attended.term.semester);
  const done = progress(attended);
  const made: Made<Outcome>[] = [];
  const exemplary = student.role === 'exemplary';
  const eagerness = exemplary ? 1 : (0.13 + 0.48 * student.diligence) * done * done * (attended.term.current ? 0.55 : 1);
  for (const offering of teaching.coursesOf(student, attended)) {
    if (!random.chance(Math.min(0.95, eagerness * offering.subject.weight)) && !(exemplary && made.length < 8)) continue;
    const forced = exemplary && made.length < 4 ? forcedStates[made.length] : undefined;
    made.push(outcomeOf(register, teaching, student, attended, offering, random, forced));
  }
  const special = specialCase(student, attended);
  if (special) {
    const origin = student.terms[0]!;
    const offering = teaching.coursesOf(student, special === 'beforeTransfer' ? attended : origin)[2 + (student.ordinal % 4)]!;
    const one = outcomeOf(register, teaching, student, attended, offering, random, 'approved');
    made.push({ ...one, draft: { ...one.draft, ...specialFields(special, student, attended) } });
  }
  return made;
}

type Special = 'retake' | 'makeup' | 'exchange' | 'beforeTransfer';

/** 重修 and 補修 of the first term's course happen in the second; 借讀 and what a transferred student brought, in the first. */
function specialCase(student: SampleStudent, attended: AttendedTerm): Special | undefined {
  const isFirst = attended === student.terms[0];
  if (student.role === 'retaker' && attended === student.terms[1]) return 'retake';
  if (student.role === 'makeup' && attended === student.terms[1]) return 'makeup';
  if (student.role === 'exchange' && isFirst) return 'exchange';
  return student.role === 'earlierArrival' && isFirst ? 'beforeTransfer' : undefined;
}

function specialFields(special: Special, student: SampleStudent, attended: AttendedTerm): Partial<Outcome> {
  const origin = student.terms[0]!.term;
  const actualTerm = formatTerm(attended.term);
  const owed = {
    academicYear: origin.academicYear,
    semester: origin.semester,
    grade: student.terms[0]!.grade,
    courseSemester: origin.semester,
  };
  switch (special) {
    case 'retake':
      return { ...owed, retake: true, retakeTerm: actualTerm, retakeMethod: student.ordinal % 2 ? '1' : '2' };
    case 'makeup':
      return { ...owed, makeup: true, makeupTerm: actualTerm, makeupMethod: '1' };
    case 'exchange':
      return { exchange: true, courseOfferingId: null, certifierId: null, sourceSchoolCode: '190B00' };
    case 'beforeTransfer':
      return {
        beforeTransfer: true,
        courseOfferingId: null,
        certifierId: null,
        sourceSchoolCode: student.record.otherSchoolCode ?? '080000',
        sourceUnitCode: '000000000',
      };
  }
}

function outcomeOf(
  register: Register,
  teaching: Teaching,
  student: SampleStudent,
  attended: AttendedTerm,
  offering: Offering,
  random: Random,
  forced: OutcomeState | undefined,
): Made<Outcome> {
  const { term, grade } = attended;
  const { today } = register.calendar;
  const last = daysAfter(term.teaching.to, 12);
  // Those who keep up upload as they go, the others before the deadline.
  const day = dayIn(
    random,
    { from: daysAfter(term.teaching.from, Math.min(10, daysBetween(term.teaching.from, term.taught!.to))), to: earlier(last, today) },
    student.diligence < 0.75,
  );
  const createdAt = day === today ? instantOn(random, day, 0, 7) : instantOn(random, day, 7, 23);
  const { name, summary } = inventOutcomeText(random, offering.subject);
  const serial = `lo-${student.ordinal}-${formatTerm(term)}-${offering.record.id.slice(2)}`;
  const certification = certify(random, attended, createdAt, today, forced);
  const file = {
    seed: register.options.seed,
    serial,
    name,
    lines: [name.replaceAll('_', ' '), `${student.record.studentNumber} ${student.record.name}`, summary],
  };
  const onlyMedia = random.chance(0.03);
  const attached = attach(random, file, onlyMedia ? 0 : 1, onlyMedia ? 1 : 0.07);
  const certifier = certification.certifiedAt ? teaching.certifierOf(offering, random) : undefined;
  const repeat = attended.repeated && term.academicYear === student.section.cohort.entryYear;
  return {
    files: attached.made,
    draft: {
      studentId: student.record.id,
      academicYear: term.academicYear,
      semester: term.semester,
      courseOfferingId: offering.record.id,
      courseCode: offering.record.courseCode,
      subjectName: offering.record.subjectName,
      credits: offering.record.credits,
      grade,
      courseSemester: term.semester,
      exchange: false,
      retake: false,
      retakeTerm: null,
      retakeMethod: null,
      makeup: false,
      makeupTerm: null,
      makeupMethod: null,
      repeat,
      repeatTerm: repeat ? formatTerm(term) : null,
      beforeTransfer: false,
      document: attached.document,
      media: attached.media,
      summary,
      ...certification,
      uploadedTerm: formatTerm(term),
      createdAt,
      certifierId: certifier?.id ?? null,
      certifierName: certifier?.name ?? null,
      certificationRemark:
        certification.state === 'rejected'
          ? random.pick(rejectionRemarks)
          : certification.state === 'approved' && random.chance(0.12)
            ? random.pick(approvalRemarks)
            : null,
      tickedAt: null,
      submittedTerm: neverSubmitted,
      sourceSchoolCode: register.options.schoolCode,
      sourceUnitCode: null,
    },
  };
}

/** How many a student ticks of what he may: most use all, some forget. */
const tickShares = [
  [1, 52],
  [0.8, 16],
  [0.6, 12],
  [0.4, 8],
  [0.2, 5],
  [0, 7],
] as const;

/**
 * How many are ticked now, by how far the year is. Those who left before the choice of their last year never made it,
 * which is what 轉學生臨時帳號 (manual §3.17) is for.
 */
export function ticksOf(random: Random, student: SampleStudent, academicYear: number, phase: YearPhase, limit: number): number {
  if (student.role === 'exemplary') return phase === 'running' ? 1 : limit;
  if (student.role === 'leaver' && student.terms.at(-1)?.term.academicYear === academicYear) return 0;
  const share = random.weighted(tickShares) * (phase === 'ticking' && random.chance(0.5) ? 0 : 1);
  if (phase === 'running') return random.chance(0.05) ? random.between(1, 2) : 0;
  return Math.round(limit * share);
}

/** When a record was ticked: in the window, or in a year that runs, soon after it could be. */
export function tickedAt(
  random: Random,
  academicYear: number,
  final: boolean,
  phase: YearPhase,
  ready: string,
  today: string,
): string | undefined {
  if (phase === 'running') return laterThan(random, ready, 0.01, 3, today);
  const window = final ? finalTickSpan(academicYear) : tickSpan(academicYear);
  const to = earlier(window.to, daysAfter(today, -1));
  if (to < window.from) return undefined;
  const instant = instantOn(random, dayIn(random, { from: window.from, to }, true), 7, 23);
  return instant > ready ? instant : laterThan(random, ready, 0.01, 1, today);
}

/** The term in which a year's choice is handed in. */
export function submissionTerm(academicYear: number, final: boolean): string {
  return final ? `${academicYear}2` : `${academicYear + 1}1`;
}

function tick(
  register: Register,
  student: SampleStudent,
  { term: { academicYear }, grade }: AttendedTerm,
  made: readonly Made<Outcome>[],
): void {
  const { calendar } = register;
  const final = grade === 3;
  const phase = calendar.phase(academicYear, final);
  const random = new Random(register.options.seed, stream.outcomes, student.ordinal, academicYear, 0);
  const approved = made.filter(({ draft }) => draft.state === 'approved' && draft.certifiedAt !== null);
  const chosen = random.shuffled(approved).slice(0, ticksOf(random, student, academicYear, phase, tickLimits.outcomes));
  for (const { draft } of chosen) {
    const instant = tickedAt(random, academicYear, final, phase, draft.certifiedAt!, calendar.today);
    if (!instant) continue;
    draft.tickedAt = instant;
    if (phase === 'submitted') draft.submittedTerm = submissionTerm(academicYear, final);
  }
}
