import { formatRocDateTime, formatRocDay, taipeiDay } from '../../domain/roc-date.ts';

/** How figures, sizes and ages read in the window. */

const count = new Intl.NumberFormat('zh-TW');

/** `1080` → `1,080`. */
export const formatCount = (value: number): string => count.format(value);

const units = ['位元組', 'KB', 'MB', 'GB'] as const;

/** Bytes for people: `812 位元組`, `12.4 KB`, `3.0 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return unit === 0 ? `${formatCount(bytes)} ${units[0]}` : `${value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** How long ago an instant was: `剛剛`, `5 分鐘前`, `3 小時前`, `3 天前`; the ROC day from a month on. */
export function formatAge(isoInstant: string, now: Date = new Date()): string {
  const minutes = Math.floor((now.getTime() - new Date(isoInstant).getTime()) / 60_000);
  if (minutes < 1) return '剛剛';
  if (minutes < 60) return `${minutes} 分鐘前`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} 小時前`;
  const days = Math.floor(hours / 24);
  return days < 31 ? `${days} 天前` : formatRocDay(taipeiDay(new Date(isoInstant)));
}

/** `09:12` on the same day of Taipei, otherwise `109/07/17 09:12`. */
export function formatMoment(isoInstant: string, now: Date = new Date()): string {
  const whole = formatRocDateTime(isoInstant).slice(0, -3);
  return taipeiDay(new Date(isoInstant)) === taipeiDay(now) ? whole.slice(-5) : whole;
}

/** Seconds for people: `8 秒`, `2 分 5 秒`, `1 小時 3 分`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} 秒`;
  if (whole < 3600) return whole % 60 === 0 ? `${whole / 60} 分` : `${Math.floor(whole / 60)} 分 ${whole % 60} 秒`;
  return `${Math.floor(whole / 3600)} 小時 ${Math.floor((whole % 3600) / 60)} 分`;
}
