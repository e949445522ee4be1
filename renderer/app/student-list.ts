import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { useLocation } from 'wouter';
import type { GridPlace } from '../components/grid/data-grid.tsx';
import { call } from './backend.ts';
import { CallError } from './call-error.ts';

/** The list a cabinet was opened from, and where in it. In memory only; forgotten at sign-out with every other answer. */
const key = ['kept', 'studentList'] as const;

export const cabinetPath = (studentId: string): string => `/cabinet/${encodeURIComponent(studentId)}`;

/** The student of a row: grids of students have his id as theirs, others in `studentId`. */
export const studentOf = (row: { [key: string]: unknown } | undefined): string | undefined => {
  const id = row?.studentId ?? row?.id;
  return id === undefined || id === null ? undefined : String(id);
};

export interface StudentList {
  /** Opens a cabinet; from a grid with the place it was opened at, so that one can go on to the next student. */
  open: (studentId: string, place?: GridPlace) => void;
}

export function useStudentList(): StudentList {
  const [, go] = useLocation();
  const client = useQueryClient();
  const open = useCallback(
    (studentId: string, place?: GridPlace) => {
      client.setQueryDefaults([...key], { gcTime: Number.POSITIVE_INFINITY });
      client.setQueryData([...key], place ?? null);
      go(cabinetPath(studentId));
    },
    [client, go],
  );
  return { open };
}

export interface StudentSteps {
  /** `3 / 1,080`; null without a list. */
  position: number | null;
  total: number;
  hasPrevious: boolean;
  hasNext: boolean;
  step: (by: -1 | 1) => Promise<void>;
  error: CallError | null;
}

/** Previous and next student of the list the cabinet was opened from, over the ends of its pages too. */
export function useStudentSteps(studentId: string): StudentSteps {
  const client = useQueryClient();
  const [, go] = useLocation();
  const [error, setError] = useState<CallError | null>(null);
  const place = client.getQueryData<GridPlace | null>([...key]) ?? null;
  const index = place ? place.rows.findIndex((row) => studentOf(row) === studentId) : -1;
  const position = place && index >= 0 ? (place.input.page - 1) * place.input.pageSize + index + 1 : null;
  const total = place?.total ?? 0;

  const step = async (by: -1 | 1) => {
    if (!place || position === null || position + by < 1 || position + by > total) return;
    setError(null);
    let there = place;
    let at = index + by;
    // A student may have several rows in a list of records; the next one is meant.
    for (;;) {
      const next = studentOf(there.rows[at]);
      if (next !== undefined && next !== studentId) {
        client.setQueryData([...key], there);
        return go(cabinetPath(next), { replace: true });
      }
      if (next !== undefined) {
        at += by;
        continue;
      }
      const page = there.input.page + by;
      if (page < 1 || (page - 1) * there.input.pageSize >= total) return;
      const input = { ...there.input, page };
      try {
        // Every grid's operations have one shape beside their scope (grid-contract.ts), so one of them types them all.
        const answer = await call(there.list as 'students.list', input);
        there = { ...there, input, rows: answer.rows, total: answer.total };
        at = by === 1 ? 0 : answer.rows.length - 1;
      } catch (failure) {
        return setError(CallError.from(failure));
      }
    }
  };
  return {
    position,
    total,
    hasPrevious: position !== null && position > 1,
    hasNext: position !== null && position < total,
    step,
    error,
  };
}
