/**
 * The one error type. `code` is stable (`transferIn.md5Mismatch`), `message` is Chinese and tells a clerk what to do
 * next, `details` are for the log and for screens that explain more; they hold no names, identities or passwords.
 */
export class ApplicationError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, details: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ApplicationError';
    this.code = code;
    this.details = details;
  }
}

/** What crosses a thread, a socket or stdout instead of a thrown error. */
export interface ErrorReport {
  code: string;
  message: string;
  details: Readonly<Record<string, unknown>>;
}

export const cancelled = () => new ApplicationError('job.cancelled', '作業已取消，沒有留下任何未完成的資料。');

/** SQLite and file system failures that a clerk can do something about; anything else is `internal`. */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof ApplicationError) return { code: error.code, message: error.message, details: error.details };
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') {
    return { code: 'disk.full', message: '磁碟空間不足，資料沒有變動。請清出空間後再試一次。', details: {} };
  }
  if (code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB') {
    return {
      code: 'database.damaged',
      message: '資料庫檔案毀損，已停止寫入。請到「備份與還原」還原最近一次驗證過的備份。',
      details: { cause: code },
    };
  }
  if (code === 'SQLITE_BUSY') {
    return { code: 'database.busy', message: '資料庫正由另一個作業使用，請稍候再試一次。', details: {} };
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return { code: 'file.denied', message: '沒有權限寫入這個位置，請改選其他資料夾。', details: { cause: code } };
  }
  if (code === 'EBUSY') {
    return { code: 'file.busy', message: '檔案正由其他程式開啟，請關閉後再試一次，或另存新檔名。', details: {} };
  }
  if ((error as { name?: string } | null)?.name === 'AbortError') return reportOf(cancelled());
  return {
    code: 'internal',
    message: '程式發生未預期的錯誤，資料沒有變動。請再試一次；若仍發生，請提供記錄檔給維護人員。',
    details: { name: (error as Error | null)?.name ?? typeof error },
  };
}

/** Makes an error again from its report, on the other side of a thread. */
export function errorFrom(report: ErrorReport): ApplicationError {
  return new ApplicationError(report.code, report.message, { ...report.details });
}
