import { ApplicationError } from '../../platform/errors.ts';

/** Failures of reading a transfer file, each with its own code and what the clerk does next. */

const archiveCodes: Record<string, string> = {
  'archive.notZip': 'transferIn.notZip',
  'archive.damaged': 'transferIn.damaged',
  'archive.passwordWrong': 'transferIn.passwordWrong',
  'archive.unsupported': 'transferIn.notTransferFile',
  'archive.tooBig': 'transferIn.tooBig',
  'archive.unsafeEntry': 'transferIn.unsafeEntry',
};

/** What the ZIP reader found, under this feature's codes; anything else as it is. */
export function asTransferError(error: unknown): unknown {
  if (!(error instanceof ApplicationError)) return error;
  const code = archiveCodes[error.code];
  return code ? new ApplicationError(code, error.message, { ...error.details }, { cause: error }) : error;
}

export const notTransferFile = (details: Record<string, unknown>, what = '找不到學生的學習歷程資料') =>
  new ApplicationError('transferIn.notTransferFile', `這不是學習歷程轉學檔案（${what}），請向對方學校確認檔案。`, details);

export const notEncrypted = () =>
  new ApplicationError('transferIn.unsafeEntry', '壓縮檔內有未加密的項目，已拒絕開啟。請對方學校以加密方式重新產生檔案。', {
    fault: 'not encrypted',
  });

export const newerFormat = (version: number) =>
  new ApplicationError('transferIn.newerFormat', '這個檔案由較新版本的程式產生，請先更新程式後再匯入。', { version });

export const fileTooBig = (path: string, bytes: number, limit: number) =>
  new ApplicationError(
    'transferIn.tooBig',
    `附件「${lastPart(path)}」超過當年度的大小上限（${limit / 1024 / 1024} MB），請向對方學校確認檔案。`,
    {
      bytes,
      limit,
    },
  );

/** A file of the archive is not what the content says of it. */
export function fileMismatch(path: string, reason: 'missing' | 'md5' | 'sha256' | 'bytes' | 'type' | 'extra' | 'owner'): ApplicationError {
  const words: Record<typeof reason, string> = {
    missing: '不在壓縮檔內',
    md5: '的 MD5 與紀錄不符',
    sha256: '的內容與清單不符',
    bytes: '的大小與清單不符',
    type: '的內容不是可接受的檔案類型，或與副檔名不符',
    extra: '不在清單內',
    owner: '屬於其他學生',
  };
  return new ApplicationError(
    'transferIn.fileMismatch',
    `附件「${lastPart(path)}」${words[reason]}，沒有匯入任何資料。請向對方學校重新索取檔案。`,
    { reason },
  );
}

/** The name without its folder, which is a national id. */
const lastPart = (path: string) => path.slice(path.lastIndexOf('/') + 1);
