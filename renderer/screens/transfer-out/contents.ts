import type { OutputOf } from '../../../main/features/contract.ts';

/** What leaves with one student, as `transferOut.preview` counts it. */
export type LeavingStudent = OutputOf<'transferOut.preview'>['students'][number];

export interface LeavingTotals {
  students: number;
  learningOutcomes: number;
  performances: number;
  cadres: number;
  files: number;
  bytes: number;
  filesToFetch: number;
}

export function performancesOf({ counts }: LeavingStudent): number {
  return Object.values(counts.performances).reduce((sum, count) => sum + count, 0);
}

/** The sums below the list: what the receiving school will be given in all. */
export function totalsOf(students: readonly LeavingStudent[]): LeavingTotals {
  const totals: LeavingTotals = {
    students: students.length,
    learningOutcomes: 0,
    performances: 0,
    cadres: 0,
    files: 0,
    bytes: 0,
    filesToFetch: 0,
  };
  for (const student of students) {
    totals.learningOutcomes += student.counts.learningOutcomes;
    totals.performances += performancesOf(student);
    totals.cadres += student.counts.cadres;
    totals.files += student.files;
    totals.bytes += student.bytes;
    totals.filesToFetch += student.filesToFetch;
  }
  return totals;
}
