import type { Sqlite } from '../../db/sqlite.ts';
import { ApplicationError } from '../platform/errors.ts';

/**
 * Refuses a file that was deleted for good with students whose retention was over: it is not fetched again from where it still lies.
 * @throws `attachment.purged`
 */
export function requireUnpurged(sqlite: Sqlite, sha256s: readonly string[]): void {
  const purged = sqlite.prepare<[string], string | null>('select purged_at from attachments where sha256 = ?').pluck();
  for (const sha256 of sha256s) {
    if (purged.get(sha256)) {
      throw new ApplicationError(
        'attachment.purged',
        '這個檔案含有已超過保存期限的學生，已依規定刪除，本機不再保存也不會再下載；需要時請向市級系統或中央資料庫查詢。',
        { sha256 },
      );
    }
  }
}
