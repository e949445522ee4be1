import type { Random } from '../../../db/sample/random.ts';

/** Changes to the JSON of a transfer file, before it is packed again. */
type Json = Record<string, unknown>;

interface Slot {
  holder: Json | unknown[];
  key: string | number;
}

/** Every place of a value. */
function slotsOf(value: unknown, slots: Slot[] = []): Slot[] {
  if (typeof value !== 'object' || value === null) return slots;
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  for (const key of keys) {
    slots.push({ holder: value as Json, key });
    slotsOf((value as Json)[key], slots);
  }
  return slots;
}

const get = ({ holder, key }: Slot) => (holder as Json)[key];
const set = ({ holder, key }: Slot, value: unknown) => {
  (holder as Json)[key] = value;
};

/** One of the places, where there is one: an empty mapping has none, and stays as it is. */
function pick(content: unknown, random: Random, wanted: (slot: Slot) => boolean = () => true): Slot {
  const slots = slotsOf(content).filter(wanted);
  return slots.length > 0 ? random.pick(slots) : { holder: {}, key: '' };
}

const numbers: readonly unknown[] = [
  0,
  -1,
  1,
  0.5,
  1e308,
  -1e308,
  5e-324,
  2 ** 53,
  1e15,
  3e9,
  '0',
  '-1',
  '1e400',
  'NaN',
  'Infinity',
  '0x10',
  '０',
  '9'.repeat(40),
];
const days: readonly unknown[] = [
  '0001/01/01',
  '9999/12/31',
  '0109/07/17',
  '2024/02/29',
  '2023/02/29',
  '/Date(8640000000000000)/',
  '/Date(-62135596800000)/',
  '9999-12-31T23:59:59-12:00',
  '0000-01-01T00:00:00Z',
  '0000-00-00 00:00:00',
  '2020-07-17 24:00:00',
  '2020-07-17 23:59:60',
  '民國前1年1月1日',
  '9991231',
];
const texts: readonly unknown[] = [
  '',
  ' ',
  '長'.repeat(4000),
  '長'.repeat(4001),
  '\0',
  '\ufeff',
  '\u202e',
  '𠮷',
  'e\u0301',
  "'; drop table students; --",
  '=HYPERLINK("http://x")',
  '../../x.pdf',
  'C:\\x.pdf',
  '2002',
  '9992',
  '1',
  '000000',
  '__proto__',
  'constructor',
];
const others: readonly unknown[] = [null, true, false, [], {}, [[]], [{}], [null]];
const all = [...numbers, ...days, ...texts, ...others];

/** More often of the kind that is there: what a reader lets through so far. */
function stranger(random: Random, now: unknown): unknown {
  if (random.chance(0.4)) return structuredClone(random.pick(all));
  if (typeof now === 'number') return random.pick(numbers);
  if (typeof now !== 'string') return structuredClone(random.pick(others));
  return random.pick(/^\d+[/-]\d+/.test(now) ? days : texts);
}

export const jsonChanges: Readonly<{ [name: string]: (content: unknown, random: Random) => void }> = {
  replace: (content, random) => {
    const slot = pick(content, random);
    set(slot, stranger(random, get(slot)));
  },
  replaceSeveral: (content, random) => {
    for (let count = random.between(2, 6); count > 0; count -= 1) jsonChanges.replace!(content, random);
  },
  /** One field of every record. */
  column: (content, random) => {
    const slot = pick(content, random, (one) => typeof one.key === 'string' && (typeof get(one) !== 'object' || get(one) === null));
    const { key } = slot;
    const value = stranger(random, get(slot));
    for (const one of slotsOf(content)) if (one.key === key) set(one, structuredClone(value));
  },
  swap: (content, random) => {
    const [first, second] = [pick(content, random), pick(content, random)];
    const value = structuredClone(get(first));
    set(first, structuredClone(get(second)));
    set(second, value);
  },
  remove: (content, random) => {
    const { holder, key } = pick(content, random);
    if (Array.isArray(holder)) holder.splice(key as number, 1);
    else delete holder[key];
  },
  rename: (content, random) => {
    const { holder, key } = pick(content, random, (slot) => typeof slot.key === 'string');
    const value = (holder as Json)[key];
    delete (holder as Json)[key];
    (holder as Json)[random.pick(['__proto__', 'constructor', 'toString', `${key} `, `${key}\u200b`, '', '基本資料', '多元表現'])] = value;
  },
  repeat: (content, random) => {
    const slot = pick(content, random, ({ holder }) => Array.isArray(holder));
    if (Array.isArray(slot.holder)) slot.holder.push(structuredClone(get(slot)));
  },
  wrap: (content, random) => {
    const slot = pick(content, random);
    set(slot, random.chance(0.5) ? [get(slot)] : { value: get(slot) });
  },
  editText: (content, random) => {
    const slot = pick(content, random, (one) => typeof get(one) === 'string' && get(one) !== '');
    const text = [...((get(slot) as string | undefined) ?? ' ')];
    const at = random.between(0, text.length - 1);
    text.splice(at, random.between(0, 1), random.pick(['', '0', '-', '/', ' ', '\\', '，', '\u0000', '９', 'T', '.']));
    set(slot, text.join(''));
  },
};

/** Changes to the text of a JSON, after which it may be none. */
export const textChanges: Readonly<{ [name: string]: (text: string, random: Random) => string }> = {
  cut: (text, random) => text.slice(0, random.between(0, text.length)),
  drop: (text, random) => {
    const at = random.between(0, text.length - 1);
    return text.slice(0, at) + text.slice(at + random.between(1, 3));
  },
  put: (text, random) => {
    const at = random.between(0, text.length);
    const more = random.pick([
      '{',
      '}',
      '[',
      ']',
      '"',
      ',',
      ':',
      '\\',
      '\\u0000',
      '\\ud800',
      '"x":1,',
      'null',
      '1e999',
      '//',
      '\u0000',
      '\ufeff',
    ]);
    return text.slice(0, at) + more + text.slice(at);
  },
  doubleKey: (text) => text.replace(/("[^"\\]+":)([^,{[]+),/, '$1$2,$1$2,'),
  deepen: (text, random) => {
    const depth = random.pick([10, 60, 70, 5000]);
    return text.replace('{', `{"深":${'['.repeat(depth)}${']'.repeat(depth)},`);
  },
};
