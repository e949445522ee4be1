import { crc32 } from 'node:zlib';
import type { Random } from '../random.ts';

const width = 64;
const height = 48;
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(type: string, payload: Buffer): Buffer {
  const whole = Buffer.allocUnsafe(payload.length + 12);
  whole.writeUInt32BE(payload.length, 0);
  whole.write(type, 4, 'latin1');
  payload.copy(whole, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, payload.length + 8)), payload.length + 8);
  return whole;
}

/** A zlib stream of one stored block: starting deflate for so few bytes took ten times as long as all the rest. */
function storedStream(content: Buffer): Buffer {
  const whole = Buffer.allocUnsafe(content.length + 11);
  whole.writeUInt16BE(0x7801, 0);
  whole[2] = 1;
  whole.writeUInt16LE(content.length, 3);
  whole.writeUInt16LE(~content.length & 0xffff, 5);
  content.copy(whole, 7);
  // Adler-32. So short a text can't overflow the sums before the end.
  let sum = 1;
  let sums = 0;
  for (const byte of content) {
    sum += byte;
    sums += sum;
  }
  whole.writeUInt32BE(((sums % 65_521) * 0x1_0000 + (sum % 65_521)) >>> 0, content.length + 7);
  return whole;
}

// Bit depth 4, indexed colour: a picture of 16 colours.
const header = chunk('IHDR', Buffer.from([0, 0, 0, width, 0, 0, 0, height, 4, 3, 0, 0, 0]));
const end = chunk('IEND', Buffer.alloc(0));

/**
 * A PNG of 64 × 48 with a palette of its own: bars like a chart, and a comment.
 * @param comment written into the file as international text
 */
export function makePng(random: Random, comment: string): Buffer {
  const palette = Buffer.allocUnsafe(48);
  for (let index = 0; index < 48; index += 1) palette[index] = random.between(60, 250);
  const stride = width / 2 + 1;
  const pixels = Buffer.alloc(stride * height);
  for (let bar = 0; bar < 8; bar += 1) {
    const colour = random.between(1, 15);
    for (let row = random.between(4, height - 4); row < height; row += 1) {
      pixels.fill((colour << 4) | colour, row * stride + 1 + bar * 4, row * stride + 1 + bar * 4 + 3);
    }
  }
  const text = Buffer.concat([Buffer.from('Comment\0\0\0\0\0', 'latin1'), Buffer.from(comment, 'utf8')]);
  return Buffer.concat([signature, header, chunk('iTXt', text), chunk('PLTE', palette), chunk('IDAT', storedStream(pixels)), end]);
}
