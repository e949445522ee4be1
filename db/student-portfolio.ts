import type { PerformanceDetails } from '../domain/performance-fields.ts';
import type { TransferCadre, TransferOutcome, TransferPerformance } from '../domain/transfer-content.ts';
import type { FileReference } from '../main/central/resources.ts';
import type { Sqlite } from './connection.ts';

/** One student's records with what is known of their files: what leaves with a transfer, and what an arrival is held against. */

interface Files {
  document: FileReference | null;
  media: FileReference | null;
}
export type OutcomeRow = Omit<TransferOutcome, 'document' | 'media'> & Files & { id: string };
export type PerformanceRow = Omit<TransferPerformance, 'document' | 'media'> & Files & { id: string };
export type CadreRow = TransferCadre & { id: string };

export interface StudentPortfolio {
  outcomes: OutcomeRow[];
  performances: PerformanceRow[];
  cadres: CadreRow[];
}

type Row = Record<string, string | number | null>;

const fileColumns = `
  r.document_sha256 as documentSha256, r.document_name as documentName,
  d.md5 as documentMd5, d.bytes as documentBytes, d.media_type as documentMediaType,
  r.media_sha256 as mediaSha256, r.media_name as mediaName, m.md5 as mediaMd5, m.bytes as mediaBytes, m.media_type as mediaMediaType`;
const fileJoins = 'left join attachments d on d.sha256 = r.document_sha256 left join attachments m on m.sha256 = r.media_sha256';

const outcomesOf = `
  select r.id, r.academic_year as academicYear, r.semester, r.course_code as courseCode, r.subject_name as subjectName, r.credits, r.grade,
    r.course_semester as courseSemester, r.exchange, r.retake, r.retake_term as retakeTerm, r.retake_method as retakeMethod,
    r.makeup, r.makeup_term as makeupTerm, r.makeup_method as makeupMethod, r.repeat, r.repeat_term as repeatTerm,
    r.before_transfer as beforeTransfer, r.summary, r.state, r.uploaded_term as uploadedTerm, r.created_at as createdAt,
    r.certified_at as certifiedAt, r.certifier_name as certifierName, r.certification_remark as certificationRemark,
    r.sent_for_certification_at as sentForCertificationAt, r.submitted_term as submittedTerm,
    r.source_school_code as sourceSchoolCode, r.source_unit_code as sourceUnitCode, ${fileColumns}
  from learning_outcomes r ${fileJoins}
  where r.student_id = ? and r.deleted_at is null
  order by r.academic_year, r.semester, r.created_at, r.id`;

const performancesOf = `
  select r.id, r.category, r.academic_year as academicYear, r.semester, r.details, r.summary, r.external_link as externalLink,
    r.uploaded_term as uploadedTerm, r.created_at as createdAt, r.submitted_term as submittedTerm,
    r.source_school_code as sourceSchoolCode, r.source_unit_code as sourceUnitCode, ${fileColumns}
  from diverse_performances r ${fileJoins}
  where r.student_id = ? and r.deleted_at is null
  order by r.category, r.academic_year, r.semester, r.created_at, r.id`;

const cadresOf = `
  select r.id, r.academic_year as academicYear, r.semester, r.unit_name as unitName, r.position_name as positionName, r.level_code as levelCode,
    r.starts_on as startsOn, r.ends_on as endsOn, r.created_at as createdAt, r.submitted_term as submittedTerm,
    r.source_school_code as sourceSchoolCode, r.source_unit_code as sourceUnitCode
  from cadres r
  where r.student_id = ? and r.deleted_at is null
  order by r.academic_year, r.semester, r.starts_on, r.id`;

function fileOf(row: Row, slot: 'document' | 'media'): FileReference | null {
  const sha256 = row[`${slot}Sha256`];
  if (typeof sha256 !== 'string') return null;
  return {
    sha256,
    md5: String(row[`${slot}Md5`]),
    bytes: Number(row[`${slot}Bytes`]),
    mediaType: String(row[`${slot}MediaType`]),
    name: String(row[`${slot}Name`] ?? sha256),
  };
}

const withoutFileColumns = (row: Row) => Object.fromEntries(Object.entries(row).filter(([key]) => !/^(document|media)[A-Z]/.test(key)));

const flags = ['exchange', 'retake', 'makeup', 'repeat', 'beforeTransfer'] as const;

/** Prepares the three statements once; each is answered through its index by student. */
export function studentPortfolios(sqlite: Sqlite): (studentId: string) => StudentPortfolio {
  const outcomes = sqlite.prepare<[string], Row>(outcomesOf);
  const performances = sqlite.prepare<[string], Row>(performancesOf);
  const cadres = sqlite.prepare<[string], Row>(cadresOf);
  return (studentId) => ({
    outcomes: outcomes.all(studentId).map((row) => {
      const plain = { ...withoutFileColumns(row), document: fileOf(row, 'document'), media: fileOf(row, 'media') };
      return { ...plain, ...Object.fromEntries(flags.map((flag) => [flag, row[flag] === 1])) } as OutcomeRow;
    }),
    performances: performances.all(studentId).map((row) => ({
      ...(withoutFileColumns(row) as unknown as Omit<PerformanceRow, 'details' | 'document' | 'media'>),
      details: JSON.parse(String(row.details)) as PerformanceDetails,
      document: fileOf(row, 'document'),
      media: fileOf(row, 'media'),
    })),
    cadres: cadres.all(studentId) as unknown as CadreRow[],
  });
}

/** The distinct files of some students' portfolios, the outcomes' first. */
export function filesOf(portfolios: readonly StudentPortfolio[]): Map<string, FileReference> {
  const files = new Map<string, FileReference>();
  for (const { outcomes, performances } of portfolios) {
    for (const { document, media } of [...outcomes, ...performances]) {
      for (const file of [document, media]) if (file) files.set(file.sha256, file);
    }
  }
  return files;
}
