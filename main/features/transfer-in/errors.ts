import { ApplicationError } from '../../platform/errors.ts';
import type { JsonFault } from '../../platform/strict-json.ts';

/**
 * Failures of reading a transfer file, each with its own code and what the clerk does next; docs/transfer-files.md lists
 * them all. What the ZIP reader refuses (main/platform/archive-errors.ts) has the same name here.
 */

/** The clerk's file went away or cannot be read; of the disk's other failures the foundation tells. */
const unreadableCauses = new Set(['ENOENT', 'EACCES', 'EPERM', 'EISDIR', 'EIO', 'ENXIO', 'ENODEV', 'EBUSY', 'UNKNOWN']);

/** What the ZIP reader or the disk said, under this feature's codes; anything else as it is. */
export function asTransferError(error: unknown): unknown {
  if (error instanceof ApplicationError && error.code.startsWith('archive.')) {
    return new ApplicationError(error.code.replace('archive.', 'transferIn.'), error.message, { ...error.details }, { cause: error });
  }
  const cause = (error as NodeJS.ErrnoException | null)?.code;
  return cause !== undefined && unreadableCauses.has(cause) ? unreadable(cause, error) : error;
}

const unreadable = (cause: string, error: unknown) =>
  new ApplicationError(
    'transferIn.unreadable',
    '無法讀取檔案，可能已移走、隨身碟已拔除，或正由其他程式使用。請確認檔案後重新選擇。',
    { cause },
    { cause: error },
  );

export const notTransferFile = (details: Record<string, unknown>, what = '找不到學生的學習歷程資料') =>
  new ApplicationError('transferIn.notTransferFile', `這不是學習歷程轉學檔案（${what}），請向對方學校確認檔案。`, details);

export const severalLists = (lists: number) =>
  new ApplicationError('transferIn.severalLists', '壓縮檔內有不只一份學生資料，無法判斷以哪一份為準。請對方學校分成不同的檔案重新產生。', {
    lists,
  });

export const repeatedStudent = () =>
  new ApplicationError('transferIn.repeatedStudent', '同一位學生在檔案中出現不只一次，沒有匯入任何資料。請對方學校更正後重新產生檔案。');

export const notEncrypted = () =>
  new ApplicationError('transferIn.notEncrypted', '壓縮檔沒有加密，已拒絕開啟。請對方學校以加密方式重新產生檔案。');

export const mixedEncryption = (plain: number) =>
  new ApplicationError(
    'transferIn.mixedEncryption',
    '壓縮檔內有未加密的項目，可能是事後加入的，已拒絕開啟。請對方學校將全部內容加密，重新產生檔案。',
    { plain },
  );

export const newerFormat = (version: number) =>
  new ApplicationError('transferIn.newerFormat', '這個檔案由較新版本的程式產生，請先更新程式後再匯入。', { version });

/** Something of a student that cannot be understood. @param where keys and positions, never a value */
export const jsonWrongType = (where: string, student?: number) =>
  new ApplicationError(
    'transferIn.jsonWrongType',
    `${student === undefined ? '' : `第 ${student} 位學生的`}「${where}」看不懂（型別或格式不符），沒有匯入任何資料。請對方學校更正後重新產生檔案。`,
    { where, ...(student === undefined ? {} : { student }) },
  );

export const jsonTooBig = (details: Record<string, unknown>) =>
  new ApplicationError('transferIn.jsonTooBig', '學生資料的文字內容超過允許的大小，沒有匯入任何資料。請對方學校分成數個檔案。', details);

/** @param name of the text in the archive */
export function jsonRefused(name: string, { fault, position }: JsonFault): ApplicationError {
  const file = lastPart(name);
  const details = { fault, position };
  switch (fault) {
    case 'tooDeep':
      return new ApplicationError(
        'transferIn.jsonTooDeep',
        `「${file}」的資料層數過多，不是學習歷程資料的格式，沒有匯入任何資料。請向對方學校確認檔案。`,
        details,
      );
    case 'tooManyValues':
      return jsonTooBig(details);
    case 'duplicateKey':
      return new ApplicationError(
        'transferIn.jsonDuplicateKey',
        `「${file}」的同一筆資料內有重複的欄位，無法判斷以哪一個為準，沒有匯入任何資料。請對方學校更正後重新產生檔案。`,
        details,
      );
    default:
      return new ApplicationError(
        'transferIn.jsonMalformed',
        `「${file}」的內容不是完整的 JSON（UTF-8），沒有匯入任何資料。請對方學校重新產生檔案。`,
        details,
      );
  }
}

export const otherStudent = (where: string) =>
  new ApplicationError(
    'transferIn.otherStudent',
    `學生的資料中夾有其他學生的紀錄或附件（${where}），沒有匯入任何資料。請對方學校更正後重新產生檔案。`,
    {},
  );

export const fileTooBig = (path: string, bytes: number, limit: number) =>
  new ApplicationError(
    'transferIn.fileTooBig',
    `附件「${lastPart(path)}」超過當年度的大小上限（${limit / 1024 / 1024} MB），沒有匯入任何資料。請向對方學校確認檔案。`,
    { bytes, limit },
  );

const again = '沒有匯入任何資料。請向對方學校重新索取檔案。';
const fileFaults = {
  missing: ['transferIn.fileMissing', `不在壓縮檔內，${again}`],
  md5: ['transferIn.fileMismatch', `的 MD5 與紀錄不符，${again}`],
  sha256: ['transferIn.fileMismatch', `的內容與清單不符，${again}`],
  bytes: ['transferIn.fileMismatch', `的大小與清單不符，${again}`],
  extra: ['transferIn.fileUnlisted', `不在清單內，可能是事後加入的，${again}`],
  empty: ['transferIn.emptyFile', `沒有內容（0 位元組），沒有匯入任何資料。請對方學校重新產生檔案。`],
  type: [
    'transferIn.fileType',
    '不是可接受的檔案類型（pdf、jpg、png、mp3、mp4），或與副檔名、欄位不符，沒有匯入任何資料。請向對方學校確認檔案。',
  ],
  disguised: [
    'transferIn.disguisedFile',
    '的內容是程式、網頁或壓縮檔，卻使用文件的副檔名，可能是惡意檔案，沒有匯入任何資料。請先向對方學校查證，勿開啟該檔案。',
  ],
  polyglot: [
    'transferIn.polyglotFile',
    '在文件之外夾帶另一個檔案（程式、網頁或壓縮檔），可能是惡意檔案，沒有匯入任何資料。請先向對方學校查證，勿開啟該檔案。',
  ],
  owner: ['transferIn.otherStudent', '放在其他學生的資料夾，沒有匯入任何資料。請對方學校更正後重新產生檔案。'],
} as const;

/** A file of the archive is not what the content says of it. */
export function fileMismatch(path: string, reason: keyof typeof fileFaults): ApplicationError {
  const [code, words] = fileFaults[reason];
  return new ApplicationError(code, `附件「${lastPart(path)}」${words}`, { reason });
}

/** The name without its folder, which is a national id. */
const lastPart = (path: string) => path.slice(path.lastIndexOf('/') + 1);
