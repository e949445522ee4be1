import type { RecordOf } from '../../../central/resources.ts';
import { absent, children, ids, type RecordWriter, termColumns, upsert, type WriterContext } from './writer.ts';

/** 教師配課資料. More than one teacher makes it 合開課程, whose reviewers the office chooses (manual §3.4). */
export function teachingAssignmentWriter(context: WriterContext): RecordWriter<'teaching-assignments'> {
  const teachers = ids(context, 'teachers');
  const classes = ids(context, 'class_sections');
  const write = upsert<RecordOf<'teaching-assignments'>>(context, 'course_offerings', {
    ...termColumns,
    class_section_id: (offering) => offering.classId,
    course_code: (offering) => offering.courseCode,
    course_name: (offering) => offering.courseName,
    subject_name: (offering) => offering.subjectName,
    credits: (offering) => offering.credits,
    grade: (offering) => offering.grade,
    co_taught: (offering) => offering.teachers.length > 1,
  });
  const writeTeachers = children<{ teacherId: string; reviewer: boolean }>(context, 'teaching_assignments', 'course_offering_id', {
    teacher_id: (assignment) => assignment.teacherId,
    reviewer: (assignment) => assignment.reviewer,
  });
  return {
    missing: (offering) =>
      absent({
        classId: classes.has(offering.classId),
        'teachers.teacherId': offering.teachers.every(({ teacherId }) => teachers.has(teacherId)),
      }),
    write: (offering) => {
      if (!write(offering)) return false;
      writeTeachers(offering.id, offering.teachers);
      return true;
    },
  };
}

/** 修課資料. */
export function courseRecordWriter(context: WriterContext): RecordWriter<'course-records'> {
  const students = ids(context, 'students');
  const offerings = ids(context, 'course_offerings');
  return {
    missing: ({ studentId, courseOfferingId }) =>
      absent({ studentId: students.has(studentId), courseOfferingId: offerings.has(courseOfferingId) }),
    write: upsert<RecordOf<'course-records'>>(context, 'course_records', {
      student_id: (record) => record.studentId,
      ...termColumns,
      course_offering_id: (record) => record.courseOfferingId,
      course_code: (record) => record.courseCode,
      subject_name: (record) => record.subjectName,
      credits: (record) => record.credits,
      grade: (record) => record.grade,
      kind: (record) => record.kind,
      score: (record) => record.score,
      passed: (record) => record.passed,
    }),
  };
}

/** 課程諮詢紀錄, with the students who were there. */
export function consultationWriter(context: WriterContext): RecordWriter<'consultations'> {
  const students = ids(context, 'students');
  const write = upsert<RecordOf<'consultations'>>(context, 'course_consultations', {
    ...termColumns,
    teacher_account: (consultation) => consultation.teacherAccount,
    counselor_name: (consultation) => consultation.counselorName,
    place: (consultation) => consultation.place,
    kind: (consultation) => consultation.kind,
    topic: (consultation) => consultation.topic,
    content: (consultation) => consultation.content,
    held_on: (consultation) => consultation.heldOn,
    created_at: (consultation) => consultation.createdAt,
  });
  const writeStudents = children<string>(context, 'consultation_students', 'consultation_id', { student_id: (studentId) => studentId });
  return {
    missing: ({ studentIds }) => absent({ studentIds: studentIds.every(students.has) }),
    write: (consultation) => {
      if (!write(consultation)) return false;
      writeStudents(consultation.id, consultation.studentIds);
      return true;
    },
  };
}

/** 出缺勤資料. The day is left behind: no screen shows it. */
export function attendanceWriter(context: WriterContext): RecordWriter<'attendance'> {
  const students = ids(context, 'students');
  return {
    missing: ({ studentId }) => absent({ studentId: students.has(studentId) }),
    write: upsert<RecordOf<'attendance'>>(context, 'attendance', {
      student_id: (absence) => absence.studentId,
      ...termColumns,
      absence_code: (absence) => absence.absenceCode,
      periods: (absence) => absence.periods,
    }),
  };
}

/** 幹部經歷資料: 校內幹部經歷 kept by the school (manual §3.14). */
export function cadreWriter(context: WriterContext): RecordWriter<'cadres'> {
  const students = ids(context, 'students');
  return {
    missing: ({ studentId }) => absent({ studentId: students.has(studentId) }),
    write: upsert<RecordOf<'cadres'>>(context, 'cadres', {
      student_id: (cadre) => cadre.studentId,
      ...termColumns,
      unit_name: (cadre) => cadre.unitName,
      position_name: (cadre) => cadre.positionName,
      level_code: (cadre) => cadre.levelCode,
      starts_on: (cadre) => cadre.startsOn,
      ends_on: (cadre) => cadre.endsOn,
      created_at: (cadre) => cadre.createdAt,
      submitted_term: (cadre) => cadre.submittedTerm,
      source_school_code: (cadre) => cadre.sourceSchoolCode,
      source_unit_code: (cadre) => cadre.sourceUnitCode,
    }),
  };
}

/** 獎懲資料. Day and reason are left behind: no screen shows them. */
export function rewardWriter(context: WriterContext): RecordWriter<'rewards'> {
  const students = ids(context, 'students');
  return {
    missing: ({ studentId }) => absent({ studentId: students.has(studentId) }),
    write: upsert<RecordOf<'rewards'>>(context, 'rewards', {
      student_id: (reward) => reward.studentId,
      ...termColumns,
      kind: (reward) => reward.kind,
      times: (reward) => reward.times,
    }),
  };
}

/** 心理測驗資料: that there is one. Which test it was and what came of it is left behind (domain.md §6). */
export function psychologicalTestWriter(context: WriterContext): RecordWriter<'psychological-tests'> {
  const students = ids(context, 'students');
  return {
    missing: ({ studentId }) => absent({ studentId: students.has(studentId) }),
    write: upsert<RecordOf<'psychological-tests'>>(context, 'psychological_tests', {
      student_id: (test) => test.studentId,
    }),
  };
}
