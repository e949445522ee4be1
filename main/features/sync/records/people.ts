import { randomUUID } from 'node:crypto';
import { classSortKey } from '../../../../domain/class-order.ts';
import type { RecordOf } from '../../../central/resources.ts';
import { absent, children, ids, type RecordWriter, termColumns, upsert, type WriterContext } from './writer.ts';

/**
 * 教師人員資料. Every teacher gets an account, `<school code>_<account>`, without a password and switched off until the
 * office gives it one (manual §3.1.3).
 */
export function teacherWriter(context: WriterContext): RecordWriter<'teachers'> {
  const { sqlite, schoolCode } = context;
  const write = upsert<RecordOf<'teachers'>>(context, 'teachers', {
    account: (teacher) => teacher.account,
    name: (teacher) => teacher.name,
    email: (teacher) => teacher.email,
    active: (teacher) => teacher.active,
  });
  const renew = sqlite.prepare('update accounts set name = ?, display_name = ?, enabled = enabled and ? where teacher_id = ?');
  const open = sqlite.prepare(
    `insert into accounts (id, name, display_name, kind, teacher_id, must_change_password, enabled)
     values (?, ?, ?, 'teacher', ?, 1, 0)`,
  );
  return {
    missing: () => [],
    write: (teacher) => {
      if (!write(teacher)) return false;
      const name = `${schoolCode}_${teacher.account}`;
      if (renew.run(name, teacher.name, teacher.active ? 1 : 0, teacher.id).changes === 0) {
        open.run(randomUUID(), name, teacher.name, teacher.id);
      }
      return true;
    },
    finish: () => {
      sqlite
        .prepare(
          'update accounts set enabled = 0 where enabled = 1 and teacher_id in (select id from teachers where deleted_at is not null)',
        )
        .run();
    },
  };
}

/** 學校班級資料. Terms that have classes are on offer (S0213S); which is current, the office sets or the day says. */
export function classWriter(context: WriterContext): RecordWriter<'classes'> {
  const { sqlite } = context;
  const teachers = ids(context, 'teachers');
  const write = upsert<RecordOf<'classes'>>(context, 'class_sections', {
    ...termColumns,
    grade: (section) => section.grade,
    code: (section) => section.code,
    name: (section) => section.name,
    sort_key: (section) => classSortKey(section.name),
    department_name: (section) => section.departmentName,
    homeroom_teacher_id: (section) => section.homeroomTeacherId,
    division: (section) => section.division,
  });
  return {
    missing: ({ homeroomTeacherId }) => absent({ homeroomTeacherId: teachers.has(homeroomTeacherId) }),
    write,
    finish: () => {
      sqlite
        .prepare(
          `update students set current_class_sort_key = section.sort_key, current_grade = section.grade
           from class_sections section
           where section.id = students.current_class_id
             and (students.current_class_sort_key is not section.sort_key or students.current_grade is not section.grade)`,
        )
        .run();
      sqlite
        .prepare(
          `insert into terms (id, version, academic_year, semester, current, offered)
           select distinct academic_year || semester, 0, academic_year, semester, 0, 1 from class_sections where deleted_at is null
           on conflict do nothing`,
        )
        .run();
    },
  };
}

interface Seat {
  academicYear: number;
  semester: number;
  classId: string;
  seatNumber: number;
}

/** 學籍及人員資料, with the classes a student sat in; the newest is copied beside the student for lists to sort by. */
export function studentWriter(context: WriterContext): RecordWriter<'students'> {
  const { sqlite } = context;
  const classes = new Map(
    sqlite
      .prepare<[], { id: string; grade: number; sortKey: string }>('select id, grade, sort_key as sortKey from class_sections')
      .all()
      .map((section) => [section.id, section]),
  );
  let seat: Seat | undefined;
  const write = upsert<RecordOf<'students'>>(context, 'students', {
    student_number: (student) => student.studentNumber,
    identity: (student) => student.identity,
    name: (student) => student.name,
    birth_date: (student) => student.birthDate,
    sex: (student) => student.sex,
    email: (student) => student.email,
    account: (student) => student.account,
    status: (student) => student.status,
    status_changed_on: (student) => student.statusChangedOn,
    entry_year: (student) => student.entryYear,
    other_school_code: (student) => student.otherSchoolCode,
    current_class_id: () => seat?.classId ?? null,
    current_seat_number: () => seat?.seatNumber ?? null,
    current_grade: () => (seat ? classes.get(seat.classId)!.grade : null),
    current_class_sort_key: () => (seat ? classes.get(seat.classId)!.sortKey : null),
  });
  const writeSeats = children<Seat>(context, 'enrollments', 'student_id', {
    ...termColumns,
    class_section_id: (enrollment) => enrollment.classId,
    seat_number: (enrollment) => enrollment.seatNumber,
  });
  return {
    missing: ({ enrollments }) => absent({ 'enrollments.classId': enrollments.every(({ classId }) => classes.has(classId)) }),
    write: (student) => {
      seat = newest(student.enrollments);
      if (!write(student)) return false;
      writeSeats(student.id, student.enrollments);
      return true;
    },
  };
}

function newest(enrollments: readonly Seat[]): Seat | undefined {
  let latest: Seat | undefined;
  for (const seat of enrollments) {
    const later =
      !latest || seat.academicYear > latest.academicYear || (seat.academicYear === latest.academicYear && seat.semester > latest.semester);
    if (later) latest = seat;
  }
  return latest;
}

/** 輔導教師資料. */
export function counselorWriter(context: WriterContext): RecordWriter<'counselors'> {
  const teachers = ids(context, 'teachers');
  const classes = ids(context, 'class_sections');
  return {
    missing: ({ teacherId, classId }) => absent({ teacherId: teachers.has(teacherId), classId: classes.has(classId) }),
    write: upsert<RecordOf<'counselors'>>(context, 'counselors', {
      teacher_id: (counselor) => counselor.teacherId,
      class_section_id: (counselor) => counselor.classId,
      ...termColumns,
    }),
  };
}
