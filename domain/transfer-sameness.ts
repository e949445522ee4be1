import { performanceFields, performanceTitle } from './performance-fields.ts';
import { type TransferCadre, type TransferOutcome, type TransferPerformance, unknownNumber } from './transfer-content.ts';

/**
 * When a record of a file and one of the register are the same: student, category, sending school and content
 * (transfer-format.md, Reading). What the receiving school changes later (certification, ticks, submission) is no part
 * of the content, so that the same file read again is recognised. Pure.
 */
export interface Comparable {
  /** Two records with one identity and different content are in conflict. */
  identity: string;
  content: string;
}

/** A record's files by their MD5, or null. */
export interface FileHashes {
  document: { md5: string } | null;
  media: { md5: string } | null;
}

type Facts<Record extends { document: unknown; media: unknown }> = Omit<Record, 'document' | 'media'> & FileHashes;

const toTheSecond = (instant: string) => instant.slice(0, 19);
const blankIsNone = (value: unknown) => (value === '' || value === undefined ? null : value);

export function comparableOutcome(record: Facts<TransferOutcome>): Comparable {
  const identity = [
    'outcome',
    record.sourceSchoolCode,
    record.academicYear,
    record.semester,
    record.courseCode,
    toTheSecond(record.createdAt),
  ];
  const content = [
    ...identity,
    record.subjectName,
    record.credits,
    record.grade,
    record.courseSemester,
    [record.exchange, record.retake, record.makeup, record.repeat],
    [record.retakeTerm, record.retakeMethod, record.makeupTerm, record.makeupMethod, record.repeatTerm].map(blankIsNone),
    record.document?.md5 ?? null,
    record.media?.md5 ?? null,
    record.summary,
    record.uploadedTerm,
  ];
  return { identity: JSON.stringify(identity), content: JSON.stringify(content) };
}

export function comparablePerformance(record: Facts<TransferPerformance>): Comparable {
  const identity = [
    'performance',
    record.category,
    record.sourceSchoolCode,
    record.academicYear,
    record.semester,
    performanceTitle(record.category, record.details),
    toTheSecond(record.createdAt),
  ];
  const fields = performanceFields[record.category].map(({ key, kind }) => {
    const value = blankIsNone(record.details[key]);
    if (value === null) return null;
    if (kind !== 'number') return String(value);
    return Number(value) === unknownNumber ? null : Number(value);
  });
  const content = [
    ...identity,
    fields,
    record.summary,
    record.document?.md5 ?? null,
    record.media?.md5 ?? null,
    blankIsNone(record.externalLink),
    record.uploadedTerm,
  ];
  return { identity: JSON.stringify(identity), content: JSON.stringify(content) };
}

export function comparableCadre(record: TransferCadre): Comparable {
  const identity = [
    'cadre',
    record.sourceSchoolCode,
    record.academicYear,
    record.semester,
    record.unitName,
    record.positionName,
    record.startsOn,
  ];
  return { identity: JSON.stringify(identity), content: JSON.stringify([...identity, record.endsOn, record.levelCode]) };
}
