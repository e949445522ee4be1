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
    return new CallError({
      code: 'window.failed',
      message: '畫面發生未預期的錯誤，資料沒有變動。請按 F5 重新整理後再試一次。',
      details: { name: (error as Error | null)?.name ?? typeof error },
    });
  }
}
