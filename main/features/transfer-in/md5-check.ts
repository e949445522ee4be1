import { groupMd5, looksLikeUuid4, md5Means, parseMd5 } from '../../../domain/md5-text.ts';
import { ApplicationError } from '../../platform/errors.ts';

export interface Md5Check {
  /** As typed. */
  typed: string;
  /** 檢視 may go without; an import may not. */
  optional: boolean;
  /** Why an account with the right goes on although the sender gave an identifier in place of the MD5. */
  waivedReason?: string | undefined;
}

/**
 * Holds the file's MD5 against what the clerk typed.
 * @param actual 32 lower-case hex digits
 * @returns what to remark, if anything
 * @throws transferIn.md5Missing, .md5Malformed, .md5Mismatch (details.expected, .actual; .identifier where it looks like a UUID)
 */
export function checkMd5({ typed, optional, waivedReason }: Md5Check, actual: string): string | undefined {
  if (typed.trim() === '') {
    if (optional) return '沒有輸入 MD5 值，未核對檔案是否完整。';
    throw new ApplicationError('transferIn.md5Missing', '請輸入對方學校提供的 MD5 值。');
  }
  const parsed = parseMd5(typed);
  if (parsed === undefined) {
    throw new ApplicationError('transferIn.md5Malformed', 'MD5 值應為 32 個 0 到 9、a 到 f 的字元，請檢查是否少打或多打。', {
      length: typed.trim().length,
    });
  }
  if (md5Means(typed, actual)) return undefined;
  const identifier = looksLikeUuid4(typed);
  if (identifier && waivedReason) return `MD5 未核對：對方學校提供的是識別碼。原因：${waivedReason}`;
  const both = `輸入的是 ${groupMd5(parsed)}，檔案的是 ${groupMd5(actual)}`;
  const next = identifier
    ? '輸入的值像是識別碼（UUID）而不是 MD5，請向對方學校確認；確定檔案無誤時，可由具有「修改」權限的帳號填寫原因後繼續。'
    : '檔案可能不完整或曾被修改，請重新取得檔案並確認 MD5 值。';
  throw new ApplicationError('transferIn.md5Mismatch', `MD5 值不符（${both}）。${next}`, {
    expected: groupMd5(parsed),
    actual: groupMd5(actual),
    identifier,
  });
}
