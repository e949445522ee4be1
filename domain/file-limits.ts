import type { FileSlot } from './media-type.ts';

/** Largest sizes of a record's files, in force from an academic year on (domain.md §1): documents 4 MB, audio and video 10 MB; 2 and 5 before. */
const mebibyte = 1024 * 1024;

export const fileLimits: readonly { fromAcademicYear: number; document: number; media: number }[] = [
  { fromAcademicYear: 109, document: 4 * mebibyte, media: 10 * mebibyte },
  { fromAcademicYear: 0, document: 2 * mebibyte, media: 5 * mebibyte },
];

/** Bytes that a file of a record uploaded in an academic year may have. */
export function fileLimit(slot: FileSlot, academicYear: number): number {
  return fileLimits.find(({ fromAcademicYear }) => academicYear >= fromAcademicYear)![slot];
}

/** The largest of all: what no file of any year exceeds. */
export const largestFile = Math.max(...fileLimits.flatMap(({ document, media }) => [document, media]));
