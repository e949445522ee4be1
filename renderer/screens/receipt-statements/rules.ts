import { addDays, formatRocDay } from '../../../domain/roc-date.ts';
import { shortestConfirmation } from '../../../domain/submission.ts';

/** 學生確認期間 while it is being typed; null where no real day stands. */
export interface WindowDraft {
  confirmFrom: string | null;
  confirmUntil: string | null;
}

/** The first day a window may end that begins on a day. */
export const earliestEnd = (confirmFrom: string): string => addDays(confirmFrom, shortestConfirmation - 1);

/** What is wrong with a window, in a sentence; null of one that is right or not yet whole. */
export function windowProblem({ confirmFrom, confirmUntil }: WindowDraft): string | null {
  if (!confirmFrom || !confirmUntil || confirmUntil >= earliestEnd(confirmFrom)) return null;
  return `確認期間至少 ${shortestConfirmation} 天，截止日期請設在 ${formatRocDay(earliestEnd(confirmFrom))} 或以後。`;
}

/** The window as it can be kept; null while it can't. */
export function completeWindow({ confirmFrom, confirmUntil }: WindowDraft): { confirmFrom: string; confirmUntil: string } | null {
  if (!confirmFrom || !confirmUntil || windowProblem({ confirmFrom, confirmUntil })) return null;
  return { confirmFrom, confirmUntil };
}
