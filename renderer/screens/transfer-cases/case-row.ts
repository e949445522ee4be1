import type { ArrivalState, LeaverState, TransferDirection } from '../../../domain/transfer-case.ts';
import type { GridRow } from '../../../main/application/grid-contract.ts';

/** A case as its steps need it: what a row of either grid says. */
export interface CaseRow {
  id: string;
  studentId: string;
  studentNumber: string;
  name: string;
  className: string;
  /** Of a leaver or of an arrival, by the grid it came from. */
  state: LeaverState | ArrivalState;
  schoolCode: string;
  schoolName: string;
  handedOverOn: string | null;
  /** The city deleted the student: nothing can be made of him any more. */
  deleted: boolean;
}

const text = (value: GridRow[string] | undefined): string => (value === null || value === undefined ? '' : String(value));

export function caseOf(row: GridRow): CaseRow {
  return {
    id: text(row.id),
    studentId: text(row.studentId),
    studentNumber: text(row.studentNumber),
    name: text(row.name),
    className: text(row.className),
    state: text(row.state) as CaseRow['state'],
    schoolCode: text(row.schoolCode),
    schoolName: text(row.schoolName),
    handedOverOn: text(row.handedOverOn) || null,
    deleted: row.enrollment === 'deleted',
  };
}

export type StepKind = 'handOver' | 'tellPassword' | 'acknowledge' | 'request' | 'receive' | 'unneeded' | 'school';

/** A step that the clerk is about to record, of one or of many. */
export interface WantedStep {
  kind: StepKind;
  cases: readonly CaseRow[];
}

/** The states in which a step can be recorded of many at once; what was recorded is told differently one by one. */
const bulkStates: Record<StepKind, ReadonlySet<CaseRow['state']>> = {
  handOver: new Set(['fileMade']),
  tellPassword: new Set(['fileMade', 'handedOver']),
  acknowledge: new Set(['handedOver']),
  request: new Set(['expected', 'requested']),
  receive: new Set(['expected', 'requested']),
  unneeded: new Set(['withoutFile', 'fileMade', 'handedOver', 'expected', 'requested', 'received']),
  school: new Set(['withoutFile', 'fileMade', 'handedOver', 'expected', 'requested', 'received']),
};

/** Those of the ticked that a step can be recorded of. */
export const fitFor = (kind: StepKind, cases: readonly CaseRow[]): CaseRow[] => cases.filter(({ state }) => bulkStates[kind].has(state));

/** What is done next, by the state: the button of a row. */
export const nextSteps: Record<TransferDirection, Partial<Record<CaseRow['state'], StepKind>>> = {
  out: { fileMade: 'handOver', handedOver: 'acknowledge' },
  in: { expected: 'request', requested: 'receive' },
};

export const stepNames: Record<TransferDirection, Record<StepKind, string>> = {
  out: {
    handOver: '登記交付',
    tellPassword: '登記密碼告知',
    acknowledge: '登記確認',
    request: '',
    receive: '',
    unneeded: '無須交付',
    school: '登記轉入學校',
  },
  in: {
    handOver: '',
    tellPassword: '',
    acknowledge: '',
    request: '登記催交',
    receive: '登記收到檔案',
    unneeded: '無須匯入',
    school: '登記原就讀學校',
  },
};
