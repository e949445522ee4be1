import { performanceTitle } from '../../../../domain/performance-fields.ts';
import type { PerformanceCategory } from '../../../../domain/portfolio.ts';
import type { RecordOf } from '../../../central/resources.ts';
import { absent, fileColumns, fileReferences, ids, type RecordWriter, termColumns, upsert, type WriterContext } from './writer.ts';

/** 課程學習成果. */
export function outcomeWriter(context: WriterContext): RecordWriter<'outcomes'> {
  const students = ids(context, 'students');
  const offerings = ids(context, 'course_offerings');
  const teachers = ids(context, 'teachers');
  const knowFiles = fileReferences(context);
  const write = upsert<RecordOf<'outcomes'>>(context, 'learning_outcomes', {
    student_id: (outcome) => outcome.studentId,
    ...termColumns,
    course_offering_id: (outcome) => outcome.courseOfferingId,
    course_code: (outcome) => outcome.courseCode,
    subject_name: (outcome) => outcome.subjectName,
    credits: (outcome) => outcome.credits,
    grade: (outcome) => outcome.grade,
    course_semester: (outcome) => outcome.courseSemester,
    exchange: (outcome) => outcome.exchange,
    retake: (outcome) => outcome.retake,
    retake_term: (outcome) => outcome.retakeTerm,
    retake_method: (outcome) => outcome.retakeMethod,
    makeup: (outcome) => outcome.makeup,
    makeup_term: (outcome) => outcome.makeupTerm,
    makeup_method: (outcome) => outcome.makeupMethod,
    repeat: (outcome) => outcome.repeat,
    repeat_term: (outcome) => outcome.repeatTerm,
    before_transfer: (outcome) => outcome.beforeTransfer,
    ...fileColumns,
    summary: (outcome) => outcome.summary,
    state: (outcome) => outcome.state,
    uploaded_term: (outcome) => outcome.uploadedTerm,
    created_at: (outcome) => outcome.createdAt,
    sent_for_certification_at: (outcome) => outcome.sentForCertificationAt,
    certifier_id: (outcome) => outcome.certifierId,
    certifier_name: (outcome) => outcome.certifierName,
    certified_at: (outcome) => outcome.certifiedAt,
    certification_remark: (outcome) => outcome.certificationRemark,
    ticked_at: (outcome) => outcome.tickedAt,
    submitted_term: (outcome) => outcome.submittedTerm,
    source_school_code: (outcome) => outcome.sourceSchoolCode,
    source_unit_code: (outcome) => outcome.sourceUnitCode,
  });
  return {
    missing: ({ studentId, courseOfferingId, certifierId }) =>
      absent({
        studentId: students.has(studentId),
        courseOfferingId: offerings.has(courseOfferingId),
        certifierId: teachers.has(certifierId),
      }),
    write: (outcome) => {
      knowFiles(outcome);
      return write(outcome);
    },
  };
}

/** 多元表現. The official fields of its category stay together as JSON; what lists call it by is a column. */
export function performanceWriter(context: WriterContext): RecordWriter<'performances'> {
  const students = ids(context, 'students');
  const knowFiles = fileReferences(context);
  const write = upsert<RecordOf<'performances'>>(context, 'diverse_performances', {
    student_id: (performance) => performance.studentId,
    category: (performance) => performance.category,
    ...termColumns,
    title: (performance) => performanceTitle(performance.category as PerformanceCategory, performance.details),
    details: (performance) => JSON.stringify(performance.details),
    summary: (performance) => performance.summary,
    ...fileColumns,
    external_link: (performance) => performance.externalLink,
    uploaded_term: (performance) => performance.uploadedTerm,
    created_at: (performance) => performance.createdAt,
    ticked_at: (performance) => performance.tickedAt,
    submitted_term: (performance) => performance.submittedTerm,
    source_school_code: (performance) => performance.sourceSchoolCode,
    source_unit_code: (performance) => performance.sourceUnitCode,
  });
  return {
    missing: ({ studentId }) => absent({ studentId: students.has(studentId) }),
    write: (performance) => {
      knowFiles(performance);
      return write(performance);
    },
  };
}

/** 自傳與學習計畫. */
export function autobiographyWriter(context: WriterContext): RecordWriter<'autobiographies'> {
  const students = ids(context, 'students');
  const knowFiles = fileReferences(context);
  const write = upsert<RecordOf<'autobiographies'>>(context, 'autobiographies', {
    student_id: (document) => document.studentId,
    kind: (document) => document.kind,
    title: (document) => document.title,
    content: (document) => document.content,
    ...fileColumns,
    updated_at: (document) => document.updatedAt,
  });
  return {
    missing: ({ studentId }) => absent({ studentId: students.has(studentId) }),
    write: (document) => {
      knowFiles(document);
      return write(document);
    },
  };
}
