import type { ResourceName } from '../../../central/resources.ts';
import {
  attendanceWriter,
  cadreWriter,
  consultationWriter,
  courseRecordWriter,
  psychologicalTestWriter,
  rewardWriter,
  teachingAssignmentWriter,
} from './courses.ts';
import { cityWindowWriter, codeWriter, receiptWriter, submissionResultWriter } from './exchange.ts';
import {
  certificationStageWriter,
  certifierGroupWriter,
  courseCounselorWriter,
  damagedFileWriter,
  deputyCertifierWriter,
  operationWindowWriter,
  parameterWriter,
  schoolTermWriter,
  temporaryAccountWriter,
} from './office.ts';
import { classWriter, counselorWriter, studentWriter, teacherWriter } from './people.ts';
import { autobiographyWriter, outcomeWriter, performanceWriter } from './portfolio.ts';
import type { RecordWriter, WriterContext } from './writer.ts';

/** The table a resource's records are kept in, and how they get there. */
export const resourceTables: { [Name in ResourceName]: { table: string; writer: (context: WriterContext) => RecordWriter<Name> } } = {
  teachers: { table: 'teachers', writer: teacherWriter },
  classes: { table: 'class_sections', writer: classWriter },
  students: { table: 'students', writer: studentWriter },
  counselors: { table: 'counselors', writer: counselorWriter },
  'teaching-assignments': { table: 'course_offerings', writer: teachingAssignmentWriter },
  'course-records': { table: 'course_records', writer: courseRecordWriter },
  attendance: { table: 'attendance', writer: attendanceWriter },
  cadres: { table: 'cadres', writer: cadreWriter },
  rewards: { table: 'rewards', writer: rewardWriter },
  'psychological-tests': { table: 'psychological_tests', writer: psychologicalTestWriter },
  'city-windows': { table: 'city_windows', writer: cityWindowWriter },
  codes: { table: 'codes', writer: codeWriter },
  'school-terms': { table: 'terms', writer: schoolTermWriter },
  parameters: { table: 'function_parameters', writer: parameterWriter },
  'operation-windows': { table: 'operation_windows', writer: operationWindowWriter },
  'course-counselors': { table: 'course_counselors', writer: courseCounselorWriter },
  'certifier-groups': { table: 'certifier_groups', writer: certifierGroupWriter },
  'certification-stages': { table: 'certification_stages', writer: certificationStageWriter },
  'deputy-certifiers': { table: 'deputy_certifiers', writer: deputyCertifierWriter },
  'temporary-accounts': { table: 'temporary_accounts', writer: temporaryAccountWriter },
  outcomes: { table: 'learning_outcomes', writer: outcomeWriter },
  performances: { table: 'diverse_performances', writer: performanceWriter },
  consultations: { table: 'course_consultations', writer: consultationWriter },
  autobiographies: { table: 'autobiographies', writer: autobiographyWriter },
  'damaged-files': { table: 'damaged_files', writer: damagedFileWriter },
  'submission-results': { table: 'submissions', writer: submissionResultWriter },
  receipts: { table: 'receive_records', writer: receiptWriter },
};
