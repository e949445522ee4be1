import versions from './limits.json' with { type: 'json' };
import type { FileSlot } from './media-type.ts';

/**
 * What the ministry limits, each entry in force from an academic year on (domain.md §1): sizes of a record's files in bytes, characters of
 * its 簡述, records ticked in one year. A change of the ministry's is an entry of limits.json.
 */
export interface Limits {
  fromAcademicYear: number;
  documentBytes: number;
  mediaBytes: number;
  summaryCharacters: number;
  tickedOutcomes: number;
  tickedPerformances: number;
}

/** Newest first, as limits.json lists them. */
export const allLimits: readonly Limits[] = versions;

/** The limits in force in an academic year. */
export function limitsOf(academicYear: number): Limits {
  return allLimits.find(({ fromAcademicYear }) => academicYear >= fromAcademicYear)!;
}

/** Bytes that a file of a record uploaded in an academic year may have. */
export function fileLimit(slot: FileSlot, academicYear: number): number {
  const limits = limitsOf(academicYear);
  return slot === 'document' ? limits.documentBytes : limits.mediaBytes;
}

/** The largest of all: what no file of any year exceeds. */
export const largestFile = Math.max(...allLimits.flatMap(({ documentBytes, mediaBytes }) => [documentBytes, mediaBytes]));

/** At most this many are ticked in one academic year (作業要點; manual §3.5), as the newest limits have it. */
export const tickLimits = { outcomes: allLimits[0]!.tickedOutcomes, performances: allLimits[0]!.tickedPerformances } as const;
