import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A text that no file may hold readable. */
export interface Secret {
  /** What it is, for the one who reads of it: never the text itself. */
  what: string;
  text: string;
  allowedIn?: (path: string) => boolean;
}

interface Pattern {
  what: string;
  bytes: Buffer;
  allowedIn?: Secret['allowedIn'];
}

/** Below so many bytes a pattern stands in random bytes often enough to be found by chance. */
const fewestBytes = 6;

/** The characters that stand for a text in base64, wherever in the encoded bytes it begins. */
function base64Of(bytes: Buffer): Buffer[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and the last character may hold bits of what stands beside it.
    const whole = Math.floor(((offset + bytes.length) * 8) / 6);
    return Buffer.from(encoded.slice(Math.ceil((offset * 8) / 6), whole), 'latin1');
  });
}

function patternsOf({ what, text, allowedIn }: Secret): Pattern[] {
  const plain = { utf8: Buffer.from(text, 'utf8'), utf16: Buffer.from(text, 'utf16le') };
  const forms: [string, Buffer][] = [
    ['', plain.utf8],
    [' (UTF-16LE)', plain.utf16],
    [' (UTF-16BE)', Buffer.from(plain.utf16).swap16()],
    [
      ' (JSON escapes)',
      Buffer.from(
        JSON.stringify(text)
          .slice(1, -1)
          .replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
      ),
    ],
    [' (percent escapes)', Buffer.from(encodeURIComponent(text))],
    ...base64Of(plain.utf8).map((bytes): [string, Buffer] => [' (base64)', bytes]),
  ];
  return forms.filter(([, bytes]) => bytes.length >= fewestBytes).map(([form, bytes]) => ({ what: what + form, bytes, allowedIn }));
}

export interface TextScan {
  /** Looks through bytes. @returns what stands in them */
  in: (bytes: Buffer, path?: string) => string[];
  /** Looks through every file under a folder, and its name. @returns a line for each */
  under: (root: string) => string[];
}

/** One look along the bytes for all texts at once, in every encoding in which a program could have written them. */
export function scanFor(secrets: readonly Secret[]): TextScan {
  const byStart = new Map<number, Pattern[]>();
  const starts = new Uint8Array(65_536);
  for (const pattern of secrets.flatMap(patternsOf)) {
    const start = pattern.bytes.readUInt32LE(0);
    byStart.set(start, [...(byStart.get(start) ?? []), pattern]);
    starts[start & 0xffff] = 1;
  }
  const scan = (bytes: Buffer, path = ''): string[] => {
    const found = new Set<string>();
    for (let at = 0; at + fewestBytes <= bytes.length; at += 1) {
      if (starts[bytes[at]! | (bytes[at + 1]! << 8)] === 0) continue;
      for (const { what, bytes: sought, allowedIn } of byStart.get(bytes.readUInt32LE(at)) ?? []) {
        if (bytes.subarray(at, at + sought.length).equals(sought) && !allowedIn?.(path)) found.add(what);
      }
    }
    return [...found];
  };
  return {
    in: scan,
    under: (root) =>
      readdirSync(root, { recursive: true, withFileTypes: true }).flatMap((entry) => {
        const path = relative(root, join(entry.parentPath, entry.name));
        const content = entry.isFile() ? readFileSync(join(root, path)) : Buffer.alloc(0);
        return [...scan(Buffer.from(path), path), ...scan(content, path)].map((what) => `${what} stands readable in ${path}`);
      }),
  };
}
