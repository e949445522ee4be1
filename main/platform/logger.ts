import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';

/**
 * The log. Names, identities, birthdays, passwords and tokens never reach it: callers log codes, ids of operations
 * and counts, and what looks like personal data is struck out at the sink all the same.
 */
export interface Logger {
  info: (event: string, fields?: Record<string, unknown>) => void;
  warn: (event: string, fields?: Record<string, unknown>) => void;
  error: (event: string, fields?: Record<string, unknown>) => void;
}

const forbiddenKeys = /name|identity|nationalId|birth|password|token|secret|email|authorization/i;
const identityPattern = /[A-Z][A-D1289]\d{8}/g;

function struckOut(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.replace(identityPattern, '[identity]').slice(0, 2000);
  if (value === null || typeof value !== 'object') return value;
  if (depth > 4) return '[deep]';
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => struckOut(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      forbiddenKeys.test(key) && key !== 'fileName' ? '[struck out]' : struckOut(item, depth + 1),
    ]),
  );
}

/** Logs to `<folder>/office.log`, appended; flushed at once, so that a crash loses nothing of it. */
export function createLogger(folder: string): Logger {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const sink = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: join(folder, 'office.log'), sync: true, mode: 0o600 }),
  );
  const write =
    (level: 'info' | 'warn' | 'error') =>
    (event: string, fields: Record<string, unknown> = {}) =>
      sink[level](struckOut(fields) as object, event);
  return { info: write('info'), warn: write('warn'), error: write('error') };
}

export const silentLogger: Logger = { info: () => {}, warn: () => {}, error: () => {} };
