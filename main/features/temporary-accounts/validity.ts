import type { Sqlite } from '../../../db/connection.ts';
import { formatRocDateTime, instantOfTaipei, taipeiDay } from '../../../domain/roc-date.ts';
import { ApplicationError } from '../../platform/errors.ts';

export interface TickingWindow {
  item: 'tickOutcomes' | 'tickPerformances';
  academicYear: number;
  /** UTC instants. */
  opensAt: string;
  closesAt: string;
}

/** The ticking windows open now (manual §3.7: the end hour counts whole), the one that closes last first. */
export function tickingWindows(sqlite: Sqlite, now: Date): TickingWindow[] {
  const windows = sqlite
    .prepare<[], Omit<TickingWindow, 'opensAt' | 'closesAt'> & { startsOn: string; startHour: number; endsOn: string; endHour: number }>(
      `select item, academic_year as academicYear, starts_on as startsOn, start_hour as startHour, ends_on as endsOn, end_hour as endHour
       from operation_windows where item in ('tickOutcomes', 'tickPerformances') and deleted_at is null`,
    )
    .all();
  const hour = (value: number) => String(value).padStart(2, '0');
  const at = now.toISOString();
  return windows
    .map(({ item, academicYear, startsOn, startHour, endsOn, endHour }) => ({
      item,
      academicYear,
      opensAt: instantOfTaipei(startsOn, `${hour(startHour)}:00:00`).toISOString(),
      closesAt: instantOfTaipei(endsOn, `${hour(endHour)}:59:59`).toISOString(),
    }))
    .filter(({ opensAt, closesAt }) => opensAt <= at && at <= closesAt)
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
  return new Date(Math.min(instantOfTaipei(day, '23:59:59').getTime(), Date.parse(closesAt))).toISOString();
}
