import type { Sqlite } from '../../db/connection.ts';
import type { RosterColumn, RosterSheet } from '../../main/features/submissions/layouts.ts';
import type { RosterRow } from '../../main/features/submissions/roster-rows.ts';

/** One field of one record made wrong, and what the check must say of it. */
export interface Corruption {
  name: string;
  /** The heading that the finding must name; null of what is about the student or the record as a whole. */
  field: string | null;
  codes: readonly string[];
  apply: (sqlite: Sqlite, row: RosterRow) => void;
}

const tables = { outcomes: 'learning_outcomes', performances: 'diverse_performances', cadres: 'cadres' } as const;
const columnsOf: Record<string, string> = {
  courseCode: 'course_code',
  subjectName: 'subject_name',
  courseGrade: 'grade',
  credits: 'credits',
  semester: 'semester',
  sourceSchoolCode: 'source_school_code',
  summary: 'summary',
  externalLink: 'external_link',
  unitName: 'unit_name',
  positionName: 'position_name',
  levelCode: 'level_code',
  startsOn: 'starts_on',
  endsOn: 'ends_on',
  makeupMethod: 'makeup_method',
  retakeMethod: 'retake_method',
  identity: 'identity',
  birthDate: 'birth_date',
};

/** Sets a field of a record, or of its student, wherever it lies. */
function setField(sqlite: Sqlite, { sheet, record }: RosterRow, field: string, value: string | number | null): void {
  if (field.startsWith('details.')) {
    sqlite
      .prepare(`update diverse_performances set details = json_set(details, '$.${field.slice('details.'.length)}', ?) where id = ?`)
      .run(value, record.recordId);
  } else if (field === 'identity' || field === 'birthDate') {
    sqlite.prepare(`update students set ${columnsOf[field]} = ? where id = ?`).run(value, record.studentId);
  } else sqlite.prepare(`update ${tables[sheet.source]} set ${columnsOf[field]} = ? where id = ?`).run(value, record.recordId);
}

/** Fields of which the row is found by (its year and term), or that follow from others. */
const fixed = new Set(['academicYear', 'semester', 'actualSemester', 'documentLink', 'mediaLink']);

const setTo = (column: RosterColumn, name: string, codes: readonly string[], value: string | number | null): Corruption => ({
  name: `${column.title} ${name}`,
  field: column.title,
  codes,
  apply: (sqlite, row) => setField(sqlite, row, column.field, value),
});

/** Whether the database takes nothing at all for the field: JSON and columns without NOT NULL. */
const mayBeNull = (field: string) =>
  field.startsWith('details.') || ['externalLink', 'makeupMethod', 'retakeMethod', 'identity'].includes(field);

function corruptionsOfColumn(column: RosterColumn, sheet: RosterSheet): Corruption[] {
  const { kind, required, field, minimum, maximum, usual } = column;
  const to = (name: string, codes: readonly string[], value: string | number | null) => setTo(column, name, codes, value);
  if (fixed.has(field)) return [];
  const found: Corruption[] = [];
  if (required && kind !== 'identity') {
    if (mayBeNull(field)) found.push(to('missing', ['field.required'], null));
    if (kind !== 'number') found.push(to('blank', ['field.required'], '　 '));
  }
  switch (kind) {
    case 'identity':
      return [
        to('missing', ['identity.missing'], null),
        to('cut', ['identity.invalid'], 'A12345678'),
        to('with a wrong check digit', ['identity.invalid'], 'A123456780'),
        to('of no shape', ['identity.invalid'], 'A323456789'),
      ];
    case 'birthday':
      return [
        to('no day', ['birthday.invalid'], '2010-02-30'),
        to('still to come', ['birthday.invalid'], '2031-01-01'),
        to('of a century ago', ['birthday.invalid'], '1890-05-05'),
      ];
    case 'day':
      found.push(
        to('no day', ['day.invalid'], '2026-13-40'),
        to('far in the future', ['day.future'], '2031-01-01'),
        to('long ago', ['day.outside', 'day.order'], '1999-01-01'),
      );
      break;
    case 'number':
      if (minimum !== undefined) found.push(to('too small', ['number.outside'], minimum - 7));
      if (maximum !== undefined) found.push(to('too big', ['number.outside'], maximum + 1));
      if (usual !== undefined)
        found.push(to('unusual', maximum !== undefined && usual + 1 > maximum ? ['number.outside'] : ['number.unusual'], usual + 1));
      if (field.startsWith('details.')) found.push(to('a word', ['number.invalid'], '很多'));
      break;
    case 'code':
      if (column.codeTable) found.push(to('unknown', ['code.unknown'], '沒有這個代碼'));
      break;
    case 'courseCode':
      found.push(to('cut', ['courseCode.malformed'], '110999999V'), to('lower case', ['courseCode.malformed'], 'a'.repeat(23)));
      if (column.known) found.push(to('of no course', ['courseCode.unknown'], 'Z'.repeat(23)));
      break;
    case 'schoolCode':
      found.push(to('cut', ['schoolCode.malformed'], '1234'));
      break;
    case 'summary':
      found.push(
        to('too long', ['summary.tooLong'], '長'.repeat(101)),
        to('with a control character', ['field.control'], '探究\u0007報告'),
      );
      break;
    case 'text':
      found.push(
        to('too long', ['field.tooLong'], '長'.repeat(256)),
        to('with a control character', ['field.control'], '社\u0000團'),
        to('with half a character', ['field.control'], '學\ud842長'),
      );
      break;
    default:
      break;
  }
  const [earlier] = sheet.order.find(([, later]) => later === field) ?? [];
  if (earlier) {
    found.push({
      name: `${column.title} before ${earlier}`,
      field: column.title,
      codes: ['day.order'],
      apply: (sqlite, row) => {
        const start = new Date(`${row.record[earlier]}T00:00:00Z`);
        start.setUTCDate(start.getUTCDate() - 1);
        setField(sqlite, row, field, start.toISOString().slice(0, 10));
      },
    });
  }
  return found;
}

function fileCorruptions(sheet: RosterSheet): Corruption[] {
  if (sheet.source === 'cadres') return [];
  const table = tables[sheet.source];
  const heading = (field: string) => sheet.columns.find((column) => column.field === field)!.title;
  const ofDocument = (name: string, codes: readonly string[], sql: string): Corruption => ({
    name: `document ${name}`,
    field: heading('documentLink'),
    codes,
    apply: (sqlite, { record }) => {
      // A file of its own, so that the corruption concerns this record only.
      sqlite
        .prepare(
          `insert into attachments (sha256, md5, bytes, media_type, at_city, verified_at) values (?, ?, 1000, 'application/pdf', 1, '2026-11-24T00:00:00.000Z')`,
        )
        .run('f'.repeat(64), 'f'.repeat(32));
      sqlite
        .prepare(`update ${table} set document_sha256 = ?, document_name = '報告.pdf' where id = ?`)
        .run('f'.repeat(64), record.recordId);
      sqlite.prepare(`update attachments set ${sql} where sha256 = ?`).run('f'.repeat(64));
    },
  });
  return [
    ofDocument('damaged', ['file.damaged'], `damaged_at = '2026-11-24T00:00:00.000Z'`),
    ofDocument('not what it says', ['file.kind'], `content_problem = 'otherKind'`),
    ofDocument('of a kind for the other place', ['file.kind'], `media_type = 'video/mp4'`),
    ofDocument('cut off', ['file.unreadable'], `content_problem = 'truncated'`),
    ofDocument('locked', ['file.unreadable'], `content_problem = 'locked'`),
    ofDocument('too big', ['file.tooBig'], 'bytes = 4194305'),
    ofDocument('never looked at', ['file.unchecked'], 'verified_at = null'),
  ];
}

/** What is wrong with an outcome beyond its cells. */
const outcomeCorruptions: Corruption[] = [
  {
    name: 'not certified',
    field: '認證狀態',
    codes: ['certification.missing'],
    apply: (sqlite, { record }) => sqlite.prepare(`update learning_outcomes set state = 'pending' where id = ?`).run(record.recordId),
  },
  {
    name: 'ticked before it was certified',
    field: '認證狀態',
    codes: ['certification.late'],
    apply: (sqlite, { record }) =>
      sqlite.prepare(`update learning_outcomes set certified_at = '2026-11-20T00:00:00.000Z' where id = ?`).run(record.recordId),
  },
  {
    name: 'without any file',
    field: '文件連結',
    codes: ['file.none'],
    apply: (sqlite, { record }) =>
      sqlite.prepare('update learning_outcomes set document_sha256 = null, media_sha256 = null where id = ?').run(record.recordId),
  },
];

/** What is wrong with a student or among his records. */
function wholeCorruptions(sheet: RosterSheet): Corruption[] {
  const table = tables[sheet.source];
  const clone = (sqlite: Sqlite, recordId: unknown, id: string) => {
    const columns = sqlite.prepare<[string], string>("select name from pragma_table_info(?) where name <> 'id'").pluck().all(table);
    sqlite
      .prepare(`insert into ${table} (id, ${columns.join(', ')}) select ?, ${columns.join(', ')} from ${table} where id = ?`)
      .run(id, recordId);
  };
  return [
    {
      name: 'no seat in any class',
      field: null,
      codes: ['student.notEnrolled'],
      apply: (sqlite, { record }) => sqlite.prepare('delete from enrollments where student_id = ?').run(record.studentId),
    },
    {
      name: 'the same twice',
      field: null,
      codes: ['record.duplicate'],
      apply: (sqlite, { record }) => clone(sqlite, record.recordId, 'clone'),
    },
    ...(sheet.source === 'cadres'
      ? []
      : [
          {
            name: 'too many ticked',
            field: '勾選數量',
            codes: ['tick.tooMany'],
            apply: (sqlite: Sqlite, { record }: RosterRow) => {
              for (let count = 0; count < 10; count += 1) clone(sqlite, record.recordId, `clone-${count}`);
            },
          },
        ]),
  ];
}

/** Every single-field corruption of a sheet's rows that the check must find. */
export function corruptionsOf(sheet: RosterSheet): Corruption[] {
  return [
    ...sheet.columns.flatMap((column) => corruptionsOfColumn(column, sheet)),
    ...fileCorruptions(sheet),
    ...(sheet.source === 'outcomes' ? outcomeCorruptions : []),
    ...wholeCorruptions(sheet),
  ];
}
