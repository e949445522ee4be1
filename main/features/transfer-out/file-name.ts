import { taipeiDateTime } from '../../../domain/roc-date.ts';

/**
 * `080000_2020_07_17_09_59_14`: school and local time, as the manual shows it (§3.15). Where a name is taken the
 * second goes on, so that a name is never given twice.
 * @param taken whether a name was ever given, or is about to be
 */
export function transferName(schoolCode: string, now: Date, taken: (name: string) => boolean): string {
  for (let time = now.getTime(); ; time += 1000) {
    const name = `${schoolCode}_${taipeiDateTime(new Date(time)).replace(/[-: ]/g, '_')}`;
    if (!taken(name)) return name;
  }
}
