import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sevenZipProgram } from '../../main/platform/seven-zip.ts';
import { temporaryFolder } from './directories.ts';

/** Runs the 7-Zip that the program ships; its arguments are anyone's to see, so only invented passwords go there. */
export function sevenZip(args: readonly string[], folder: string): string {
  return execFileSync(sevenZipProgram(), [...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Makes a ZIP as 7-Zip writes it: JSON deflated, the others stored. @param method `AES256`, `AES128`, `ZipCrypto` … */
export function zipBySevenZip(path: string, files: Readonly<Record<string, Buffer>>, method: string, password: string): void {
  const staged = temporaryFolder('staged');
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(staged.path, name)), { recursive: true });
      writeFileSync(join(staged.path, name), content);
    }
    for (const [level, list] of [
      ['-mx=5', Object.keys(files).filter((name) => name.endsWith('.json'))],
      ['-mx=0', Object.keys(files).filter((name) => !name.endsWith('.json'))],
    ] as const) {
      if (list.length > 0) sevenZip(['a', '-tzip', path, ...list, level, '-mcu=on', `-mem=${method}`, `-p${password}`], staged.path);
    }
  } finally {
    staged.remove();
  }
}
