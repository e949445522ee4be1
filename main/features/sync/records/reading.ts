import type { Sqlite } from '../../../../db/connection.ts';
import { type RecordOf, type ResourceName, resourceSchemas } from '../../../central/resources.ts';

/** Resources that the office changes record by record: 3.2 to 3.4, 3.7, 3.11, 3.13, 3.16, 3.17, S0213S, and the files of 3.2.7. */
export const officeResources = [
  'school-terms',
  'parameters',
  'operation-windows',
  'course-counselors',
  'certifier-groups',
  'certification-stages',
  'deputy-certifiers',
  'temporary-accounts',
  'teaching-assignments',
  'outcomes',
  'performances',
  'cadres',
  'damaged-files',
] as const satisfies readonly ResourceName[];
export type OfficeResource = (typeof officeResources)[number];

const flag = (column: string) => `json(iif(${column}, 'true', 'false'))`;
const origin = `'sourceSchoolCode', r.source_school_code, 'sourceUnitCode', r.source_unit_code`;
const term = `'academicYear', r.academic_year, 'semester', r.semester`;
const file = (kind: 'document' | 'media') =>
  `(select json_object('sha256', a.sha256, 'md5', a.md5, 'bytes', a.bytes, 'mediaType', a.media_type, 'name', r.${kind}_name)
    from attachments a where a.sha256 = r.${kind}_sha256)`;

/** The fields of a record beside id, version and tombstone, as JSON made by SQLite: the way back from rows to records. */
const fields: Record<OfficeResource, { table: string; json: string }> = {
  'school-terms': { table: 'terms', json: `${term}, 'current', ${flag('r.current')}, 'offered', ${flag('r.offered')}` },
  parameters: { table: 'function_parameters', json: `'value', r.value` },
  'operation-windows': {
    table: 'operation_windows',
    json: `'item', r.item, ${term}, 'startsOn', r.starts_on, 'startHour', r.start_hour, 'endsOn', r.ends_on, 'endHour', r.end_hour`,
  },
  'course-counselors': { table: 'course_counselors', json: `${term}, 'teacherId', r.teacher_id, 'classId', r.class_section_id` },
  'certifier-groups': {
    table: 'certifier_groups',
    json: `'kind', r.kind, 'name', r.name, 'teacherIds',
      (select json_group_array(m.teacher_id) from certifier_group_members m where m.certifier_group_id = r.id)`,
  },
  'certification-stages': {
    table: 'certification_stages',
    json: `'position', r.position, 'kind', r.kind, 'certifierGroupId', r.certifier_group_id`,
  },
  'deputy-certifiers': {
    table: 'deputy_certifiers',
    json: `'teacherId', r.teacher_id, 'deputyId', r.deputy_id, 'startsOn', r.starts_on, 'endsOn', r.ends_on, 'reason', r.reason`,
  },
  'damaged-files': { table: 'damaged_files', json: `'foundAt', r.found_at` },
  'temporary-accounts': {
    table: 'temporary_accounts',
    json: `'studentId', r.student_id, 'purpose', r.purpose, 'account', r.account, 'status', r.status, 'opensAt', r.opens_at,
      'expiresAt', r.expires_at, 'openedBy', r.opened_by`,
  },
  'teaching-assignments': {
    table: 'course_offerings',
    json: `${term}, 'classId', r.class_section_id, 'courseCode', r.course_code, 'courseName', r.course_name,
      'subjectName', r.subject_name, 'credits', r.credits, 'grade', r.grade, 'teachers',
      (select json_group_array(json_object('teacherId', t.teacher_id, 'reviewer', ${flag('t.reviewer')}))
       from teaching_assignments t where t.course_offering_id = r.id)`,
  },
  outcomes: {
    table: 'learning_outcomes',
    json: `'studentId', r.student_id, ${term}, 'courseOfferingId', r.course_offering_id, 'courseCode', r.course_code,
      'subjectName', r.subject_name, 'credits', r.credits, 'grade', r.grade, 'courseSemester', r.course_semester,
      'exchange', ${flag('r.exchange')}, 'retake', ${flag('r.retake')}, 'retakeTerm', r.retake_term, 'retakeMethod', r.retake_method,
      'makeup', ${flag('r.makeup')}, 'makeupTerm', r.makeup_term, 'makeupMethod', r.makeup_method,
      'repeat', ${flag('r.repeat')}, 'repeatTerm', r.repeat_term, 'beforeTransfer', ${flag('r.before_transfer')},
      'document', ${file('document')}, 'media', ${file('media')}, 'summary', r.summary, 'state', r.state,
      'uploadedTerm', r.uploaded_term, 'createdAt', r.created_at, 'sentForCertificationAt', r.sent_for_certification_at,
      'certifierId', r.certifier_id, 'certifierName', r.certifier_name, 'certifiedAt', r.certified_at,
      'certificationRemark', r.certification_remark, 'tickedAt', r.ticked_at, 'submittedTerm', r.submitted_term,
      ${origin}`,
  },
  performances: {
    table: 'diverse_performances',
    json: `'studentId', r.student_id, 'category', r.category, ${term}, 'details', json(r.details), 'summary', r.summary,
      'document', ${file('document')}, 'media', ${file('media')}, 'externalLink', r.external_link, 'uploadedTerm', r.uploaded_term,
      'createdAt', r.created_at, 'tickedAt', r.ticked_at, 'submittedTerm', r.submitted_term, ${origin}`,
  },
  cadres: {
    table: 'cadres',
    json: `'studentId', r.student_id, ${term}, 'unitName', r.unit_name, 'positionName', r.position_name, 'levelCode', r.level_code,
      'startsOn', r.starts_on, 'endsOn', r.ends_on, 'createdAt', r.created_at, 'submittedTerm', r.submitted_term, ${origin}`,
  },
};

export const officeTable = (resource: OfficeResource): string => fields[resource].table;

export interface RecordReader {
  /**
   * A living record as the city knows it, or undefined. A record never acknowledged by the city has version 0.
   * @throws {ZodError} when the rows do not make a record of the resource
   */
  read: <Name extends OfficeResource>(resource: Name, id: string) => RecordOf<Name> | undefined;
  /** Of a record living or deleted; 0 of one that is not here. */
  version: (resource: OfficeResource, id: string) => number;
}

/** Prepares each resource's statements at their first use. */
export function recordReader(sqlite: Sqlite): RecordReader {
  const select = once((resource: OfficeResource) => {
    const { table, json } = fields[resource];
    return sqlite.prepare<[string], { version: number; record: string }>(
      `select r.version, json_object(${json}) as record from ${table} r where r.id = ? and r.deleted_at is null`,
    );
  });
  const selectVersion = once((resource: OfficeResource) =>
    sqlite.prepare<[string], number>(`select version from ${officeTable(resource)} where id = ?`).pluck(),
  );
  return {
    read: <Name extends OfficeResource>(resource: Name, id: string) => {
      const row = select(resource).get(id);
      if (!row) return undefined;
      const record = resourceSchemas[resource].parse({
        ...(JSON.parse(row.record) as object),
        id,
        version: Math.max(row.version, 1),
        deleted: false,
      });
      return { ...record, version: row.version } as RecordOf<Name>;
    },
    version: (resource, id) => selectVersion(resource).get(id) ?? 0,
  };
}

/** Makes what belongs to a key at its first use, and keeps it. */
function once<Key, Made>(make: (key: Key) => Made): (key: Key) => Made {
  const made = new Map<Key, Made>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}
