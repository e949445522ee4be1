import { ApplicationError } from '../../platform/errors.ts';

/** Every way in which the embedded city can be told to misbehave, by its name in a SPEC, with what it does. */
export const faultWords = {
  delay: '晚一點才回答（delay=2s）',
  offline: '還沒做任何事就斷線',
  cut: '做完了，回答到一半斷線',
  500: '發生錯誤，什麼都沒做；500=late 是做完了才說錯誤',
  503: '維護中（503=秒數，即 Retry-After）',
  429: '太忙（429=秒數，即 Retry-After）',
  'expired-token': '權杖失效',
  html: '以登入網頁代替資料，如攔截連線的網路設備',
  'wrong-json': '做完了，回答的 JSON 不是 API 所說的',
  'repeat-page': '再給一次同一資料的前一頁，代替這一頁或在這一頁之前',
  'empty-page': '說沒有資料',
  order: '一頁之中的順序不同',
  'bad-record': '一筆資料不合格式',
  'wrong-bytes': '檔案的內容不對',
  clock: '時鐘不準（clock=+2h、clock=-3d）',
} as const;
export type FaultName = `${keyof typeof faultWords}`;
export const faultNames = Object.keys(faultWords) as FaultName[];

/** One part of a SPEC: what goes wrong, how often, how many times, and where. */
export interface PlannedFault {
  name: FaultName;
  /** What stands behind `=`: milliseconds of `delay`, seconds of `429` and `503`, 1 of `500=late`. */
  value: number | undefined;
  /** Share of the requests that it concerns, 0 to 1. */
  share: number;
  /** How many times at most. */
  times: number;
  /** Only requests whose address contains this. */
  where: string;
}

export interface FaultPlan {
  /** The same seed and the same requests meet the same faults. */
  seed: number;
  /** Milliseconds by which the city's clock is ahead. */
  clockShift: number;
  faults: readonly PlannedFault[];
}

const unitMilliseconds = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const part =
  /^(?<name>[a-z0-9-]+?)(?:=(?<value>[+-]?[0-9a-z.]+?))?(?:@(?<share>\d*\.?\d+))?(?:x(?<times>\d{1,6}))?(?::(?<where>[\w./?=&-]{1,200}))?$/;

const badSpec = (wrong: string) =>
  new ApplicationError(
    'central.faultUnknown',
    `看不懂「${wrong}」。--fault 由逗號分開的故障組成：名稱[=值][@比例][x次數][:網址中的文字]，另可加 seed=N；例如 delay=2s@0.1,429=1x3:changes。可用的故障：${faultNames
      .map((name) => `${name} ${faultWords[name]}`)
      .join('；')}。`,
    { faults: faultNames },
  );

/** `2s`, `+2h`, `-3d`; @returns milliseconds, undefined of anything else */
function duration(text: string | undefined): number | undefined {
  const found = /^([+-]?\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text ?? '');
  return found ? Number(found[1]) * unitMilliseconds[found[2] as keyof typeof unitMilliseconds] : undefined;
}

/** What may stand behind `=` of each; undefined where the text is none of its values, null where the fault takes none. */
function readValue(name: FaultName, text: string): number | undefined | null {
  if (name === 'delay') return duration(text);
  if (name === '500') return text === 'late' ? 1 : undefined;
  if (name === '429' || name === '503') return /^\d{1,5}$/.test(text) ? Number(text) : undefined;
  return null;
}

/**
 * Reads a SPEC (docs/command-line.md): `delay=2s@0.1,cut@0.05,429=1x3:changes,clock=+2h,seed=7`.
 * @throws `central.faultUnknown`, which lists what there is
 */
export function readFaults(spec: string): FaultPlan {
  const faults: PlannedFault[] = [];
  let seed = 1;
  let clockShift = 0;
  for (const text of spec.split(',').map((one) => one.trim())) {
    const seeded = /^seed=(\d{1,9})$/.exec(text);
    if (seeded) {
      seed = Number(seeded[1]);
      continue;
    }
    const { name, value, share = '1', times, where = '' } = part.exec(text)?.groups ?? {};
    if (name === undefined || !Object.hasOwn(faultWords, name) || Number(share) > 1) throw badSpec(text);
    if (name === 'clock') {
      const shift = duration(value);
      if (shift === undefined) throw badSpec(text);
      clockShift += shift;
      continue;
    }
    const read = value === undefined ? undefined : readValue(name as FaultName, value);
    if (read === null || (value !== undefined && read === undefined)) throw badSpec(text);
    faults.push({
      name: name as FaultName,
      value: read,
      share: Number(share),
      times: times === undefined ? Number.POSITIVE_INFINITY : Number(times),
      where,
    });
  }
  return { seed, clockShift, faults };
}
