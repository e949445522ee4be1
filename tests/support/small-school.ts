import type { CityRecord } from '../../main/central/embedded/index.ts';
import type { DraftOf, FileReference, RecordOf, ResourceName } from '../../main/central/resources.ts';

/** Records of a school of a few, made by hand: where a test needs to know each of them. */
const entry = <Name extends ResourceName>(resource: Name, record: DraftOf<Name>): CityRecord => ({ resource, record });

export const teacher = (number: number, changes: Partial<DraftOf<'teachers'>> = {}) =>
  entry('teachers', { id: `t${number}`, account: `teacher${number}`, name: `教師${number}`, email: null, active: true, ...changes });

export const classSection = (id: string, name: string, changes: Partial<DraftOf<'classes'>> = {}) =>
  entry('classes', {
    id,
    academicYear: 115,
    semester: 1,
    grade: 1,
    code: '101',
    name,
    departmentName: null,
    homeroomTeacherId: 't1',
    division: 'day',
    ...changes,
  });

export const student = (number: number, changes: Partial<DraftOf<'students'>> = {}) =>
  entry('students', {
    id: `s${number}`,
    studentNumber: `1150${String(number).padStart(3, '0')}`,
    identity: null,
    name: `學生${number}`,
    birthDate: '2010-03-05',
    sex: 'female',
    email: null,
    account: null,
    status: 'enrolled',
    statusChangedOn: null,
    entryYear: 115,
    otherSchoolCode: null,
    enrollments: [{ academicYear: 115, semester: 1, classId: 'c1', seatNumber: number }],
    ...changes,
  });

export const fileReference = (sha256: string): FileReference => ({
  sha256,
  md5: '0'.repeat(32),
  bytes: 3,
  mediaType: 'application/pdf',
  name: '作品.pdf',
});

export const outcome = (id: string, studentId: string, changes: Partial<RecordOf<'outcomes'>> = {}) =>
  entry('outcomes', {
    id,
    studentId,
    academicYear: 115,
    semester: 1,
    courseOfferingId: null,
    courseCode: '',
    subjectName: '國語文',
    credits: 4,
    grade: 1,
    courseSemester: 1,
    exchange: false,
    retake: false,
    retakeTerm: null,
    retakeMethod: null,
    makeup: false,
    makeupTerm: null,
    makeupMethod: null,
    repeat: false,
    repeatTerm: null,
    beforeTransfer: false,
    document: null,
    media: null,
    summary: '',
    state: 'draft',
    uploadedTerm: '1151',
    createdAt: '2026-10-01T02:03:04.000Z',
    sentForCertificationAt: null,
    certifierId: null,
    certifierName: null,
    certifiedAt: null,
    certificationRemark: null,
    tickedAt: null,
    submittedTerm: '0000',
    sourceSchoolCode: '999999',
    sourceUnitCode: null,
    ...changes,
  });

/** 提交期限 of 多元表現 of 114, open in October and November 2026, unless told otherwise. */
export const submissionWindow = (id: string, changes: Partial<DraftOf<'city-windows'>> = {}) =>
  entry('city-windows', {
    id,
    purpose: 'submission',
    kind: 'performances',
    academicYear: 114,
    semester: 0,
    startsOn: '2026-10-01',
    endsOn: '2026-11-30',
    batch: 'regular',
    ...changes,
  });

export const code = (id: string, changes: Partial<DraftOf<'codes'>> = {}) =>
  entry('codes', { id, table: 'cadreLevel', code: '1', label: '校級幹部', validFromYear: 108, ...changes });

/** Two teachers, two classes and `students` students in the first. */
export function smallSchool(students = 3): CityRecord[] {
  return [
    teacher(1),
    teacher(2),
    classSection('c1', '一年一班'),
    classSection('c2', '一年十班'),
    ...Array.from({ length: students }, (_, index) => student(index + 1)),
  ];
}

export const cadre = (id: string, studentId: string) =>
  entry('cadres', {
    id,
    studentId,
    academicYear: 115,
    semester: 1,
    unitName: '班聯會',
    positionName: '主席',
    levelCode: '1',
    startsOn: '2026-08-30',
    endsOn: '2027-01-20',
    createdAt: '2026-09-01T00:00:00.000Z',
    submittedTerm: '0000',
    sourceSchoolCode: '999999',
    sourceUnitCode: null,
  });
