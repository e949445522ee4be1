import { ApplicationError } from './errors.ts';

/**
 * Why an archive is not read, each with a code of its own and what the clerk does next. Details tell support where it
 * was; they hold no names, since an entry's name may be a national id.
 */

export const notZip = (bytes: number) =>
  new ApplicationError('archive.notZip', '這不是 ZIP 壓縮檔，請確認選擇的是對方學校提供的轉學檔案。', { bytes });

export const truncated = (reason: string) =>
  new ApplicationError(
    'archive.truncated',
    '壓縮檔不完整，可能是下載或複製時中斷。請重新下載或複製檔案後再試一次；仍然不行，請向對方學校重新索取檔案。',
    { reason },
  );

export const damaged = (details: Record<string, unknown> = {}) =>
  new ApplicationError('archive.damaged', '壓縮檔毀損或不完整，請向對方學校重新索取檔案。', details);

export const passwordWrong = () => new ApplicationError('archive.passwordWrong', '壓縮檔密碼不正確，或檔案已毀損。請確認密碼後再試一次。');

/** Something beside the archive in its file: a program in front, a second archive behind, bytes that no entry accounts for. */
export const junkAround = (where: 'front' | 'between' | 'behind') =>
  new ApplicationError(
    'archive.junkAround',
    '檔案除了壓縮檔以外還夾帶其他內容（例如自解壓縮程式或另一個檔案），已拒絕開啟。請對方學校重新產生單純的 ZIP 檔案。',
    { where },
  );

export const splitArchive = () =>
  new ApplicationError('archive.splitArchive', '這是分割壓縮檔的其中一段，無法單獨開啟。請對方學校改成一個完整的 ZIP 檔案。');

export const unsupportedMethod = (reason: string) =>
  new ApplicationError('archive.unsupportedMethod', '壓縮檔使用本程式不支援的壓縮或加密方式，請對方學校改以 ZIP（AES-256）重新產生檔案。', {
    reason,
  });

export const unsafePath = (fault: string, length: number) =>
  new ApplicationError(
    'archive.unsafePath',
    '壓縮檔內有指向其他資料夾的項目，可能是惡意檔案，已拒絕開啟。請先向對方學校查證，再重新索取檔案。',
    { fault, length },
  );

export const unsafeName = (fault: string, length: number) =>
  new ApplicationError(
    'archive.unsafeName',
    '壓縮檔內有不能使用的檔名（含控制字元、系統保留名稱、冒號，或過長），已拒絕開啟。請對方學校更改檔名後重新產生檔案。',
    { fault, length },
  );

export const nameEncoding = (length: number) =>
  new ApplicationError('archive.nameEncoding', '壓縮檔內的檔名不是 UTF-8 也不是 Big5，無法判讀。請對方學校以 UTF-8 檔名重新產生檔案。', {
    length,
  });

export const linkEntry = () =>
  new ApplicationError('archive.linkEntry', '壓縮檔內有捷徑、連結或特殊項目，已拒絕開啟。請對方學校只放入一般檔案，重新產生檔案。');

export const duplicateEntry = (fault: 'file' | 'folder') =>
  new ApplicationError(
    'archive.duplicateEntry',
    '壓縮檔內有同名的項目（包括只差在大小寫或全形半形），無法判斷以哪一個為準。請對方學校重新產生檔案。',
    { fault },
  );

export const overlappingEntries = () =>
  new ApplicationError(
    'archive.overlappingEntries',
    '壓縮檔內的項目互相重疊，可能是惡意檔案，已拒絕開啟。請先向對方學校查證，再重新索取檔案。',
  );

/** What stands in front of an entry is not what the directory says of it, or the directory contradicts itself. */
export const headerMismatch = (field: string) =>
  new ApplicationError(
    'archive.headerMismatch',
    '壓縮檔的目錄與內容記載不一致，可能毀損或曾被竄改，已拒絕開啟。請先向對方學校查證，再重新索取檔案。',
    { field },
  );

export const tooManyEntries = (limit: number) =>
  new ApplicationError(
    'archive.tooManyEntries',
    `壓縮檔內的項目超過 ${limit.toLocaleString('en')} 個，已拒絕開啟。請對方學校分成數個檔案。`,
    {
      limit,
    },
  );

export const tooBig = (details: Record<string, unknown>) =>
  new ApplicationError('archive.tooBig', '壓縮檔的內容超過允許的大小，已拒絕開啟。請對方學校分成數個檔案，或確認檔案是否正確。', details);

export const compressionBomb = (rule: 'entry' | 'whole') =>
  new ApplicationError(
    'archive.compressionBomb',
    '壓縮檔解開後會遠大於檔案本身，可能是惡意檔案，已拒絕開啟。請先向對方學校查證，再重新索取檔案。',
    { rule },
  );

export const sizeMismatch = (details: Record<string, unknown> = {}) =>
  new ApplicationError('archive.sizeMismatch', '壓縮檔內項目的實際大小與記載不同，可能毀損或曾被竄改。請向對方學校重新索取檔案。', details);
