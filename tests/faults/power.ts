import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Random } from '../../db/sample/random.ts';
import { temporaryFolder } from '../support/directories.ts';

/**
 * A disk whose power can be cut: a file system in a file. What a program wrote stands in the kernel's memory until the program has it flushed;
 * the file holds only what was flushed. A copy of the file is the disk as it would be found after the cut, and mounting it replays the journal,
 * as a computer does that starts again.
 */
export interface PowerDisk {
  path: string;
  /** Everything so far is on the disk. */
  settle: () => void;
  /** Cuts the power and mounts what the disk has; nothing may be at work on it any more. */
  cut: () => void;
  remove: () => void;
  words: string;
}

/** An import wants to see 256 MB free before it begins; what is not written takes no memory. */
const diskBytes = 640 * 1024 * 1024;

/** Where images lie: in memory where there is such a place, else where the system keeps what is temporary. */
const memory = '/dev/shm';

function run(command: string, ...parameters: string[]): void {
  const { status, stderr, error } = spawnSync(command, parameters);
  if (status !== 0) throw new Error(`${command} ${parameters.join(' ')}: ${error?.message ?? stderr.toString()}`);
}

/** Why there can be none here. */
export function noPowerDisk(): string | null {
  if (process.platform !== 'linux') return 'a disk whose power can be cut needs Linux';
  if (process.getuid?.() !== 0) return 'a disk whose power can be cut needs root, who may mount one';
  const folder = temporaryFolder('faults-probe');
  const image = join(folder.path, 'image');
  const mounted = join(folder.path, 'mounted');
  mkdirSync(mounted);
  try {
    run('truncate', '--size', '8M', image);
    run('mkfs.ext4', '-q', '-F', image);
    run('unshare', '--mount', 'mount', '-o', 'loop', image, mounted);
    return null;
  } catch {
    return 'this machine does not let root mount a file system in a file';
  } finally {
    folder.remove();
  }
}

let disks = 0;

/**
 * Mounts one at a path. Nothing reaches it by itself: the journal is written every ten minutes unless someone asks for it, and a rename flushes
 * nothing. Half of them also let the names and lengths of files come before their content.
 */
export function mountPowerDisk(path: string, random: Random): PowerDisk {
  const mode = random.pick(['ordered', 'writeback']);
  const options = `loop,commit=600,noauto_da_alloc,data=${mode}`;
  const images = process.platform === 'linux' ? memory : tmpdir();
  const name = () => {
    disks += 1;
    return join(images, `portfolio-faults-${process.pid}-${disks}.img`);
  };
  let image = name();
  run('truncate', '--size', String(diskBytes), image);
  run('mkfs.ext4', '-q', '-F', '-m', '0', '-E', 'lazy_itable_init=0,lazy_journal_init=0,nodiscard', image);
  mkdirSync(path);
  run('mount', '-o', options, image, path);
  return {
    path,
    words: `power cut, data=${mode}`,
    settle: () => run('sync', '--file-system', path),
    cut: () => {
      const found = name();
      run('cp', '--sparse=always', image, found);
      // What is unmounted here is flushed, into an image that is looked at no more.
      run('umount', '--lazy', path);
      rmSync(image);
      image = found;
      run('mount', '-o', options, image, path);
    },
    remove: () => {
      spawnSync('umount', ['--lazy', path]);
      rmSync(image, { force: true });
    },
  };
}
