import { randomUUID } from 'node:crypto';
import { ApplicationError } from '../../platform/errors.ts';
import type { OutgoingContent } from '../../platform/file-exchange.ts';
import type { ComparedConflict } from './comparison.ts';

/** What the last checks of each account found, so that both sides of a conflict are read page by page and are kept nowhere else. */
export interface RecentChecks {
  /** @returns the name by which the check is asked about */
  keep: (accountName: string, conflicts: readonly ComparedConflict[]) => string;
  /** In the order asked for. @throws transferIn.checkUnknown of another account's, or one long ago */
  find: (accountName: string, check: string, keys: readonly string[]) => ComparedConflict[];
}

/** A clerk checks one file after the other; a window left open with an earlier one still finds it. */
const mostKept = 8;

export function recentChecks(): RecentChecks {
  const kept = new Map<string, { accountName: string; conflicts: ReadonlyMap<string, ComparedConflict> }>();
  return {
    keep: (accountName, conflicts) => {
      const check = randomUUID();
      kept.set(check, { accountName, conflicts: new Map(conflicts.map((conflict) => [conflict.line.key, conflict])) });
      for (const old of [...kept.keys()].slice(0, Math.max(0, kept.size - mostKept))) kept.delete(old);
      return check;
    },
    find: (accountName, check, keys) => {
      const found = kept.get(check);
      const conflicts = found?.accountName === accountName ? keys.map((key) => found.conflicts.get(key)) : [undefined];
      if (conflicts.some((conflict) => conflict === undefined)) {
        throw new ApplicationError('transferIn.checkUnknown', '這次檢查的結果已經不在，請重新檢查檔案。', { check });
      }
      return conflicts as ComparedConflict[];
    },
  };
}

/** Files of at most 10 MB, read out of a transfer file to be looked at. */
const mostLooks = 4;

/** Contents that lie in memory only: the newest are kept, an older one has to be opened again. */
export function recentLooks(): { keep: (content: Uint8Array) => OutgoingContent } {
  const kept = new Map<string, Uint8Array>();
  return {
    keep: (content) => {
      const id = randomUUID();
      kept.set(id, content);
      for (const old of [...kept.keys()].slice(0, Math.max(0, kept.size - mostLooks))) kept.delete(old);
      return {
        bytes: content.byteLength,
        read: (start, length) => {
          const held = kept.get(id);
          if (!held) throw new ApplicationError('file.unknown', '檔案已不在，請重新開啟。');
          return held.subarray(start, start + length);
        },
      };
    },
  };
}
