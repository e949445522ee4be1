import { AxiosError } from 'axios';
import { ApplicationError } from '../platform/errors.ts';
import { problem } from './protocol.ts';

/** What of a failed exchange decides how to go on: whether repeating may help, and when the city wants to be asked again. */
export interface Failure {
  error: ApplicationError;
  repeatable: boolean;
  /** Milliseconds. */
  retryAfter?: number;
}

/** Nothing came for too long: while connecting, or in the middle of an answer. */
export class Silence extends Error {
  constructor() {
    super('the city kept silent');
    this.name = 'Silence';
  }
}

const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** A failure before or during an answer: no line, a name that is not found, a certificate, silence, a cut. */
export function networkFailure(cause: unknown): Failure {
  const code = (cause as { code?: string } | null)?.code ?? (cause as Error | null)?.name;
  if (code !== undefined && untrusted.has(code)) {
    return {
      error: new ApplicationError(
        'sync.untrusted',
        '市級系統的憑證無法確認，為保護學生資料已停止連線。請檢查電腦的日期時間，或請資訊人員安裝學校的根憑證。',
        { cause: code },
        { cause },
      ),
      repeatable: false,
    };
  }
  return {
    error: new ApplicationError(
      'sync.offline',
      '無法連線到市級系統，請確認網路後再試一次；本機已有的資料仍可使用。',
      { cause: code },
      { cause },
    ),
    repeatable: true,
  };
}

/**
 * @param now by the clock that wrote it
 * @returns milliseconds from `Retry-After`, in seconds or as an HTTP date
 */
export function retryAfterOf(header: unknown, now: Date): number | undefined {
  if (typeof header !== 'string') return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}

const byStatus: Record<number, [code: string, message: string]> = {
  401: ['sync.unauthorized', '市級系統不接受這台電腦的裝置金鑰，請向市級系統管理者確認後重新連線。'],
  403: ['sync.forbidden', '市級系統拒絕了這台電腦的要求（裝置可能已停用或屬於別的學校），請洽市級系統管理者。'],
  404: ['sync.notFound', '市級系統沒有這項資料，請確認連線網址與學校代碼。'],
  409: ['sync.refused', '市級系統沒有接受這個要求，請重新同步後再試一次。'],
  413: ['sync.refused', '資料太大，市級系統沒有接受。單一檔案上限為 10 MB。'],
  422: ['sync.refused', '市級系統沒有接受這筆資料，請重新同步後再試一次。'],
  429: ['sync.busy', '市級系統忙碌中，請稍後再同步；本機已有的資料仍可使用。'],
  503: ['sync.busy', '市級系統忙碌或維護中，請稍後再同步；本機已有的資料仍可使用。'],
};

/** An answer other than the one asked for. The problem's own code goes into the details, no more of its text. */
export function answerFailure(status: number, headers: Record<string, unknown>, body: Buffer, now: Date): Failure {
  const [code, message] =
    byStatus[status] ??
    (status >= 500
      ? (['sync.serverFailed', '市級系統發生錯誤，請稍後再同步；本機已有的資料仍可使用。'] as const)
      : (['sync.refused', '市級系統沒有接受這個要求，請更新程式後再試一次。'] as const));
  let cityCode: string | undefined;
  if (String(headers['content-type']).includes('problem+json')) {
    const parsed = problem.safeParse(jsonOr(body));
    if (parsed.success) cityCode = parsed.data.code;
  }
  return {
    error: new ApplicationError(code, message, { status, cityCode }),
    repeatable: status === 429 || status >= 500,
    retryAfter: status === 429 || status === 503 ? retryAfterOf(headers['retry-after'], sentAt(headers.date) ?? now) : undefined,
  };
}

/** When an answer was sent, by the clock of who sent it. */
function sentAt(date: unknown): Date | undefined {
  const at = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  return Number.isNaN(at) ? undefined : new Date(at);
}

function jsonOr(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** An answer that is not what the API describes: a proxy's page, a cut or mistyped body. */
export const wrongAnswer = (details: Record<string, unknown>, cause?: unknown) =>
  new ApplicationError(
    'sync.wrongAnswer',
    '收到的內容不是市級系統的資料（可能被網路設備攔截），資料沒有變動。請確認網路登入狀態後再試一次。',
    details,
    { cause },
  );

/** Errors of a stream or of axios; anything else is a bug and passes through. */
export function isNetworkError(error: unknown): boolean {
  if (error instanceof Silence || error instanceof AxiosError) return true;
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^(E[A-Z]+|ERR_(STREAM|TLS|SSL|HTTP).*)$/.test(code);
}
