import { type ConflictChoice, type RecordTreatment, replacementBarrierNames } from '../../../domain/transfer-conflicts.ts';
import type { FileReference } from '../../central/resources.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { ArrivingRecord } from './matching.ts';
import type { ArrivalPlan, Conflict } from './register.ts';

/** What the clerk chose, where records of the file are here with other content. */
export interface GivenChoices {
  choices: readonly { key: string; basis: string; choice: ConflictChoice }[];
  /** For conflicts without a choice of their own; undefined leaves them undecided, and nothing of them is imported. */
  otherwise: ConflictChoice | undefined;
}

export interface DecidedConflict {
  conflict: Conflict;
  treatment: Exclude<RecordTreatment, 'added'>;
  /** Why what was chosen is not done; the conflict is then undecided. */
  obstacle: 'changed' | 'barrier' | null;
}

/** A plan in which nothing is open: what is written, and what is left. */
export interface DecidedPlan extends Omit<ArrivalPlan, 'conflicts'> {
  conflicts: DecidedConflict[];
}

const treatments = { keep: 'kept', replace: 'replaced', both: 'beside' } as const;

/** How choices are applied to a plan; one made on another state of the record here, or that may not be, is not carried out. */
export function decisions({ choices, otherwise }: GivenChoices): (plan: ArrivalPlan) => DecidedPlan {
  const given = new Map(choices.map((choice) => [choice.key, choice]));
  const decided = (conflict: Conflict): DecidedConflict => {
    const own = given.get(conflict.key);
    const choice = own?.choice ?? otherwise;
    const left = (obstacle: DecidedConflict['obstacle']): DecidedConflict => ({ conflict, treatment: 'undecided', obstacle });
    if (choice === undefined) return left(null);
    if (own && own.basis !== conflict.basis) return left('changed');
    if (choice === 'replace' && conflict.barrier) return left('barrier');
    return { conflict, treatment: treatments[choice], obstacle: null };
  };
  return (plan) => ({ ...plan, conflicts: plan.conflicts.map(decided) });
}

/**
 * Refuses an import whose choices cannot be carried out as they were made, before anything of it is written.
 * @throws transferIn.choiceChanged (details.changed: keys) where a record here is not what the choice was made on,
 *   transferIn.notReplaceable (details.key, barrier) where a record was chosen to be replaced that may not be
 */
export function refuseStaleChoices(plans: readonly DecidedPlan[], { choices }: GivenChoices): void {
  const met = new Map(plans.flatMap((plan) => plan.conflicts).map((decided) => [decided.conflict.key, decided]));
  const changed = choices
    .map(({ key }) => key)
    .filter((key) => (met.get(key)?.obstacle ?? (met.has(key) ? null : 'changed')) === 'changed');
  if (changed.length > 0) {
    throw new ApplicationError(
      'transferIn.choiceChanged',
      `檢查之後，本校有 ${changed.length} 筆紀錄已經變動，沒有匯入任何資料。請重新檢查檔案，看過新的內容後再選擇。`,
      { changed },
    );
  }
  for (const { key } of choices) {
    const { conflict, obstacle } = met.get(key)!;
    if (obstacle !== 'barrier') continue;
    throw new ApplicationError(
      'transferIn.notReplaceable',
      `有紀錄不能改用檔案中的資料（${replacementBarrierNames[conflict.barrier!]}），沒有匯入任何資料。請改選保留現有資料或兩筆都保留。`,
      { key, barrier: conflict.barrier },
    );
  }
}

/** The records of a decided plan that are written, new ones and those that replace another. */
export function writtenRecords({ fresh, conflicts }: DecidedPlan): (ArrivingRecord | Conflict)[] {
  const chosen = conflicts.filter(({ treatment }) => treatment === 'beside' || treatment === 'replaced');
  return [...fresh, ...chosen.map(({ conflict }) => conflict)];
}

/** SHA-256 of the files of what is written: no other file of the archive is put into the store. */
export function writtenFiles(plan: DecidedPlan): Set<string> {
  const files = new Set<string>();
  for (const { record } of writtenRecords(plan)) {
    const { document, media } = record as { document?: FileReference | null; media?: FileReference | null };
    for (const file of [document, media]) if (file) files.add(file.sha256);
  }
  return files;
}
