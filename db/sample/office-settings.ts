import type { DraftOf } from '../../main/central/resources.ts';
import { daysAfter, tickSpan } from './calendar.ts';
import { outcomesOf } from './outcomes.ts';
import type { AttendedTerm, Register } from './register.ts';
import type { Teaching } from './teaching.ts';

/** What the trial school's office has set already: as in the manual's pictures where they are still to be read. */

/** 功能參數 (manual §3.2). */
export function parametersOf(): DraftOf<'parameters'>[] {
  return [
    { id: 'outcomesPerTerm', value: 50 },
    { id: 'outcomesPerCourse', value: 5 },
    { id: 'uncertifiedNoticeHour', value: 13 },
    { id: 'tickOutcomesNoticeDays', value: 3 },
    { id: 'tickPerformancesNoticeDays', value: 3 },
    { id: 'certificationDeadlineNoticeDays', value: null },
    { id: 'damagedFileUpdate', value: 0 },
  ];
}

/** 學校作業時間 (manual §3.7): uploading until two weeks after the last lesson, certifying a week longer, ticking the year through. */
export function operationWindowsOf({ calendar }: Register): DraftOf<'operation-windows'>[] {
  const windows: DraftOf<'operation-windows'>[] = [];
  const add = (item: DraftOf<'operation-windows'>['item'], academicYear: number, semester: number, startsOn: string, endsOn: string) =>
    windows.push({ id: `q-${academicYear}${semester}-${item}`, item, academicYear, semester, startsOn, startHour: 0, endsOn, endHour: 23 });
  for (const { academicYear, semester, teaching } of calendar.terms) {
    add('studentUpload', academicYear, semester, teaching.from, daysAfter(teaching.to, 14));
    add('teacherCertification', academicYear, semester, teaching.from, daysAfter(teaching.to, 21));
    if (semester !== 1) continue;
    const { to } = tickSpan(academicYear);
    add('tickOutcomes', academicYear, 0, teaching.from, to);
    add('tickPerformances', academicYear, 0, teaching.from, to);
  }
  return windows;
}

/** 課程諮詢教師 (manual §3.3) of every class, but for this term's first grade, which the office has still to set. */
export function courseCounselorsOf(register: Register, teaching: Teaching): DraftOf<'course-counselors'>[] {
  return [...register.classTerms()]
    .filter(({ term, grade }) => !(term.current && grade === 1))
    .map(({ section, term, classId }) => ({
      id: `c${classId.slice(1)}`,
      academicYear: term.academicYear,
      semester: term.semester,
      teacherId: teaching.courseCounselorOf(section).id,
      classId,
    }));
}

/** 學科/領域認證老師 (manual §3.13.1). */
export function certifierGroupsOf({ teachers }: Teaching): DraftOf<'certifier-groups'>[] {
  const serving = teachers.filter(({ active }) => active);
  const some = (from: number, count: number) => serving.slice(from, from + count).map(({ id }) => id);
  return [
    { id: 'f-1', kind: 'subject', name: '國文', teacherIds: some(0, 3) },
    { id: 'f-2', kind: 'subject', name: '彈性學習', teacherIds: some(3, 2) },
    { id: 'f-3', kind: 'custom', name: '圖書館審核', teacherIds: some(5, 1) },
    { id: 'f-4', kind: 'custom', name: '自主學習計畫審核', teacherIds: some(6, 2) },
  ];
}

/** 認證順序 (manual §3.13.2). */
export function certificationStagesOf(): DraftOf<'certification-stages'>[] {
  return [
    { id: 'e-1', position: 1, kind: 'customGroup', certifierGroupId: 'f-3' },
    { id: 'e-2', position: 2, kind: 'subjectTeacher', certifierGroupId: null },
    { id: 'e-3', position: 3, kind: 'homeroomTeacher', certifierGroupId: null },
  ];
}

/** Two files the city cannot read any more (manual §3.2.7), of the student who has one of everything. */
export function damagedFilesOf(register: Register, teaching: Teaching): DraftOf<'damaged-files'>[] {
  const student = register.students.find(({ role }) => role === 'exemplary');
  if (!student) return [];
  const newest = student.terms.reduce((year, { term }) => Math.max(year, term.academicYear), 0);
  const year: AttendedTerm[] = student.terms.filter(({ term }) => term.academicYear === newest);
  const documents = outcomesOf(register, teaching, student, year).flatMap(({ draft }) => (draft.document ? [draft.document.sha256] : []));
  return [...new Set(documents)].slice(0, 2).map((id) => ({ id, foundAt: `${daysAfter(register.calendar.today, -1)}T18:00:00.000Z` }));
}
