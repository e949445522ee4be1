import { neverSubmitted } from '../../domain/portfolio.ts';
import type { SubmissionBatch } from '../../domain/submission.ts';
import type { DraftOf } from '../../main/central/resources.ts';
import { daysAfter, finalSubmissionSpan, firstSeniorYear, instantOn, later, schoolDayIn, submissionSpan } from './calendar.ts';
import { Random, stream } from './random.ts';
import type { AttendedTerm, Register, SampleStudent } from './register.ts';
import type { Teaching } from './teaching.ts';
import { cadrePosts, consultationTopics, rewardReasons } from './words/school-life.ts';

/** What the school affairs system keeps of a student's days: courses and grades, attendance, rewards, cadres, tests. */
type Draft<Name extends 'course-records' | 'attendance' | 'rewards' | 'cadres' | 'psychological-tests'> = Omit<DraftOf<Name>, 'id'>;

function streamOf(register: Register, name: number, student: SampleStudent, { term }: AttendedTerm): Random {
  return new Random(register.options.seed, name, student.ordinal, term.academicYear, term.semester);
}

/** 修課紀錄 of a term: grades once it is over, and 重修 補修 重讀 where they happened. */
export function courseRecordsOf(
  register: Register,
  teaching: Teaching,
  student: SampleStudent,
  attended: AttendedTerm,
): Draft<'course-records'>[] {
  const random = streamOf(register, stream.courses, student, attended);
  const { term, grade, repeated } = attended;
  const records: Draft<'course-records'>[] = teaching.coursesOf(student, attended).map(({ record, subject }) => {
    const score = term.current ? null : Math.max(8, Math.min(100, Math.round(subject.mean + 9 * student.ability + 7 * random.normal())));
    return {
      studentId: student.record.id,
      academicYear: term.academicYear,
      semester: term.semester,
      courseOfferingId: record.id,
      courseCode: record.courseCode,
      subjectName: record.subjectName,
      credits: record.credits,
      grade,
      kind: repeated && term.academicYear === student.section.cohort.entryYear ? 'repeat' : 'regular',
      score,
      passed: score === null ? null : score >= 60,
    };
  });
  const extra =
    student.role === 'retaker' ? 'retake' : student.role === 'makeup' ? 'makeup' : student.role === 'exchange' ? 'exchange' : undefined;
  const second = student.terms[1];
  if (extra && second && attended === (extra === 'exchange' ? student.terms[0] : second) && !term.current) {
    const [missed] = teaching.coursesOf(student, student.terms[0]!).filter(({ subject }) => subject.domain === '02');
    if (missed) {
      const { courseCode, subjectName, credits } = missed.record;
      records.push({
        studentId: student.record.id,
        academicYear: term.academicYear,
        semester: term.semester,
        courseOfferingId: extra === 'exchange' ? null : missed.record.id,
        courseCode,
        subjectName,
        credits,
        grade: missed.record.grade,
        kind: extra,
        score: random.between(60, 78),
        passed: true,
      });
    }
  }
  return records;
}

/** 缺勤 codes (domain.md §2.1), about as frequent as in a school. */
const absences = [
  ['03', 52],
  ['02', 27],
  ['01', 12],
  ['12', 6],
  ['11', 3],
] as const;

/** 出缺勤 of a term: most miss a few days, a few miss many. */
export function attendanceOf(register: Register, student: SampleStudent, attended: AttendedTerm): Draft<'attendance'>[] {
  const { taught, academicYear, semester } = attended.term;
  if (!taught) return [];
  const random = streamOf(register, stream.attendance, student, attended);
  const frail = random.chance(0.06) ? 4 : 1;
  const days = random.count(frail * (1.4 + 3.6 * (1 - student.diligence)) * (attended.term.current ? 0.5 : 1));
  const used = new Set<string>();
  const records: Draft<'attendance'>[] = [];
  for (let index = 0; index < days; index += 1) {
    const day = schoolDayIn(random, taught);
    if (used.has(day)) continue;
    used.add(day);
    const monthly = student.record.sex === 'female' && random.chance(0.12);
    const absenceCode = monthly ? '10' : random.weighted(absences);
    records.push({
      studentId: student.record.id,
      academicYear,
      semester,
      day,
      absenceCode,
      periods: random.chance(0.45) ? 7 : random.between(1, 4),
    });
  }
  return records.sort((a, b) => (a.day < b.day ? -1 : 1));
}

/** 獎懲 of a term. */
export function rewardsOf(register: Register, student: SampleStudent, attended: AttendedTerm): Draft<'rewards'>[] {
  const { taught, academicYear, semester } = attended.term;
  if (!taught) return [];
  const random = streamOf(register, stream.rewards, student, attended);
  return Array.from({ length: random.count((0.5 + 2 * student.diligence) * (attended.term.current ? 0.5 : 1)) }, () => {
    const punished = random.chance(0.12 * (1.3 - student.diligence));
    const kind = punished
      ? random.weighted([
          ['警告', 80],
          ['小過', 17],
          ['大過', 3],
        ])
      : random.weighted([
          ['嘉獎', 86],
          ['小功', 13],
          ['大功', 1],
        ]);
    return {
      studentId: student.record.id,
      academicYear,
      semester,
      day: schoolDayIn(random, taught),
      kind,
      times: kind === '嘉獎' || kind === '警告' ? random.between(1, 2) : 1,
      reason: random.pick(punished ? rewardReasons.bad : rewardReasons.good),
    };
  });
}

/** 校內幹部經歷 of a term: a third of the students hold a post. */
export function cadresOf(register: Register, student: SampleStudent, attended: AttendedTerm): Draft<'cadres'>[] {
  const { term } = attended;
  if (!term.taught || student.role === 'arrival' || student.role === 'secondArrival') return [];
  const random = streamOf(register, stream.cadres, student, attended);
  const posts = student.role === 'exemplary' ? 2 : random.count(0.1 + 0.55 * student.diligence * student.diligence);
  const submitted = register.calendar.phase(term.academicYear, false) === 'submitted' && !openForCadres(register, term);
  // Nobody holds the same post twice in a term: the national database refuses a row that comes again.
  const held = new Set<string>();
  return Array.from({ length: Math.min(posts, 2) }, () => {
    const { unit, position, level } = random.weighted(cadrePosts.filter(([post]) => !held.has(post.position)));
    held.add(position);
    return {
      studentId: student.record.id,
      academicYear: term.academicYear,
      semester: term.semester,
      unitName: unit ?? className(attended),
      positionName: position,
      levelCode: level,
      startsOn: term.teaching.from,
      endsOn: term.teaching.to,
      createdAt: instantOn(random, term.taught!.from, 1, 8),
      submittedTerm: submitted ? `${term.academicYear + 1}1` : neverSubmitted,
      sourceSchoolCode: register.options.schoolCode,
      sourceUnitCode: null,
    };
  });
}

function className({ grade, section }: AttendedTerm): string {
  return `${grade}${String(section.number).padStart(2, '0')}班`;
}

/** The city has the cadres of the last finished term handed in around today, so the trial school always has something to do. */
export function openForCadres(register: Register, term: { academicYear: number; semester: number }): boolean {
  const { current } = register.calendar;
  return current.semester === 1
    ? term.academicYear === current.academicYear - 1 && term.semester === 2
    : term.academicYear === current.academicYear && term.semester === 1;
}

/** 心理測驗: that it was taken. */
export function psychologicalTestsOf(register: Register, student: SampleStudent, attended: AttendedTerm): Draft<'psychological-tests'>[] {
  const { term, grade } = attended;
  const testName =
    grade === 1
      ? term.semester === 1
        ? '高中性向測驗'
        : '大考中心興趣量表'
      : grade === 2 && term.semester === 1
        ? '學系探索量表'
        : undefined;
  if (!testName || !term.taught) return [];
  const random = streamOf(register, stream.psychologicalTests, student, attended);
  const from = daysAfter(term.teaching.from, 35);
  const to = daysAfter(from, 11);
  if (to > term.taught.to || random.chance(0.03)) return [];
  return [{ studentId: student.record.id, testName, takenOn: schoolDayIn(random, { from, to }) }];
}

/** 課程諮詢 of a class in a term: one for all, and a few for one student. */
export function consultationsOf(
  register: Register,
  teaching: Teaching,
  term: AttendedTerm['term'],
  classId: string,
  members: readonly SampleStudent[],
): Omit<DraftOf<'consultations'>, 'id'>[] {
  const { taught } = term;
  const first = members[0];
  if (!taught || !first) return [];
  const counselor = teaching.courseCounselorOf(first.terms.find((attended) => attended.classId === classId)!.section);
  const random = new Random(register.options.seed, stream.consultations, term.academicYear, term.semester, first.ordinal);
  const meeting = (kind: '團體諮詢' | '個別諮詢', students: readonly SampleStudent[]) => {
    const heldOn = schoolDayIn(random, taught);
    const { topic, content } = random.pick<{ topic: string; content: string }>(
      kind === '團體諮詢' ? consultationTopics.group : consultationTopics.single,
    );
    return {
      academicYear: term.academicYear,
      semester: term.semester,
      teacherAccount: counselor.account,
      counselorName: counselor.name,
      place: random.pick(kind === '團體諮詢' ? ['班級教室', '視聽教室', '會議室'] : ['輔導室', '課諮教室', '圖書館討論室']),
      kind,
      topic,
      content,
      heldOn,
      createdAt: instantOn(random, heldOn, 8, 9),
      studentIds: students.map(({ record }) => record.id),
    };
  };
  const meetings = [meeting('團體諮詢', members)];
  for (const member of members) if (random.chance(term.current ? 0.06 : 0.14)) meetings.push(meeting('個別諮詢', [member]));
  return meetings;
}

/** 作業期限 and 提交期限 of the city, for the years of the history. */
export function cityWindowsOf(register: Register): DraftOf<'city-windows'>[] {
  const { calendar } = register;
  const windows: DraftOf<'city-windows'>[] = [];
  const add = (
    purpose: 'operation' | 'submission',
    kind: DraftOf<'city-windows'>['kind'],
    academicYear: number,
    semester: number,
    startsOn: string,
    endsOn: string,
    batch: SubmissionBatch = 'regular',
  ) => {
    const id = `x-${academicYear}${semester}-${purpose}-${kind}${batch === 'regular' ? '' : `-${batch}`}`;
    windows.push({ id, purpose, kind, academicYear, semester, startsOn, endsOn, batch });
  };
  // Whatever day it is tried on, the trial school has a roster of each kind to hand in.
  const stillOpen = daysAfter(calendar.today, 17);
  const begun = calendar.terms.map(({ academicYear }) => academicYear).filter((year) => submissionSpan(year).from <= calendar.today);
  const openYear = Math.max(...begun);
  for (const term of calendar.terms) {
    const { academicYear, semester, teaching } = term;
    const { from, to } = submissionSpan(academicYear);
    // Work on a year goes on until its submission begins.
    const workEnds = daysAfter(from, -1);
    const workBegins = semester === 1 ? daysAfter(teaching.from, -31) : daysAfter(teaching.from, -10);
    add('operation', 'outcomes', academicYear, semester, workBegins, workEnds);
    add('operation', 'performances', academicYear, semester, workBegins, workEnds);
    if (openForCadres(register, term)) add('submission', 'cadres', academicYear, semester, daysAfter(calendar.today, -14), stillOpen);
    else add('submission', 'cadres', academicYear, semester, daysAfter(from, 14), to);
    const seniors = finalSubmissionSpan(academicYear);
    const hasSeniors = academicYear >= firstSeniorYear;
    if (hasSeniors) add('submission', 'cadres', academicYear, semester, seniors.from, seniors.to, 'senior1');
    if (semester !== 1) continue;
    for (const kind of ['outcomes', 'performances'] as const) {
      add('submission', kind, academicYear, 0, from, academicYear === openYear ? later(to, stillOpen) : to);
      if (hasSeniors) add('submission', kind, academicYear, 0, seniors.from, seniors.to, 'senior1');
    }
  }
  return windows;
}
