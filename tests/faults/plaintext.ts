import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** A text that must not lie readable on the disk, and where it may. */
export interface Secret {
  /** What it is, for the one who reads of it: never the text itself. */
  what: string;
  bytes: Buffer;
  /** Of a file relative to the data directory. */
  allowedIn?: (path: string) => boolean;
}

/** Fewer bytes than these stand in some megabytes of ciphertext by chance: four of them, a name of two characters, in one of 400 times 10 MB. */
const leastBytes = 6;

/** In the encodings in which a program could have written it. */
export const secretText = (what: string, text: string, allowedIn?: Secret['allowedIn']): Secret[] =>
  [
    { what, bytes: Buffer.from(text, 'utf8'), allowedIn },
    { what: `${what} (UTF-16)`, bytes: Buffer.from(text, 'utf16le'), allowedIn },
  ].filter(({ bytes }) => bytes.byteLength >= leastBytes);

/** Empty of a file that a program which goes on has moved or removed meanwhile. */
function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return Buffer.alloc(0);
  }
}

/**
 * Reads every file under the folders, names included, and looks for the secrets.
 * @param except folders, relative, that hold the invented papers of a trial school
 */
export function readableSecrets(root: string, secrets: readonly Secret[], except: readonly string[] = ['trial']): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = relative(root, join(entry.parentPath, entry.name));
    if (except.some((folder) => path === folder || path.startsWith(folder + sep))) continue;
    const name = Buffer.from(path, 'utf8');
    const content = entry.isFile() ? contentOf(join(root, path)) : Buffer.alloc(0);
    for (const { what, bytes, allowedIn } of secrets) {
      if ((content.includes(bytes) || name.includes(bytes)) && !allowedIn?.(path)) found.push(`${what} stands readable in ${path}`);
    }
  }
  return found;
}
