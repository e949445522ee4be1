/** A refusal or failure of the backend: a stable code, a Chinese sentence for the clerk, details for the screen. */
export class CallError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor({ code, message, details }: { code: string; message: string; details?: Readonly<Record<string, unknown>> }) {
    super(message);
    this.name = 'CallError';
    this.code = code;
    this.details = details ?? {};
  }

  /** Whatever was thrown, as something that can be shown. */
  static from(error: unknown): CallError {
    if (error instanceof CallError) return error;
    // Across the bridge an error keeps its code and message but not its class.
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
      const details = 'details' in error ? (error.details as Record<string, unknown>) : {};
      return new CallError({ code: error.code, message: error.message, details });
    }
    if (isReport(error)) return new CallError(error);
    return new CallError({
      code: 'window.failed',
      message: '畫面發生未預期的錯誤，資料沒有變動。請按 F5 重新整理後再試一次。',
      details: { name: (error as Error | null)?.name ?? typeof error },
    });
  }
}

/** What a bridge rejects with when the host refuses a file: an error of its own, or its bare fields across Electron's bridge. */
function isReport(error: unknown): error is { code: string; message: string; details?: Record<string, unknown> } {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return typeof code === 'string' && typeof message === 'string';
}
