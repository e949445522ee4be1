import { formatRocDay } from '../../../domain/roc-date.ts';
import type { SubmissionWay } from '../../../domain/submission.ts';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import type { OutputOf } from '../../../main/features/contract.ts';

type Overview = OutputOf<'submissions.overview'>;

/** Whole days from a day to the end of a window; negative once it is over. */
export function daysLeft(endsOn: string, today: string): number {
  return Math.round((Date.parse(`${endsOn.slice(0, 10)}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / 86_400_000);
}

/** Whether the roster was handed in after it was last checked: then the steps begin anew. */
export const handedInSince = ({ last, precheck }: Overview): boolean =>
  last !== null && (precheck === null || last.submittedAt > precheck.checkedAt);

/** Which of the three steps is next; null when there is nothing to do but wait, or nothing at all. */
export function nextStep(overview: Overview): 1 | 2 | 3 | null {
  const { archivedAt, last, precheck } = overview;
  if (archivedAt !== null || overview.rows === 0) return null;
  if (handedInSince(overview)) return last!.processingStatus === 'refused' ? 1 : null;
  if (precheck === null) return 1;
  return precheck.errors > 0 ? 2 : 3;
}

/**
 * Why a roster can't be handed in now, in words for beside the button; null when it can. The backend checks all of it again, and whether
 * the roster is still the one that was checked.
 */
export function reasonAgainst(overview: Overview, way: SubmissionWay, mayCreate: boolean): string | null {
  const { window, precheck } = overview;
  if (!mayCreate) return '您的帳號沒有提交的權限，請洽學校管理者。';
  if (overview.archivedAt !== null) return '已經封存，不能再提交。';
  if (overview.rows === 0) return '名冊沒有資料。';
  if (way === 'city' && window === null) return '市級系統尚未公布提交期限。';
  if (way === 'city' && window?.state === 'soon') return `提交期限從 ${formatRocDay(window.startsOn)} 開始。`;
  if (way === 'city' && window?.state === 'closed') return `提交期限已於 ${formatRocDay(window.endsOn)} 截止。`;
  if (precheck === null) return '請先預檢。';
  if (precheck.errors > 0) return `還有 ${precheck.errors} 項錯誤，請修正後再預檢一次。`;
  return null;
}

/** Warnings of one kind: the field, with its sheet where they are all on one, how many, and one of them in words. */
export interface WarningKind {
  where: string;
  count: number;
  example: string;
}

/** Warnings by kind, the most first. */
export function warningKinds(rows: readonly GridRow[]): WarningKind[] {
  const kinds = new Map<string, { field: string; sheets: Set<string>; count: number; example: string }>();
  for (const { code, sheet, field, message } of rows) {
    const key = `${code} ${field}`;
    const kind = kinds.get(key) ?? { field: String(field ?? ''), sheets: new Set(), count: 0, example: String(message ?? '') };
    if (sheet !== null) kind.sheets.add(String(sheet));
    kind.count += 1;
    kinds.set(key, kind);
  }
  return [...kinds.values()]
    .sort((a, b) => b.count - a.count)
    .map(({ field, sheets, count, example }) => ({
      where: [...(sheets.size === 1 ? sheets : []), field].join(' ').trim(),
      count,
      example,
    }));
}
