import type { RecordOf } from '../../../central/resources.ts';
import { absent, children, ids, type RecordWriter, termColumns, upsert, type WriterContext } from './writer.ts';

/** What the office sets and shares with the city: the same rows whether the office or the city changed them. */

/** 學校學年期 (S0213S). Only one is current: the one written as such takes it from the others. */
export function schoolTermWriter(context: WriterContext): RecordWriter<'school-terms'> {
  const takeCurrent = context.sqlite.prepare('update terms set current = 0 where current = 1 and id <> ?');
  const newer = context.sqlite.prepare('select 1 from terms where id = ? and version > ?').pluck();
  const write = upsert<RecordOf<'school-terms'>>(context, 'terms', {
    ...termColumns,
    current: (term) => term.current,
    offered: (term) => term.offered,
  });
  return {
    missing: () => [],
    write: (term) => {
      if (newer.get(term.id, term.version) !== undefined) return false;
      if (term.current) takeCurrent.run(term.id);
      return write(term);
    },
  };
}

/** 功能參數 (manual §3.2). */
export function parameterWriter(context: WriterContext): RecordWriter<'parameters'> {
  return {
    missing: () => [],
    write: upsert<RecordOf<'parameters'>>(context, 'function_parameters', { value: (parameter) => parameter.value }),
  };
}

/** 學校作業時間 (manual §3.7). */
export function operationWindowWriter(context: WriterContext): RecordWriter<'operation-windows'> {
  return {
    missing: () => [],
    write: upsert<RecordOf<'operation-windows'>>(context, 'operation_windows', {
      item: (window) => window.item,
      ...termColumns,
      starts_on: (window) => window.startsOn,
      start_hour: (window) => window.startHour,
      ends_on: (window) => window.endsOn,
      end_hour: (window) => window.endHour,
    }),
  };
}

/** 課程諮詢教師 (manual §3.3). */
export function courseCounselorWriter(context: WriterContext): RecordWriter<'course-counselors'> {
  const teachers = ids(context, 'teachers');
  const classes = ids(context, 'class_sections');
  return {
    missing: ({ teacherId, classId }) => absent({ teacherId: teachers.has(teacherId), classId: classes.has(classId) }),
    write: upsert<RecordOf<'course-counselors'>>(context, 'course_counselors', {
      teacher_id: (counselor) => counselor.teacherId,
      class_section_id: (counselor) => counselor.classId,
      ...termColumns,
    }),
  };
}

/** 學科 and 自訂群組 with their teachers (manual §3.13.1). */
export function certifierGroupWriter(context: WriterContext): RecordWriter<'certifier-groups'> {
  const teachers = ids(context, 'teachers');
  const write = upsert<RecordOf<'certifier-groups'>>(context, 'certifier_groups', {
    kind: (group) => group.kind,
    name: (group) => group.name,
  });
  const writeMembers = children<string>(context, 'certifier_group_members', 'certifier_group_id', { teacher_id: (teacherId) => teacherId });
  return {
    missing: ({ teacherIds }) => absent({ teacherIds: teacherIds.every((teacherId) => teachers.has(teacherId)) }),
    write: (group) => {
      if (!write(group)) return false;
      writeMembers(group.id, group.teacherIds);
      return true;
    },
  };
}

/** 認證順序 (manual §3.13.2). */
export function certificationStageWriter(context: WriterContext): RecordWriter<'certification-stages'> {
  const groups = ids(context, 'certifier_groups');
  return {
    missing: ({ certifierGroupId }) => absent({ certifierGroupId: groups.has(certifierGroupId) }),
    write: upsert<RecordOf<'certification-stages'>>(context, 'certification_stages', {
      position: (stage) => stage.position,
      kind: (stage) => stage.kind,
      certifier_group_id: (stage) => stage.certifierGroupId,
    }),
  };
}

/** 代理認證教師. */
export function deputyCertifierWriter(context: WriterContext): RecordWriter<'deputy-certifiers'> {
  const teachers = ids(context, 'teachers');
  return {
    missing: ({ teacherId, deputyId }) => absent({ teacherId: teachers.has(teacherId), deputyId: teachers.has(deputyId) }),
    write: upsert<RecordOf<'deputy-certifiers'>>(context, 'deputy_certifiers', {
      teacher_id: (deputy) => deputy.teacherId,
      deputy_id: (deputy) => deputy.deputyId,
      starts_on: (deputy) => deputy.startsOn,
      ends_on: (deputy) => deputy.endsOn,
      reason: (deputy) => deputy.reason,
    }),
  };
}

/** 轉學生臨時帳號 (manual §3.17). */
export function temporaryAccountWriter(context: WriterContext): RecordWriter<'temporary-accounts'> {
  const students = ids(context, 'students');
  return {
    missing: ({ studentId }) => absent({ studentId: students.has(studentId) }),
    write: upsert<RecordOf<'temporary-accounts'>>(context, 'temporary_accounts', {
      student_id: (account) => account.studentId,
      purpose: (account) => account.purpose,
      account: (account) => account.account,
      status: (account) => account.status,
      opens_at: (account) => account.opensAt,
      expires_at: (account) => account.expiresAt,
      opened_by: (account) => account.openedBy,
    }),
  };
}

/** Files the city found damaged (manual §3.2.7). */
export function damagedFileWriter(context: WriterContext): RecordWriter<'damaged-files'> {
  return {
    missing: () => [],
    write: upsert<RecordOf<'damaged-files'>>(context, 'damaged_files', { found_at: (file) => file.foundAt }),
  };
}
