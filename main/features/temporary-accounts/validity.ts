import type { Sqlite } from '../../../db/connection.ts';
import { formatRocDateTime, instantOfTaipei, taipeiDay } from '../../../domain/roc-date.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { openTickingWindows } from '../schedule/service.ts';

export interface TickingWindow {
  item: 'tickOutcomes' | 'tickPerformances';
  academicYear: number;
  /** UTC instants. */
  opensAt: string;
  closesAt: string;
}

/** The ticking windows open now, the one that closes last first. */
export function tickingWindows(sqlite: Sqlite, now: Date): TickingWindow[] {
  const open = openTickingWindows(sqlite, now);
  return (['tickOutcomes', 'tickPerformances'] as const)
    .flatMap((item) =>
      open[item].map(({ academicYear, opensAt, closesAt }) => ({
        item,
        academicYear,
        opensAt: opensAt.toISOString(),
        closesAt: closesAt.toISOString(),
      })),
    )
    .sort((one, other) => other.closesAt.localeCompare(one.closesAt));
}

/**
 * The end of an account's last day, cut where the last open ticking window closes on that day.
 * @throws `temporaryAccounts.noWindow` in the manual's words (§3.17), `temporaryAccounts.beyondWindow` for a later day, or one that is over
 */
export function expiryOn(day: string, windows: readonly TickingWindow[], now: Date): string {
  const closesAt = windows[0]?.closesAt;
  if (closesAt === undefined) throw new ApplicationError('temporaryAccounts.noWindow', '學校未設定勾選時間，無法開通學生帳號。');
  if (day < taipeiDay(now) || day > taipeiDay(new Date(closesAt))) {
    throw new ApplicationError(
      'temporaryAccounts.beyondWindow',
      `到期日必須是今天以後、勾選時間結束（${formatRocDateTime(closesAt)}）以前，請重新選擇；要更晚請先修改學校作業時間。`,
      { closesAt },
    );
  }
  return new Date(Math.min(instantOfTaipei(day, '23:59:59.999').getTime(), Date.parse(closesAt))).toISOString();
}
