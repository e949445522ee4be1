import { transferSections } from '../../../domain/transfer-content.ts';
import type { ImportedStudent } from '../../../main/features/transfer-in/contract.ts';

export interface SectionRow {
  section: string;
  added: number;
  unchanged: number;
  conflicts: number;
}

const rank = (section: string) => (transferSections.includes(section) ? transferSections.indexOf(section) : transferSections.length);

/** One line a section that has anything in it, in the order of the manual. */
export function sectionRows({ added, unchanged, conflicts }: Pick<ImportedStudent, 'added' | 'unchanged' | 'conflicts'>): SectionRow[] {
  const sections = new Set([...Object.keys(added), ...Object.keys(unchanged), ...Object.keys(conflicts)]);
  return [...sections]
    .map((section) => ({
      section,
      added: added[section] ?? 0,
      unchanged: unchanged[section] ?? 0,
      conflicts: conflicts[section] ?? 0,
    }))
    .filter((row) => row.added + row.unchanged + row.conflicts > 0)
    .sort((a, b) => rank(a.section) - rank(b.section));
}
