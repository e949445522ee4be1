import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processLives } from '../../main/platform/data-directory.ts';

/** A disk in memory, to be filled up. */
export interface SmallDisk {
  path: string;
  /** Takes up space until so many bytes are free. */
  fill: (freeBytes: number) => void;
  /** Gives the space back. */
  clear: () => void;
  freeBytes: () => number;
  remove: () => void;
}

const prefix = 'portfolio-faults-disk-';

/** Why there can be none here. */
export function noSmallDisk(): string | null {
  if (process.platform !== 'linux') return 'a disk to fill up needs Linux';
  if (process.getuid?.() !== 0) return 'a disk to fill up needs root, who may mount one';
  const probe = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]);
  return probe.status === 0 ? null : 'this machine does not let root mount a disk in memory';
}

/** Lazily: this process may still have the log open that lies there. */
function unmount(path: string): void {
  spawnSync('umount', ['--lazy', path]);
  rmdirSync(path);
}

/** Mounts one; those of runs that were killed are unmounted first. */
export function mountSmallDisk(bytes: number): SmallDisk {
  for (const name of readdirSync(tmpdir())) {
    if (name.startsWith(prefix) && !processLives(Number(name.slice(prefix.length)))) unmount(join(tmpdir(), name));
  }
  const path = join(tmpdir(), `${prefix}${process.pid}`);
  mkdirSync(path);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0700`, 'tmpfs', path]);
  if (mounted.status !== 0) {
    rmdirSync(path);
    throw new Error(`No disk could be mounted: ${mounted.stderr.toString()}`);
  }
  const ballast = join(path, 'ballast');
  const freeBytes = () => {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  };
  return {
    path,
    freeBytes,
    fill: (wanted) => {
      const bytes = freeBytes() - wanted;
      if (bytes > 0) spawnSync('fallocate', ['--length', String(bytes), ballast]);
    },
    clear: () => rmSync(ballast, { force: true }),
    remove: () => {
      if (existsSync(path)) unmount(path);
    },
  };
}
