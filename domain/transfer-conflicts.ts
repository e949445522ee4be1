import { neverSubmitted, type OutcomeState } from './portfolio.ts';
import { contentFields, type PortfolioRecordKind } from './record-fields.ts';

/**
 * A record of a transfer file that is here with other content: both sides field by field, what the clerk may choose,
 * and what stands against replacing the one that is here. Pure.
 */
export const conflictChoices = ['keep', 'replace', 'both'] as const;
export type ConflictChoice = (typeof conflictChoices)[number];
export const conflictChoiceNames: Record<ConflictChoice, string> = {
  keep: '保留現有資料',
  replace: '改用檔案中的資料',
  both: '兩筆都保留',
};

/**
 * What an import did to a record: `beside`, both are kept; `undecided`, it was here with other content and nobody chose, so that nothing
 * was written.
 */
export const recordTreatments = ['added', 'beside', 'replaced', 'kept', 'undecided'] as const;
export type RecordTreatment = (typeof recordTreatments)[number];
export const recordTreatmentNames: Record<RecordTreatment, string> = {
  added: '新增',
  beside: '兩筆都保留',
  replaced: '改用檔案中的資料',
  kept: '保留現有資料',
  undecided: '未匯入',
};

export interface ConflictField {
  label: string;
  here: string;
  inFile: string;
  differs: boolean;
}

/** Both sides of a conflict under the official headings, without their files. */
export function conflictFields(kind: PortfolioRecordKind, here: object, inFile: object): ConflictField[] {
  // 轉學轉科前 is how this school sees a record, and no part of what the two schools may differ in.
  const { beforeTransfer } = here as { beforeTransfer?: boolean };
  const theirs = contentFields(kind, { ...inFile, beforeTransfer });
  return contentFields(kind, here).map(({ label, value }, index) => {
    const other = theirs[index]!.value;
    return { label, here: value, inFile: other, differs: value !== other };
  });
}

/** Why a record that is here is not replaced by another school's version of it. */
export const replacementBarriers = ['submitted', 'handedIn', 'certified', 'ownCadre', 'disputed'] as const;
export type ReplacementBarrier = (typeof replacementBarriers)[number];
export const replacementBarrierNames: Record<ReplacementBarrier, string> = {
  submitted: '已提交至中央資料庫，內容不能再變更',
  handedIn: '已列入提交的名冊，內容不能再變更',
  certified: '本校教師已認證，取代內容後原認證即不成立',
  ownCadre: '本校的幹部經歷以校務行政系統為準，請於校務行政系統更正並同步',
  disputed: '這筆紀錄的變更市級系統尚未接受，請先處理',
};

/** How a record stands here, beside its content. */
export interface RecordStanding {
  submittedTerm: string;
  /** On a roster handed in to the national database that was not refused. */
  handedIn: boolean;
  /** Null but of an outcome. */
  state: OutcomeState | null;
  /** A teacher of this school certified it, or it was certified and was always this school's. */
  certifierId: string | null;
  beforeTransfer: boolean;
  tickedAt: string | null;
  /** Kept by this school, not brought from another. */
  own: boolean;
  /** A change of it is in conflict at the city, or was refused. */
  disputed: boolean;
}

/**
 * What stands against replacing a record. A tick does not: it says which record is meant, and stays. A certification by a teacher of
 * this school does: it is of exactly the content he saw. One of the former school comes and goes with that school's record.
 */
export function replacementBarrier(kind: PortfolioRecordKind, standing: RecordStanding): ReplacementBarrier | null {
  if (standing.submittedTerm !== neverSubmitted) return 'submitted';
  if (standing.handedIn) return 'handedIn';
  const decided = standing.state === 'approved' || standing.state === 'rejected';
  if (standing.certifierId !== null || (decided && !standing.beforeTransfer)) return 'certified';
  if (kind === 'cadre' && standing.own) return 'ownCadre';
  return standing.disputed ? 'disputed' : null;
}
