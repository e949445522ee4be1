import type { Sqlite } from '../../../db/connection.ts';
import type { Roster, RosterSheet, SpecialKind } from './layouts.ts';

/**
 * Where a roster's rows come from, in SQL. The layouts (assets/rosters) name fields; this is what the fields are. One source serves the screen's grid,
 * the workbook and the check, so that all three show the same rows.
 */
export interface SheetSource {
  from: string;
  where: string;
  parameters: Record<string, string | number | null>;
  /** Field → SQL. */
  fields: Readonly<Record<string, string>>;
}

/** What a roster is made for: our school's code, and the template of the addresses by which the national database fetches files. */
export interface RosterSchool {
  code: string;
  name: string;
  /** `https://…/{sha256}.{extension}`; null where the city has not told it. */
  fileLinks: string | null;
}

/** As a school sorts: class, seat, then the record's own time. */
export const rosterOrder = 'c.sort_key, e.seat_number, s.student_number, r.academic_year, r.semester, r.created_at, r.id';

const extension = (type: string) => `case ${type} when 'application/pdf' then 'pdf' when 'image/jpeg' then 'jpg' when 'image/png' then 'png'
  when 'audio/mpeg' then 'mp3' when 'video/mp4' then 'mp4' else 'bin' end`;
const link = (sha256: string, type: string) =>
  `case when ${sha256} is not null and @fileLinks is not null
    then replace(replace(@fileLinks, '{sha256}', ${sha256}), '{extension}', ${extension(type)}) end`;

const studentFields = {
  studentId: 's.id',
  recordId: 'r.id',
  className: 'c.name',
  seatNumber: 'e.seat_number',
  studentNumber: 's.student_number',
  name: 's.name',
  identity: 's.identity',
  birthDate: 's.birth_date',
  studentDeletedAt: 's.deleted_at',
  status: 's.status',
  statusChangedOn: 's.status_changed_on',
  studentGrade: 'c.grade',
  academicYear: 'r.academic_year',
  semester: 'r.semester',
  sourceSchoolCode: 'r.source_school_code',
};

const fileFields = {
  documentSha256: 'r.document_sha256',
  mediaSha256: 'r.media_sha256',
  documentName: 'r.document_name',
  mediaName: 'r.media_name',
  documentType: 'd.media_type',
  mediaType: 'm.media_type',
  documentBytes: 'd.bytes',
  mediaBytes: 'm.bytes',
  documentDamagedAt: 'd.damaged_at',
  mediaDamagedAt: 'm.damaged_at',
  documentVerifiedAt: 'd.verified_at',
  mediaVerifiedAt: 'm.verified_at',
  documentProblem: 'd.content_problem',
  mediaProblem: 'm.content_problem',
  documentLink: link('r.document_sha256', 'd.media_type'),
  mediaLink: link('r.media_sha256', 'm.media_type'),
  uploadedTerm: 'r.uploaded_term',
  summary: 'r.summary',
  tickedAt: 'r.ticked_at',
};
const fileJoins = `left join attachments d on d.sha256 = r.document_sha256 left join attachments m on m.sha256 = r.media_sha256`;

const specialTerm = 'coalesce(r.retake_term, r.makeup_term, r.repeat_term)';
const yearOf = (term: string) => `cast(substr(${term}, 1, length(${term}) - 1) as integer)`;

/** One of a record's kinds, where it has several: what it was before it came here says most of it. */
const specialConditions: Record<SpecialKind, string> = {
  beforeTransfer: 'r.before_transfer = 1 and r.academic_year = @academicYear',
  exchange: 'r.exchange = 1 and r.before_transfer = 0 and r.academic_year = @academicYear',
  // 重修 補修 重讀 belong to the year in which they happened, whenever the course was due.
  retake: `r.retake = 1 and r.before_transfer = 0 and r.exchange = 0 and coalesce(${yearOf('r.retake_term')}, r.academic_year) = @academicYear`,
  makeup: `r.makeup = 1 and r.retake = 0 and r.before_transfer = 0 and r.exchange = 0
    and coalesce(${yearOf('r.makeup_term')}, r.academic_year) = @academicYear`,
  repeat: `r.repeat = 1 and r.makeup = 0 and r.retake = 0 and r.before_transfer = 0 and r.exchange = 0
    and coalesce(${yearOf('r.repeat_term')}, r.academic_year) = @academicYear`,
  none: `r.retake = 0 and r.makeup = 0 and r.repeat = 0 and r.before_transfer = 0 and r.exchange = 0 and r.academic_year = @academicYear`,
};

const outcomeFields = {
  ...studentFields,
  ...fileFields,
  courseCode: 'r.course_code',
  subjectName: 'r.subject_name',
  credits: 'r.credits',
  courseGrade: 'r.grade',
  courseSemester: 'r.course_semester',
  actualSemester: `coalesce(cast(substr(${specialTerm}, -1) as integer), r.semester)`,
  retakeTerm: 'r.retake_term',
  retakeMethod: 'r.retake_method',
  makeupTerm: 'r.makeup_term',
  makeupMethod: 'r.makeup_method',
  repeatTerm: 'r.repeat_term',
  state: 'r.state',
  certifiedAt: 'r.certified_at',
  offeringCredits: 'o.credits',
  offeringCode: 'o.course_code',
};

/** Of the class a student sat in at the year's end (or in the cadre's term). */
const classJoins = (term: string) =>
  `join students s on s.id = r.student_id
   left join enrollments e on e.student_id = r.student_id and e.academic_year = @academicYear and e.semester = ${term}
   left join class_sections c on c.id = e.class_section_id`;
const lastTerm = '(select max(x.semester) from enrollments x where x.student_id = r.student_id and x.academic_year = @academicYear)';

function detailFields(sheet: RosterSheet): Record<string, string> {
  const keys = sheet.columns.flatMap(({ field }) => (field.startsWith('details.') ? [field] : []));
  return Object.fromEntries(keys.map((key) => [key, `json_extract(r.details, '$.${key.slice('details.'.length)}')`]));
}

/**
 * The rows of a sheet as they are in the database now: ticked outcomes and performances of the year, cadres of the term, of students in the
 * grades (and 部別) of the roster. A record whose student sat in no class that year stands in the regular roster, where the check finds it.
 */
export function sheetSource(roster: Roster, sheet: RosterSheet, school: RosterSchool): SheetSource {
  const { academicYear, semester, batch, division } = roster.scope;
  const grades = roster.grades.join(', ');
  const conditions = [
    'r.deleted_at is null',
    batch === 'regular' ? `(c.grade is null or c.grade in (${grades}))` : `c.grade in (${grades})`,
    ...(roster.ofDivision ? ["coalesce(c.division, 'day') = @division"] : []),
    ...(roster.withoutAccepted
      ? [
          `not exists (select 1 from sent_rosters f join submissions g on g.id = f.submission_id
             join sent_roster_rows h on h.sent_roster_id = f.id and h.record_id = r.id
           where f.kind = @kind and f.academic_year = @academicYear and f.semester = @semester and f.batch = @without
             and g.processing_status = 'accepted' and g.deleted_at is null)`,
        ]
      : []),
  ];
  const parameters = {
    kind: roster.scope.kind,
    academicYear,
    semester,
    division,
    schoolCode: school.code,
    fileLinks: school.fileLinks,
    without: roster.withoutAccepted ?? null,
    category: sheet.category ?? null,
  };
  if (sheet.source === 'cadres') {
    return {
      from: `cadres r ${classJoins('@semester')}`,
      // What another school's office kept, that school has handed in.
      where: [...conditions, 'r.academic_year = @academicYear', 'r.semester = @semester', 'r.source_school_code = @schoolCode'].join(
        ' and ',
      ),
      parameters,
      fields: {
        ...studentFields,
        unitName: 'r.unit_name',
        positionName: 'r.position_name',
        levelCode: 'r.level_code',
        startsOn: 'r.starts_on',
        endsOn: 'r.ends_on',
      },
    };
  }
  if (sheet.source === 'performances') {
    return {
      from: `diverse_performances r ${classJoins(lastTerm)} ${fileJoins}`,
      where: [...conditions, 'r.ticked_at is not null', 'r.academic_year = @academicYear', 'r.category = @category'].join(' and '),
      parameters,
      fields: { ...studentFields, ...fileFields, title: 'r.title', externalLink: 'r.external_link', ...detailFields(sheet) },
    };
  }
  return {
    from: `learning_outcomes r ${classJoins(lastTerm)} ${fileJoins} left join course_offerings o on o.id = r.course_offering_id`,
    where: [...conditions, 'r.ticked_at is not null', specialConditions[sheet.special ?? 'none']].join(' and '),
    parameters,
    fields: outcomeFields,
  };
}

export type RosterValue = string | number | null;
/** A record with every field of its source. */
export type RosterRecord = Record<string, RosterValue>;

/** The statement that lists a sheet whole, in the school's order; also for `explain query plan` in tests. */
export function sheetStatement({ from, where, fields }: SheetSource): string {
  const list = Object.entries(fields).map(([field, sql]) => `${sql} as "${field}"`);
  return `select ${list.join(', ')} from ${from} where ${where} order by ${rosterOrder}`;
}

/** The records of a sheet, one at a time. Run inside a read transaction with the other sheets, so that all are of one moment. */
export function sheetRecords(sqlite: Sqlite, source: SheetSource): IterableIterator<RosterRecord> {
  return sqlite.prepare<[typeof source.parameters], RosterRecord>(sheetStatement(source)).iterate(source.parameters);
}

/** How many rows and students a sheet has. */
export function countSheet(sqlite: Sqlite, { from, where, parameters }: SheetSource): number {
  return sqlite.prepare<[typeof parameters], number>(`select count(*) from ${from} where ${where}`).pluck().get(parameters)!;
}

/** How many students a roster has, each once whatever the sheets he stands in. */
export function countStudents(sqlite: Sqlite, sources: readonly SheetSource[]): number {
  const students = new Set<string>();
  for (const { from, where, parameters } of sources) {
    const ids = sqlite.prepare<[typeof parameters], string>(`select distinct r.student_id from ${from} where ${where}`).pluck();
    for (const id of ids.all(parameters)) students.add(id);
  }
  return students.size;
}
