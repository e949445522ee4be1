import { transferSections } from '../../../domain/transfer-content.ts';
import type { ImportedStudent } from '../../../main/features/transfer-in/contract.ts';

export interface SectionRow {
  section: string;
  added: number;
  unchanged: number;
  conflicts: number;
}

const rank = (section: string) => (transferSections.includes(section) ? transferSections.indexOf(section) : transferSections.length);

/** `課程學習成果 7 筆、競賽參與紀錄 2 筆`, in the order of the manual; empty of none. */
export function sectionWords(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([section, count]) => `${section} ${count} 筆`)
    .join('、');
}

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
