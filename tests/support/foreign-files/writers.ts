import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter, type ZipWriterConstructorOptions } from '@zip.js/zip.js';
import { sevenZipProgram } from '../../../main/platform/seven-zip.ts';
import { type HandMadeArchive, type HandMadeEntry, handMadeZip } from './hand-made.ts';
import type { ParcelEntry } from './parcel.ts';

/** Programs that other schools' systems may pack with, none of them ours. */
export interface Writer {
  /** Why it cannot be tried on this machine; undefined where it can. */
  missing?: () => string | undefined;
  write: (entries: readonly ParcelEntry[], password: string) => Buffer | Promise<Buffer>;
}

/** Lays entries down as files; gives what a program makes of them. */
function onDisk(entries: readonly ParcelEntry[], pack: (folder: string, target: string) => void): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'foreign-'));
  try {
    const staged = join(folder, 'staged');
    for (const { name, content } of entries) {
      mkdirSync(dirname(join(staged, name)), { recursive: true });
      writeFileSync(join(staged, name), content);
    }
    const target = join(folder, 'made.zip');
    pack(staged, target);
    return readFileSync(target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param passes switches of each call, and which entries it adds */
export const sevenZip = (...passes: { switches: string[]; of?: (name: string) => boolean }[]): Writer => ({
  write: (entries, password) =>
    onDisk(entries, (folder, target) => {
      for (const { switches, of = () => true } of passes) {
        const names = entries.map(({ name }) => name).filter(of);
        execFileSync(sevenZipProgram(), ['a', '-tzip', '-spd', `-p${password}`, ...switches, target, ...names], {
          cwd: folder,
          stdio: 'ignore',
        });
      }
    }),
});

const isInstalled = (program: string) => spawnSync(program, ['-h']).error === undefined;

/** Debian's `zip`: the traditional encryption only, always with descriptors. @param streamed into a pipe, where it cannot go back to write sizes */
export const infoZip = (switches: string[], streamed = false): Writer => ({
  missing: () => (isInstalled('zip') ? undefined : 'Info-ZIP (zip) is not installed'),
  write: (entries, password) =>
    onDisk(entries, (folder, target) => {
      const options = { cwd: folder, maxBuffer: 2 ** 28, env: { ...process.env, LC_ALL: 'C.UTF-8' } };
      const args = ['-q', '-r', '-P', password, ...switches];
      if (streamed) writeFileSync(target, execFileSync('zip', [...args, '-', '.'], options));
      else execFileSync('zip', [...args, target, '.'], options);
    }),
});

/** Python's zipfile, which does not encrypt: the inner archive of what another writer wraps. */
export const python: Writer = {
  missing: () => (isInstalled('python3') ? undefined : 'Python 3 is not installed'),
  write: (entries) =>
    onDisk(entries, (folder, target) =>
      execFileSync('python3', ['-m', 'zipfile', '-c', target, ...new Set(entries.map(({ name }) => name.split('/')[0]!))], {
        cwd: folder,
      }),
    ),
};

export const zipJs = (options: ZipWriterConstructorOptions): Writer => ({
  write: async (entries, password) => {
    const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false, password, ...options });
    for (const { name, content } of entries) await writer.add(name, new Uint8ArrayReader(content));
    return Buffer.from(await writer.close(options.zip64 ? new TextEncoder().encode('學習歷程') : undefined));
  },
});

/** Byte by byte, for what no program at hand writes. */
export const byHand = (
  shape: (entry: ParcelEntry, index: number) => Partial<HandMadeEntry> = () => ({}),
  archive: HandMadeArchive = {},
  around: (entries: HandMadeEntry[]) => HandMadeEntry[] = (entries) => entries,
): Writer => ({
  write: (entries, password) => {
    const shaped = entries.map((entry, index): HandMadeEntry => ({ ...entry, ...shape(entry, index) }));
    return handMadeZip(around(shaped), { ...archive, password }).bytes;
  },
});

/** The one writer's archive inside the other's: 隱私格式. */
export const wrapped = (inner: Writer, outer: Writer): Writer => ({
  missing: () => inner.missing?.() ?? outer.missing?.(),
  write: async (entries, password) => outer.write([{ name: 'portfolio.zip', content: await inner.write(entries, password) }], password),
});

/** The words of the layout in CP950, as Python's codec has them. */
const words: Record<string, string> = {
  課程學習成果: 'bdd2b57bbec7b2dfa6a8aa47',
  多元表現: 'a668a4b8aaedb27b',
  學習歷程資料: 'bec7b2dfbefab57bb8eaaec6',
};

export function inCp950(name: string): Buffer {
  const parts = name.split(new RegExp(`(${Object.keys(words).join('|')})`));
  return Buffer.concat(parts.map((part) => (words[part] === undefined ? Buffer.from(part, 'ascii') : Buffer.from(words[part], 'hex'))));
}
