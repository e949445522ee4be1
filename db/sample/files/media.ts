import type { Random } from '../random.ts';
import { films, toneFrames } from './templates.ts';

/** An ID3v2.3 text frame in UTF-16 with byte-order mark. */
function id3Text(name: string, text: string): Buffer {
  const value = Buffer.concat([Buffer.from([1, 0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
  const head = Buffer.alloc(10);
  head.write(name, 0, 'latin1');
  head.writeUInt32BE(value.length, 4);
  return Buffer.concat([head, value]);
}

/**
 * An MP3 of about a second: two tones in a rhythm of its own, its title in the tag.
 * @param title shown by players
 * @param serial kept as the recording's code
 */
export function makeMp3(random: Random, title: string, serial: string): Buffer {
  const tags = Buffer.concat([id3Text('TIT2', title), id3Text('TSRC', serial)]);
  const head = Buffer.from([
    0x49,
    0x44,
    0x33,
    3,
    0,
    0,
    (tags.length >> 21) & 127,
    (tags.length >> 14) & 127,
    (tags.length >> 7) & 127,
    tags.length & 127,
  ]);
  const parts: Uint8Array[] = [head, tags];
  for (let beat = 0; beat < 12; beat += 1) {
    const frame = random.pick(toneFrames);
    parts.push(frame, frame, frame, frame);
  }
  return Buffer.concat(parts);
}

/**
 * An MP4 of one second that every Chromium plays (VP9, Opus), made its own by a `free` box at the end.
 * @param note written into that box
 */
export function makeMp4(random: Random, note: string): Buffer {
  const text = Buffer.from(note, 'utf8');
  const box = Buffer.alloc(8);
  box.writeUInt32BE(text.length + 8, 0);
  box.write('free', 4, 'latin1');
  return Buffer.concat([random.pick(films), box, text]);
}
