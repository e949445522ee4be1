import { type ConflictChoice, conflictChoices } from '../../../domain/transfer-conflicts.ts';
import type { ConflictLine, PreviewedStudent } from '../../../main/features/transfer-in/contract.ts';

/** What the clerk chose, by conflict: on the record as it was shown, so that another check keeps what still holds. */
export type Choices = Readonly<Record<string, { choice: ConflictChoice; basis: string }>>;

/** A conflict with whose it is. */
export interface StudentConflict extends ConflictLine {
  studentName: string;
  nationalId: string;
}

/** Conflicts of all students of a check, in the file's order. */
export function conflictsOf(students: readonly PreviewedStudent[]): StudentConflict[] {
  return students.flatMap(({ name, nationalId, differing }) => differing.map((line) => ({ ...line, studentName: name, nationalId })));
}

/** Nothing is overwritten that was not chosen. */
export function choiceOf(choices: Choices, { key, basis }: ConflictLine): ConflictChoice {
  const chosen = choices[key];
  return chosen?.basis === basis ? chosen.choice : 'keep';
}

/** One choice for all; what may not be replaced keeps the one that is here. */
export function chooseAll(choices: Choices, lines: readonly ConflictLine[], choice: ConflictChoice): Choices {
  const chosen = lines.map(
    (line) => [line.key, { choice: choice === 'replace' && line.barrier ? 'keep' : choice, basis: line.basis }] as const,
  );
  return { ...choices, ...Object.fromEntries(chosen) };
}

/** How many of each choice. */
export function countChoices(choices: Choices, lines: readonly ConflictLine[]): Record<ConflictChoice, number> {
  const counts: Record<ConflictChoice, number> = { keep: 0, replace: 0, both: 0 };
  for (const line of lines) counts[choiceOf(choices, line)] += 1;
  return counts;
}

/** Every conflict with its choice: having seen them, the clerk has decided about all. */
export function givenChoices(choices: Choices, lines: readonly ConflictLine[]): { key: string; basis: string; choice: ConflictChoice }[] {
  return lines.map((line) => ({ key: line.key, basis: line.basis, choice: choiceOf(choices, line) }));
}

const shortNames: Record<ConflictChoice, string> = { keep: '保留現有', replace: '改用檔案', both: '兩筆都保留' };

/** `保留現有 10・改用檔案 2`: what will happen, without what does not. */
export function choiceSummary(counts: Record<ConflictChoice, number>): string {
  return conflictChoices.flatMap((choice) => (counts[choice] > 0 ? [`${shortNames[choice]} ${counts[choice]}`] : [])).join('・');
}
