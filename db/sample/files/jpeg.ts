import type { Random } from '../random.ts';

/** A picture of 12 × 9 plain fields of 8 × 8 pixels. */
const columns = 12;
const rows = 9;

/** Code lengths and symbols of the luminance DC table of the standard (ITU-T T.81, K.3); one table serves all components. */
const dcCounts = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const dcSymbols = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
/** An AC table of two symbols: end of block (code 0) and one that is never used. */
const acCounts = [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const acSymbols = [0x00, 0x01];

const dcCodes = (() => {
  const codes: { code: number; length: number }[] = [];
  let code = 0;
  let symbol = 0;
  for (const [index, count] of dcCounts.entries()) {
    for (let used = 0; used < count; used += 1) {
      codes[dcSymbols[symbol]!] = { code, length: index + 1 };
      code += 1;
      symbol += 1;
    }
    code <<= 1;
  }
  return codes;
})();

function segment(marker: number, payload: readonly number[]): number[] {
  const length = payload.length + 2;
  return [0xff, marker, length >> 8, length & 0xff, ...payload];
}

const head = Buffer.from([0xff, 0xd8, ...segment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0])]);
const tables = Buffer.from([
  // Every quantisation step 8: a DC difference of 1 is one level of brightness.
  ...segment(0xdb, [0, ...new Array<number>(64).fill(8)]),
  ...segment(0xc0, [8, 0, rows * 8, 0, columns * 8, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]),
  ...segment(0xc4, [0x00, ...dcCounts, ...dcSymbols]),
  ...segment(0xc4, [0x10, ...acCounts, ...acSymbols]),
  ...segment(0xda, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
]);
const end = Buffer.from([0xff, 0xd9]);

/**
 * A baseline JPEG: a soft gradient with coloured fields, and a comment.
 * @param comment what is written into the file, unseen
 */
export function makeJpeg(random: Random, comment: string): Buffer {
  const scan: number[] = [];
  let bits = 0;
  let filled = 0;
  const write = (value: number, length: number) => {
    bits = (bits << length) | (value & ((1 << length) - 1));
    filled += length;
    while (filled >= 8) {
      const byte = (bits >> (filled - 8)) & 0xff;
      scan.push(byte);
      if (byte === 0xff) scan.push(0);
      filled -= 8;
    }
    bits &= (1 << filled) - 1;
  };
  const base = [random.between(-40, 70), random.between(-50, 50), random.between(-50, 50)];
  const slope = random.between(-8, 8);
  const previous = [0, 0, 0];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const field = random.chance(0.2);
      for (let component = 0; component < 3; component += 1) {
        const shade = component === 0 ? slope * row + column * 2 : 0;
        const level = Math.max(-120, Math.min(120, base[component]! + shade + (field ? random.between(-40, 40) : 0)));
        const difference = level - previous[component]!;
        previous[component] = level;
        const size = difference === 0 ? 0 : 32 - Math.clz32(Math.abs(difference));
        const { code, length } = dcCodes[size]!;
        write(code, length);
        if (size > 0) write(difference > 0 ? difference : difference + (1 << size) - 1, size);
        write(0, 1);
      }
    }
  }
  if (filled > 0) write((1 << (8 - filled)) - 1, 8 - filled);
  const text = Buffer.from(comment, 'utf8');
  const mark = Buffer.from([0xff, 0xfe, (text.length + 2) >> 8, (text.length + 2) & 0xff]);
  return Buffer.concat([head, mark, text, tables, Buffer.from(scan), end]);
}
