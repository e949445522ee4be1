import type { Sqlite } from '../../../db/connection.ts';
import type { GridSource } from '../../../db/grid-query.ts';
import type { OperationWindowItem } from '../../../domain/office-settings.ts';
import {
  type CityBounds,
  cityKindOf,
  closesAt,
  type OperationWindow,
  opensAt,
  type WindowState,
  windowState,
  windowWarnings,
} from '../../../domain/operation-window.ts';
import { taipeiDateTime } from '../../../domain/roc-date.ts';
import type { ScheduledWindow } from './contract.ts';

export interface StoredWindow extends OperationWindow {
  id: string;
}

/** The school's windows, the newest term first. */
export function readWindows(sqlite: Sqlite): StoredWindow[] {
  return sqlite
    .prepare(
      `select id, item, academic_year as academicYear, semester, starts_on as startsOn, start_hour as startHour, ends_on as endsOn,
         end_hour as endHour
       from operation_windows where deleted_at is null order by academic_year desc, semester desc, item desc`,
    )
    .all() as StoredWindow[];
}

/** Windows with their instants, state and what is odd about them. */
export function scheduledWindows(sqlite: Sqlite, now: Date): ScheduledWindow[] {
  const windows = readWindows(sqlite);
  return windows.map((window) => ({
    ...window,
    opensAt: opensAt(window).toISOString(),
    closesAt: closesAt(window).toISOString(),
    state: windowState(window, now),
    // That a window is over is no news of one that stood its time.
    warnings: windowWarnings(
      window,
      windows.filter((other) => other !== window),
      opensAt(window),
    ),
  }));
}

/** The city's windows by kind and year: of a year with one for each semester, the span of both. */
export function cityWindows(
  sqlite: Sqlite,
): { kind: 'outcomes' | 'performances'; academicYear: number; startsOn: string; endsOn: string }[] {
  return sqlite
    .prepare(
      `select kind, academic_year as academicYear, min(starts_on) as startsOn, max(ends_on) as endsOn from city_windows
       where purpose = 'operation' and kind in ('outcomes', 'performances') and deleted_at is null
       group by kind, academic_year order by academic_year desc, kind`,
    )
    .all() as ReturnType<typeof cityWindows>;
}

/** What bounds a window of an item and term; null where the city gave nothing. */
export function cityBounds(
  sqlite: Sqlite,
  { item, academicYear, semester }: Pick<OperationWindow, 'item' | 'academicYear' | 'semester'>,
): CityBounds | null {
  const bounds = sqlite
    .prepare(
      `select min(starts_on) as startsOn, max(ends_on) as endsOn from city_windows
       where purpose = 'operation' and kind = @kind and academic_year = @academicYear and deleted_at is null
         and (@semester = 0 or semester in (0, @semester))`,
    )
    .get({ kind: cityKindOf(item), academicYear, semester }) as { startsOn: string | null; endsOn: string | null };
  return bounds.startsOn === null || bounds.endsOn === null ? null : { startsOn: bounds.startsOn, endsOn: bounds.endsOn };
}

/** The grid's rows; state by the hour it is in Taipei. */
export function scheduleSource(now: Date): GridSource {
  const local = taipeiDateTime(now);
  return {
    from: 'operation_windows w',
    where: 'w.deleted_at is null',
    parameters: { now: `${local.slice(0, 10)} ${local.slice(11, 13)}` },
    columns: {
      id: 'w.id',
      academicYear: 'w.academic_year',
      semester: 'w.semester',
      item: 'w.item',
      startsOn: 'w.starts_on',
      startHour: "printf('%02d', w.start_hour)",
      endsOn: 'w.ends_on',
      endHour: "printf('%02d', w.end_hour)",
      state: `case when @now < w.starts_on || ' ' || printf('%02d', w.start_hour) then 'soon'
        when @now > w.ends_on || ' ' || printf('%02d', w.end_hour) then 'past' else 'open' end`,
    },
    sortBy: { academicYear: 'w.academic_year, w.semester, w.item' },
    tieBreaker: 'w.id',
  };
}

/** A window with its instants, as other features ask for it. */
export interface ResolvedWindow extends StoredWindow {
  opensAt: Date;
  closesAt: Date;
  state: WindowState;
}

const resolved = (window: StoredWindow, now: Date): ResolvedWindow => ({
  ...window,
  opensAt: opensAt(window),
  closesAt: closesAt(window),
  state: windowState(window, now),
});

/** The ticking windows that are open now, of outcomes and of performances. */
export function openTickingWindows(sqlite: Sqlite, now: Date): Record<'tickOutcomes' | 'tickPerformances', ResolvedWindow[]> {
  const open = readWindows(sqlite)
    .map((window) => resolved(window, now))
    .filter(({ state }) => state === 'open');
  const of = (item: OperationWindowItem) => open.filter((window) => window.item === item);
  return { tickOutcomes: of('tickOutcomes'), tickPerformances: of('tickPerformances') };
}

/** Windows that are open, or open within so many days: for 首頁. */
export function windowsNow(sqlite: Sqlite, now: Date, daysAhead: number): ResolvedWindow[] {
  const horizon = new Date(now.getTime() + daysAhead * 24 * 60 * 60 * 1000);
  return readWindows(sqlite)
    .map((window) => resolved(window, now))
    .filter((window) => window.state === 'open' || (window.state === 'soon' && window.opensAt <= horizon))
    .sort((a, b) => a.closesAt.getTime() - b.closesAt.getTime());
}

/**
 * Whether a year's ticking has opened: from the beginning of the school's own window on. The city's 作業時間 only bounds what the
 * school may set, and without a window no student can tick (§3.17), so then a past year counts as opened and the current one as not.
 */
export function tickingOpened(
  sqlite: Sqlite,
  currentYear: number,
  now: Date,
): (kind: 'outcomes' | 'performances', academicYear: number) => boolean {
  const windows = readWindows(sqlite);
  const itemOf = { outcomes: 'tickOutcomes', performances: 'tickPerformances' } as const;
  return (kind, academicYear) => {
    const window = windows.find((each) => each.item === itemOf[kind] && each.academicYear === academicYear);
    return window ? windowState(window, now) !== 'soon' : academicYear < currentYear;
  };
}
