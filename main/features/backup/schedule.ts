import type { Clock } from '../../platform/clock.ts';
import { reportOf } from '../../platform/errors.ts';
import type { Logger } from '../../platform/logger.ts';
import { isDue } from './standing.ts';

export interface BackupScheduleOptions {
  clock: Clock;
  log: Logger;
  /** `12:30`, Taipei; it may be changed while the schedule runs. */
  time: () => string;
  /** When the newest backup that counts was made; null before the first, undefined where there is no school yet. */
  lastAt: () => string | null | undefined;
  busy: () => boolean;
  backUp: () => Promise<void>;
  /** Verifies one backup that nobody has verified yet. */
  verifyUnknown: () => Promise<void>;
  /** Milliseconds until the first look, between looks, and after a failure until the next try. */
  pauses?: { first: number; between: number; afterFailure: number };
}

/** The first look leaves the start of the program to whoever wants to sign in. */
const usualPauses = { first: 60_000, between: 5 * 60_000, afterFailure: 60 * 60_000 };

/**
 * Makes the daily backup when it is due. Looked at every few minutes instead of waking at the time itself: a computer that slept over it,
 * once or for a week, makes one backup when it is awake again, not one for each day.
 */
export function startBackupSchedule(options: BackupScheduleOptions): { stop: () => Promise<void> } {
  const { clock, log, time, lastAt, busy, backUp, verifyUnknown, pauses = usualPauses } = options;
  let timer: NodeJS.Timeout;
  let working: Promise<void> = Promise.resolve();
  let stopped = false;
  let notBefore = 0;

  const look = async () => {
    const last = lastAt();
    if (last === undefined || busy() || clock.now().getTime() < notBefore) return;
    try {
      if (isDue(clock.now(), time(), last)) await backUp();
      else await verifyUnknown();
    } catch (error) {
      log.warn('daily backup failed', { code: reportOf(error).code });
      notBefore = clock.now().getTime() + pauses.afterFailure;
    }
  };
  const lookAfter = (pause: number) => {
    timer = setTimeout(async () => {
      working = look();
      await working;
      if (!stopped) lookAfter(pauses.between);
    }, pause);
    timer.unref();
  };
  lookAfter(pauses.first);
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await working;
    },
  };
}
