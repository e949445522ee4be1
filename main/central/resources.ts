import { z } from 'zod';
import {
  certificationStageKinds,
  certifierGroupKinds,
  operationWindowItems,
  parameterNames,
  temporaryAccountPurposes,
  temporaryAccountStatuses,
} from '../../domain/office-settings.ts';
import { autobiographyKinds, courseRecordKinds, enrollmentStatuses, outcomeStates, submissionKinds } from '../../domain/portfolio.ts';
import { divisions, processingStatuses, submissionBatches } from '../../domain/submission.ts';

/**
 * The records of the city central API, one schema a resource: what the embedded city serves, the client accepts and
 * the sync applies. assets/central-api.openapi.yaml documents the same; tests hold the two together.
 */
const id = z.string().min(1).max(64);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const instant = z.iso.datetime();
const term = { academicYear: z.int().min(80).max(200), semester: z.int().min(0).max(2) };
const text = z.string().max(4000);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const termText = z.string().regex(/^\d{2,3}[012]$|^0000$/);

const record = { id, version: z.int().positive(), deleted: z.literal(false) };
/** What is left of a deleted record. */
export const tombstone = z.object({ id, version: z.int().positive(), deleted: z.literal(true) });

/** A file beside a record: its name there, what it is, and its hashes; the bytes come from `/files/{sha256}`. */
export const fileReference = z.object({
  sha256,
  md5: z.string().regex(/^[0-9a-f]{32}$/),
  bytes: z.int().nonnegative(),
  mediaType: z.string().max(100),
  name: z.string().min(1).max(255),
});
const files = { document: fileReference.nullable(), media: fileReference.nullable() };

/** 部別 and 梯次, which a city without 進修部 or without 高三 batches need not say. */
const division = z.enum(divisions).default('day');
const batch = z.enum(submissionBatches).default('regular');

const teachers = z.object({ ...record, account: text, name: text, email: text.nullable(), active: z.boolean() });

const classes = z.object({
  ...record,
  ...term,
  grade: z.int(),
  code: text,
  name: text,
  departmentName: text.nullable(),
  homeroomTeacherId: id.nullable(),
  division,
});

const students = z.object({
  ...record,
  studentNumber: text,
  identity: text.nullable(),
  name: text,
  birthDate: day,
  sex: z.enum(['male', 'female']),
  email: text.nullable(),
  account: text.nullable(),
  status: z.enum(enrollmentStatuses),
  statusChangedOn: day.nullable(),
  entryYear: z.int(),
  otherSchoolCode: text.nullable(),
  enrollments: z.array(z.object({ ...term, classId: id, seatNumber: z.int() })),
});

const counselors = z.object({ ...record, ...term, teacherId: id, classId: id });

const teachingAssignments = z.object({
  ...record,
  ...term,
  classId: id.nullable(),
  courseCode: z.string().regex(/^[0-9A-Z]{23}$/),
  courseName: text,
  subjectName: text,
  credits: z.number(),
  grade: z.int(),
  teachers: z.array(z.object({ teacherId: id, reviewer: z.boolean() })).min(1),
});

const courseRecords = z.object({
  ...record,
  studentId: id,
  ...term,
  courseOfferingId: id.nullable(),
  courseCode: text,
  subjectName: text,
  credits: z.number(),
  grade: z.int(),
  kind: z.enum(courseRecordKinds),
  score: z.number().nullable(),
  passed: z.boolean().nullable(),
});

const attendance = z.object({ ...record, studentId: id, ...term, day, absenceCode: text, periods: z.int() });

const cadres = z.object({
  ...record,
  studentId: id,
  ...term,
  unitName: text,
  positionName: text,
  levelCode: text,
  startsOn: day,
  endsOn: day,
  createdAt: instant,
  submittedTerm: termText,
  sourceSchoolCode: text,
  sourceUnitCode: text.nullable(),
});

const rewards = z.object({ ...record, studentId: id, ...term, day, kind: text, times: z.int(), reason: text });
const psychologicalTests = z.object({ ...record, studentId: id, testName: text, takenOn: day });

const outcomes = z.object({
  ...record,
  studentId: id,
  ...term,
  courseOfferingId: id.nullable(),
  courseCode: text,
  subjectName: text,
  credits: z.number(),
  grade: z.int(),
  courseSemester: z.int(),
  exchange: z.boolean(),
  retake: z.boolean(),
  retakeTerm: termText.nullable(),
  retakeMethod: text.nullable(),
  makeup: z.boolean(),
  makeupTerm: termText.nullable(),
  makeupMethod: text.nullable(),
  repeat: z.boolean(),
  repeatTerm: termText.nullable(),
  beforeTransfer: z.boolean(),
  ...files,
  summary: text,
  state: z.enum(outcomeStates),
  uploadedTerm: termText,
  createdAt: instant,
  sentForCertificationAt: instant.nullable(),
  certifierId: id.nullable(),
  certifierName: text.nullable(),
  certifiedAt: instant.nullable(),
  certificationRemark: text.nullable(),
  tickedAt: instant.nullable(),
  submittedTerm: termText,
  sourceSchoolCode: text,
  sourceUnitCode: text.nullable(),
});

const performances = z.object({
  ...record,
  studentId: id,
  category: z.int().min(1).max(10),
  ...term,
  /** The category's official fields, keys of domain/performance-fields.ts. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  summary: text,
  ...files,
  externalLink: text.nullable(),
  uploadedTerm: termText,
  createdAt: instant,
  tickedAt: instant.nullable(),
  submittedTerm: termText,
  sourceSchoolCode: text,
  sourceUnitCode: text.nullable(),
});

const consultations = z.object({
  ...record,
  ...term,
  teacherAccount: text.nullable(),
  counselorName: text,
  place: text.nullable(),
  kind: text,
  topic: text,
  content: text,
  heldOn: day,
  createdAt: instant,
  studentIds: z.array(id),
});

const autobiographies = z.object({
  ...record,
  studentId: id,
  kind: z.enum(autobiographyKinds),
  title: text,
  content: z.string().max(20000),
  ...files,
  updatedAt: instant,
});

const cityWindows = z.object({
  ...record,
  purpose: z.enum(['operation', 'submission']),
  kind: z.enum(submissionKinds),
  ...term,
  startsOn: day,
  endsOn: day,
  /** Of a submission window. */
  batch,
});

/**
 * Code tables (幹部等級, 競賽等級 …) by the names the roster layouts call them (assets/rosters), and `school`, what other schools are called; a code
 * holds from its year on.
 */
const codes = z.object({
  ...record,
  table: z.string().regex(/^[A-Za-z]{1,40}$/),
  code: z.string().min(1).max(100),
  label: text,
  validFromYear: z.int().min(80).max(200),
});

/** One line of the national database's log. Its status text is raw: the office reads what it says (domain/submission.ts). */
const submissionResults = z.object({
  ...record,
  kind: z.enum(submissionKinds),
  ...term,
  batch,
  division,
  submissionFileId: text,
  statusText: text,
  processingStatus: z.enum(processingStatuses),
  rosterName: text.nullable(),
  submittedBy: text,
  submittedAt: instant,
  resultReceivedAt: instant.nullable(),
  /** The file with the refused rows, where the national database gave one. */
  answer: fileReference.nullable().default(null),
  /** The workbook that was handed in, by which the office knows its own again. */
  rosterSha256: sha256.nullable().default(null),
});

const receipts = z.object({
  ...record,
  dataType: text,
  ip: text,
  receivedAt: instant,
  bytes: z.int(),
  fileCount: z.int(),
  allReceived: z.boolean(),
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
  status: text,
});

/** 學校學年期 (S0213S): those on offer, exactly one of them current. Its id is the term as it is shown, `1091`. */
const schoolTerms = z.object({ ...record, ...term, current: z.boolean(), offered: z.boolean() });

/** 功能參數 (manual §3.2), its id the parameter's name; null is blank. */
const parameters = z.object({ ...record, id: z.enum(parameterNames), value: z.int().nullable() });

/** 學校作業時間 (manual §3.7): hours 0 to 23, the end hour counts whole. */
const operationWindows = z.object({
  ...record,
  item: z.enum(operationWindowItems),
  ...term,
  startsOn: day,
  startHour: z.int().min(0).max(23),
  endsOn: day,
  endHour: z.int().min(0).max(23),
});

/** 課程諮詢教師 (manual §3.3): one class of one teacher. */
const courseCounselors = z.object({ ...record, ...term, teacherId: id, classId: id });

/** 學科 and 自訂群組 of certifying teachers (manual §3.13.1). */
const certifierGroups = z.object({ ...record, kind: z.enum(certifierGroupKinds), name: text, teacherIds: z.array(id) });

/** 認證順序 (manual §3.13.2). */
const certificationStages = z.object({
  ...record,
  position: z.int().positive(),
  kind: z.enum(certificationStageKinds),
  certifierGroupId: id.nullable(),
});

/** 代理認證教師: certifies for a teacher who is away, both days included. */
const deputyCertifiers = z.object({ ...record, teacherId: id, deputyId: id, startsOn: day, endsOn: day, reason: text });

/** 轉學生臨時帳號 (manual §3.17). The city makes them; the office extends and disables them. */
const temporaryAccounts = z.object({
  ...record,
  studentId: id,
  purpose: z.enum(temporaryAccountPurposes),
  account: text,
  status: z.enum(temporaryAccountStatuses),
  opensAt: instant,
  expiresAt: instant,
  openedBy: text,
});

/** A file the city found damaged (manual §3.2.7), its id the SHA-256 it should have; deleted when it was mended. */
const damagedFiles = z.object({ ...record, id: sha256, foundAt: instant });

/** Resource name → schema of a living record, in an order in which references point backwards. */
export const resourceSchemas = {
  teachers,
  classes,
  students,
  counselors,
  'teaching-assignments': teachingAssignments,
  'course-records': courseRecords,
  attendance,
  cadres,
  rewards,
  'psychological-tests': psychologicalTests,
  'city-windows': cityWindows,
  codes,
  'school-terms': schoolTerms,
  parameters,
  'operation-windows': operationWindows,
  'course-counselors': courseCounselors,
  'certifier-groups': certifierGroups,
  'certification-stages': certificationStages,
  'deputy-certifiers': deputyCertifiers,
  'temporary-accounts': temporaryAccounts,
  outcomes,
  performances,
  consultations,
  autobiographies,
  'damaged-files': damagedFiles,
  'submission-results': submissionResults,
  receipts,
} as const;

export type ResourceName = keyof typeof resourceSchemas;
export const resourceNames = Object.keys(resourceSchemas) as ResourceName[];
/** A living record of a resource. */
export type RecordOf<Name extends ResourceName> = z.output<(typeof resourceSchemas)[Name]>;
/** The same before the city gave it a version: what the trial school's generator makes. */
export type DraftOf<Name extends ResourceName> = Omit<RecordOf<Name>, 'version' | 'deleted'>;
export type FileReference = z.output<typeof fileReference>;
export type Tombstone = z.output<typeof tombstone>;

const withDefaults = new Set(
  resourceNames.filter((name) => Object.values(resourceSchemas[name].shape).some((field: z.ZodType) => field instanceof z.ZodDefault)),
);

/** A checked record with what its schema fills in for a city that does not say it; where there is nothing to fill in, as it came. */
export function completed<Name extends ResourceName>(resource: Name, item: unknown): RecordOf<Name> {
  return (withDefaults.has(resource) ? resourceSchemas[resource].parse(item) : item) as RecordOf<Name>;
}

/** Resources that hold no portfolio: what a receiving school's trial directory has. */
export const registerResources: readonly ResourceName[] = [
  'teachers',
  'classes',
  'students',
  'counselors',
  'teaching-assignments',
  'city-windows',
  'codes',
  'school-terms',
  'parameters',
  'operation-windows',
  'course-counselors',
  'certifier-groups',
  'certification-stages',
];

/**
 * A page of a resource. Its items are checked one by one against `resourceSchemas` by whoever uses them, so that one
 * bad record does not cost the page.
 */
export const resourcePage = z.object({
  /** The cursor that was asked for: a page that a cache or proxy gives in place of another is known by it. */
  cursor: z.string().max(100),
  /** Where the next page begins; the same as the one asked for when nothing is new. */
  nextCursor: z.string().max(100),
  hasMore: z.boolean(),
  /** Records from the asked cursor on, where `count=true` asked for it. */
  total: z.int().nonnegative().optional(),
  items: z.array(z.unknown()),
});
export type ResourcePage = z.output<typeof resourcePage>;
