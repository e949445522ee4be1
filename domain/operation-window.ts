import { type OperationWindowItem, operationWindowItemNames, operationWindowSemesters } from './office-settings.ts';
import { addDays, formatRocDay, instantOfTaipei } from './roc-date.ts';

/** 學校作業時間 (manual §3.7): the rules of a window, the same for the form, the service and whoever asks what is open. */
export interface OperationWindow {
  item: OperationWindowItem;
  academicYear: number;
  /** 1 or 2; 0 of ticking, which is by year (學生勾選時間學期為0代表1學年). */
  semester: number;
  /** ISO days and hours 0 to 23, of Taipei. */
  startsOn: string;
  startHour: number;
  endsOn: string;
  endHour: number;
}

const hourText = (hour: number) => `${String(hour).padStart(2, '0')}:00:00`;
const hour = 60 * 60 * 1000;

/** The first instant of a window. */
export function opensAt({ startsOn, startHour }: Pick<OperationWindow, 'startsOn' | 'startHour'>): Date {
  return instantOfTaipei(startsOn, hourText(startHour));
}

/** The last millisecond of a window: the end hour counts whole, so 23 means until 23:59:59. */
export function closesAt({ endsOn, endHour }: Pick<OperationWindow, 'endsOn' | 'endHour'>): Date {
  return new Date(instantOfTaipei(endsOn, hourText(endHour)).getTime() + hour - 1);
}

export type WindowState = 'soon' | 'open' | 'past';
export const windowStateNames: Record<WindowState, string> = { soon: '尚未開始', open: '開放中', past: '已結束' };

export function windowState(window: OperationWindow, now: Date): WindowState {
  if (now < opensAt(window)) return 'soon';
  return now <= closesAt(window) ? 'open' : 'past';
}

/** `學習成果` windows lie within the city's of outcomes, ticking of performances within that of performances. */
export function cityKindOf(item: OperationWindowItem): 'outcomes' | 'performances' {
  return item === 'tickPerformances' ? 'performances' : 'outcomes';
}
const cityNames = { outcomes: '學習成果作業時間', performances: '多元表現作業時間' } as const;

/** The city's window of a kind and year, both days included. */
export interface CityBounds {
  startsOn: string;
  endsOn: string;
}

export interface WindowRefusal {
  field: 'semester' | 'item' | 'startsOn' | 'endsOn';
  message: string;
}

/**
 * Why a window cannot be set; nothing when it can.
 * @param city the city's window of its kind and year; null where the city gave none
 * @param others the school's other windows
 */
export function windowRefusals(window: OperationWindow, city: CityBounds | null, others: readonly OperationWindow[]): WindowRefusal[] {
  const { item, academicYear, semester, startsOn, endsOn } = window;
  const refusals: WindowRefusal[] = [];
  if (!operationWindowSemesters[item].includes(semester)) {
    const allowed = operationWindowSemesters[item].join(' 或 ');
    refusals.push({ field: 'semester', message: `「${operationWindowItemNames[item]}」的學期要設定為 ${allowed}。` });
  }
  if (others.some((other) => other.item === item && other.academicYear === academicYear && other.semester === semester)) {
    refusals.push({ field: 'item', message: '這個學年期已經設定過這個項目，請改為修改原來的那一筆。' });
  }
  if (opensAt(window) >= closesAt(window)) refusals.push({ field: 'endsOn', message: '結束時間要在開始時間之後。' });
  const name = cityNames[cityKindOf(item)];
  if (city === null) {
    refusals.push({ field: 'startsOn', message: `市級系統還沒有公布 ${academicYear} 學年度的${name}，請先執行同步作業。` });
    return refusals;
  }
  const span = `${formatRocDay(city.startsOn)} ~ ${formatRocDay(city.endsOn)}`;
  if (startsOn < city.startsOn || startsOn > city.endsOn) {
    refusals.push({ field: 'startsOn', message: `開始日期要在${name}（${span}）之內。` });
  }
  if (endsOn > city.endsOn || endsOn < city.startsOn) refusals.push({ field: 'endsOn', message: `結束日期要在${name}（${span}）之內。` });
  return refusals;
}

/** The first day of a term, or of the year for semester 0. */
function firstDayOf({ academicYear, semester }: { academicYear: number; semester: number }): string {
  return semester === 2 ? `${academicYear + 1912}-02-01` : `${academicYear + 1911}-08-01`;
}

/**
 * What a clerk should look at twice although it can be set, in Chinese sentences: a year off, over already, or windows of one term that
 * do not fit together (the manual's own sample has both kinds).
 */
export function windowWarnings(window: OperationWindow, others: readonly OperationWindow[], now: Date): string[] {
  const { item, academicYear, semester } = window;
  const warnings: string[] = [];
  const first = firstDayOf(window);
  // A term's work lies within a year of its first day; a month before is preparation.
  if (window.startsOn < addDays(first, -31) || window.startsOn >= addDays(first, 365)) {
    const term = semester === 0 ? `${academicYear} 學年度` : `${academicYear} 學年度第 ${semester} 學期`;
    warnings.push(`開始日期 ${formatRocDay(window.startsOn)} 不在 ${term}的一年之內，請確認年份沒有打錯。`);
  }
  if (closesAt(window) < now) warnings.push('結束時間已經過了，存檔後這個項目不會開放。');
  const find = (wanted: OperationWindowItem, ofSemester: number) =>
    others.find((other) => other.item === wanted && other.academicYear === academicYear && other.semester === ofSemester);

  const upload = item === 'studentUpload' ? window : find('studentUpload', semester);
  const certification = item === 'teacherCertification' ? window : find('teacherCertification', semester);
  if (upload && certification && (window === upload || window === certification)) {
    if (closesAt(certification) < closesAt(upload)) {
      warnings.push('老師認證時間比學生上傳及送出認證的時間早結束，最後送出的學習成果將沒有老師可以認證。');
    } else if (opensAt(certification) > closesAt(upload)) {
      warnings.push('老師認證時間在學生上傳及送出認證的時間結束之後才開始，請確認日期沒有打錯。');
    }
  }
  const certifications = item === 'teacherCertification' ? [window] : [1, 2].map((each) => find('teacherCertification', each));
  const ticking = item === 'tickOutcomes' ? window : find('tickOutcomes', 0);
  const concerns = item === 'tickOutcomes' || item === 'teacherCertification';
  if (ticking && concerns && certifications.some((each) => each && closesAt(each) > closesAt(ticking))) {
    warnings.push('學生勾選學習成果的時間比老師認證的時間早結束，之後才通過認證的學習成果將無法勾選。');
  }
  return warnings;
}
