/** Texts that programs have stumbled over: each is somebody’s idea of a name. */
export const hostileTexts: readonly string[] = [
  '',
  ' ',
  // Formulas to a spreadsheet.
  '=HYPERLINK("http://evil.example","按這裡")',
  "+1+cmd|' /C calc'!A0",
  '-2+3',
  '@SUM(1+1)',
  '\t=1+1',
  // Paths.
  '../../../../etc/passwd',
  '..\\..\\windows\\system32',
  '/etc/passwd',
  'C:\\Windows\\win.ini',
  '\\\\server\\share',
  'CON',
  'nul.txt',
  'name.',
  'name ',
  '.',
  '..',
  // HTML and scripts.
  '<img src=x onerror=alert(1)>',
  '<script>alert(1)</script>',
  '"><svg/onload=alert(1)>',
  '{{7*7}}#{7*7}',
  // SQL and patterns of it.
  "' or 1=1 --",
  '%',
  '_',
  '"',
  "'); drop table students; --",
  // Marks that turn the writing direction, and what no one sees.
  '\u202egnp.exe',
  '\u2066王小明',
  '\u200f\u200b\ufeff',
  // Controls and halves of characters.
  'a\u0000b',
  '\u0001\u001f\u007f\u0085',
  '\ud800',
  '\udfff\ud800',
  '王\udc00小明',
  '\ufffe\uffff',
  // Rare characters: CJK extensions B to I, a private one, variation and combining marks.
  '𡘙喆𪜈𫝀𬠠𮯰𰀀𱍐𮿰',
  '\ue000\u{f0000}',
  '葛\u{e0100}e\u0301\u0302\u0303',
  '👩‍👩‍👧‍👦',
  // Names that objects have by themselves.
  '__proto__',
  'constructor',
  'toString',
  // Numbers and days that are none.
  'NaN',
  '1e999',
  '-0',
  '9999-99-99',
  '0000-00-00',
  '２０２６－１１－２４',
  'x'.repeat(64),
  '長'.repeat(200),
  '長'.repeat(1001),
  '長'.repeat(100_000),
];

/** Values of every type that the channel of a window carries: structured clones, so more than JSON. */
export const hostileValues: readonly unknown[] = [
  null,
  undefined,
  true,
  0,
  -0,
  -1,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.MAX_SAFE_INTEGER,
  Number.MAX_VALUE,
  2 ** 31,
  2 ** 63,
  10n ** 30n,
  [],
  {},
  [[[[]]]],
  new Date(Number.NaN),
  new Map([['a', 1]]),
  new Uint8Array(3),
  /a/u,
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}'),
  // No text can be made of it.
  { toString: 1, valueOf: 1 },
  nested(1000),
  cyclic(),
  Array.from({ length: 50_001 }, (_, index) => `s${index}`),
  Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`key${index}`, 'x'])),
];

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { value };
  return value;
}

function cyclic(): unknown {
  const value: { self?: unknown } = {};
  value.self = value;
  return value;
}
