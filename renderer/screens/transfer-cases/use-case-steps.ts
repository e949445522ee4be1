import { useState } from 'react';
import type { TransferDirection } from '../../../domain/transfer-case.ts';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import type { GridPlace, OpenedRow } from '../../components/index.ts';
import { type CaseRow, fitFor, type StepKind, stepNames, type WantedStep } from './case-row.ts';
import { useTickedCases } from './use-ticked-cases.ts';

/** A step that can be recorded for some of the ticked cases. */
export interface BulkStep {
  /** `登記交付（3 人）`. */
  text: string;
  cases: readonly CaseRow[];
  start: () => void;
}

/** What the clerk does in a list of cases: ticks some, records a step for one or for many, opens one. */
export function useCaseSteps(direction: TransferDirection, active: boolean) {
  const [step, setStep] = useState<WantedStep | null>(null);
  const [opened, setOpened] = useState<OpenedRow | null>(null);
  const [note, setNote] = useState('');
  const { ticked, clear, selection } = useTickedCases(active);

  const start = (wanted: WantedStep) => {
    setNote('');
    setStep(wanted);
  };
  return {
    ticked,
    clear,
    selection,
    /** What was last recorded, in words. */
    note,
    step,
    start,
    cancel: () => setStep(null),
    finish: (done: string) => {
      setStep(null);
      setNote(done);
      clear();
    },
    bulk: (kind: StepKind): BulkStep => {
      const cases = fitFor(kind, ticked);
      return {
        text: `${stepNames[direction][kind]}${cases.length > 0 ? `（${cases.length} 人）` : ''}`,
        cases,
        start: () => start({ kind, cases }),
      };
    },
    opened,
    setOpened,
    open: (row: GridRow, place: GridPlace) => setOpened({ id: String(row.id), place }),
  };
}

export type CaseSteps = ReturnType<typeof useCaseSteps>;
