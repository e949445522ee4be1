import { createHash, randomUUID } from 'node:crypto';
import type { Sqlite } from '../../../db/connection.ts';
import { performanceTitle } from '../../../domain/performance-fields.ts';
import type { TransferLink } from '../../../domain/transfer-content.ts';
import type { DraftOf, FileReference } from '../../central/resources.ts';
import { openOutbox } from '../sync/outbox.ts';
import type { ArrivalPlan } from './register.ts';
import type { CheckedFile, CheckedStudent } from './transfer-attachments.ts';

/** Writes an arrival's new records, and for each what the city is told of it. */
export interface RecordWriter {
  /** Inside one transaction. @returns nothing; what is written is the plan's */
  write: (arrival: CheckedStudent, plan: ArrivalPlan) => void;
}

interface Origin {
  transferInId: string;
  /** UTC instant of the import. */
  at: string;
  accountName: string;
}

type Column = string | number | null;

const recordId = () => `import-${randomUUID()}`;
const hashOf = (content: string) => createHash('sha256').update(content).digest('hex');
const number = (flag: boolean) => (flag ? 1 : 0);

function reference(files: CheckedStudent['files'], link: TransferLink | null): FileReference | null {
  if (!link) return null;
  const { sha256, md5, bytes, mediaType, name } = files.get(link.path) as CheckedFile;
  return { sha256, md5, bytes, mediaType, name };
}

/** An insert by column names, prepared at its first use and kept. */
function inserts(sqlite: Sqlite): (table: string, row: Record<string, Column>) => void {
  const statements = new Map<string, ReturnType<Sqlite['prepare']>>();
  return (table, row) => {
    const names = Object.keys(row);
    let statement = statements.get(table);
    if (!statement) {
      statement = sqlite.prepare(`insert into ${table} (${names.join(', ')}) values (${names.map((name) => `@${name}`).join(', ')})`);
      statements.set(table, statement);
    }
    statement.run(row);
  };
}

const fileColumns = (document: FileReference | null, media: FileReference | null) => ({
  document_sha256: document?.sha256 ?? null,
  document_name: document?.name ?? null,
  media_sha256: media?.sha256 ?? null,
  media_name: media?.name ?? null,
});

/**
 * New records get an id of this program and version 0 until the city acknowledges them. The sending school's code
 * stays on each; outcomes become 轉學轉科前的課程學習成果 (transfer-format.md, Reading).
 */
export function recordWriter(sqlite: Sqlite, origin: Origin): RecordWriter {
  const insert = inserts(sqlite);
  const knowFile = sqlite.prepare('insert or ignore into attachments (sha256, md5, bytes, media_type, at_city) values (?, ?, ?, ?, 0)');
  const outbox = openOutbox(sqlite, origin);
  const tell = (resource: 'outcomes' | 'performances' | 'cadres', data: { id: string }) =>
    outbox.tell({ resource, id: data.id, baseVersion: 0, operation: 'create', data });
  const know = (...files: (FileReference | null)[]) => {
    for (const file of files) {
      if (!file) continue;
      knowFile.run(file.sha256, file.md5, file.bytes, file.mediaType);
      outbox.sendFile(file.sha256);
    }
  };

  const writeOutcome = (studentId: string, files: CheckedStudent['files'], { record, content }: ArrivalPlan['outcomes'][number]) => {
    const draft: DraftOf<'outcomes'> = {
      ...record,
      id: recordId(),
      studentId,
      courseOfferingId: null,
      beforeTransfer: true,
      document: reference(files, record.document),
      media: reference(files, record.media),
      certifierId: null,
      tickedAt: null,
    };
    know(draft.document, draft.media);
    insert('learning_outcomes', {
      id: draft.id,
      version: 0,
      student_id: studentId,
      academic_year: draft.academicYear,
      semester: draft.semester,
      course_code: draft.courseCode,
      subject_name: draft.subjectName,
      credits: draft.credits,
      grade: draft.grade,
      course_semester: draft.courseSemester,
      exchange: number(draft.exchange),
      retake: number(draft.retake),
      retake_term: draft.retakeTerm,
      retake_method: draft.retakeMethod,
      makeup: number(draft.makeup),
      makeup_term: draft.makeupTerm,
      makeup_method: draft.makeupMethod,
      repeat: number(draft.repeat),
      repeat_term: draft.repeatTerm,
      before_transfer: 1,
      ...fileColumns(draft.document, draft.media),
      summary: draft.summary,
      state: draft.state,
      uploaded_term: draft.uploadedTerm,
      created_at: draft.createdAt,
      sent_for_certification_at: draft.sentForCertificationAt,
      certifier_name: draft.certifierName,
      certified_at: draft.certifiedAt,
      certification_remark: draft.certificationRemark,
      submitted_term: draft.submittedTerm,
      source_school_code: draft.sourceSchoolCode,
      source_unit_code: draft.sourceUnitCode,
      transfer_in_id: origin.transferInId,
      content_hash: hashOf(content),
    });
    tell('outcomes', draft);
  };

  const writePerformance = (
    studentId: string,
    files: CheckedStudent['files'],
    { record, content }: ArrivalPlan['performances'][number],
  ) => {
    const draft: DraftOf<'performances'> = {
      ...record,
      id: recordId(),
      studentId,
      document: reference(files, record.document),
      media: reference(files, record.media),
      tickedAt: null,
    };
    know(draft.document, draft.media);
    insert('diverse_performances', {
      id: draft.id,
      version: 0,
      student_id: studentId,
      category: draft.category,
      academic_year: draft.academicYear,
      semester: draft.semester,
      title: performanceTitle(record.category, record.details),
      details: JSON.stringify(draft.details),
      summary: draft.summary,
      ...fileColumns(draft.document, draft.media),
      external_link: draft.externalLink,
      uploaded_term: draft.uploadedTerm,
      created_at: draft.createdAt,
      submitted_term: draft.submittedTerm,
      source_school_code: draft.sourceSchoolCode,
      source_unit_code: draft.sourceUnitCode,
      transfer_in_id: origin.transferInId,
      content_hash: hashOf(content),
    });
    tell('performances', draft);
  };

  const writeCadre = (studentId: string, { record, content }: ArrivalPlan['cadres'][number]) => {
    const draft: DraftOf<'cadres'> = { ...record, id: recordId(), studentId };
    insert('cadres', {
      id: draft.id,
      version: 0,
      student_id: studentId,
      academic_year: draft.academicYear,
      semester: draft.semester,
      unit_name: draft.unitName,
      position_name: draft.positionName,
      level_code: draft.levelCode,
      starts_on: draft.startsOn,
      ends_on: draft.endsOn,
      created_at: draft.createdAt,
      submitted_term: draft.submittedTerm,
      source_school_code: draft.sourceSchoolCode,
      source_unit_code: draft.sourceUnitCode,
      transfer_in_id: origin.transferInId,
      content_hash: hashOf(content),
    });
    tell('cadres', draft);
  };

  return {
    write: ({ files }, { studentId, outcomes, performances, cadres }) => {
      if (studentId === null) return;
      for (const record of outcomes) writeOutcome(studentId, files, record);
      for (const record of performances) writePerformance(studentId, files, record);
      for (const record of cadres) writeCadre(studentId, record);
    },
  };
}
