import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { accessSync, chmodSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { path7z } from '7zip-bin';
import sevenZip, { type SevenZipStream } from 'node-7z';
import { damaged, passwordWrong } from './archive-errors.ts';
import { ApplicationError, cancelled } from './errors.ts';
import { unpackedPath } from './resources.ts';

/**
 * 7-Zip as a second opinion: it opens a finished file as any receiver would, a program that had no part in writing it.
 * It is asked about single entries, not to read every byte, which archive-check.ts has done. Files are written by archive-writer.ts, since 7-Zip would need what goes in as plain files on the disk, and read by
 * archive-reader.ts, since it would put what comes out there.
 */
export interface ArchiveRun {
  signal?: AbortSignal;
  /** Part of this run that is done, 0 to 1. */
  onProgress?: (part: number) => void;
  /** The program to start; the one shipped otherwise. */
  program?: string;
  /** Without a word from it for so long, 7-Zip is taken for hung. */
  patienceMs?: number;
}

const hung = 5 * 60_000;

/** 7-Zip as shipped. npm may unpack it without the executable bit. */
export function sevenZipProgram(): string {
  const program = unpackedPath(path7z);
  if (process.platform === 'win32') return program;
  try {
    accessSync(program, constants.X_OK);
  } catch {
    try {
      chmodSync(program, 0o755);
    } catch {
      // Not ours to change or not there: starting it says so, as archive.programMissing.
    }
  }
  return program;
}

const programMissing = (cause: unknown) =>
  new ApplicationError(
    'archive.programMissing',
    '無法啟動壓縮程式 7-Zip，可能被防毒軟體隔離。請將本程式加入防毒軟體的信任清單或重新安裝後再試一次。',
    { cause: (cause as NodeJS.ErrnoException)?.code },
  );

/** What 7-Zip's own words mean. */
function failureOf(words: string, status: number | null): ApplicationError {
  if (/wrong password/i.test(words)) return passwordWrong();
  if (status === 2) return damaged({ status });
  return new ApplicationError('archive.programFailed', '壓縮程式 7-Zip 意外中斷，沒有產生檔案。請再試一次。', { status });
}

/** What a program needs of ours, and nothing else: somebody may have put a password into it. */
function environment(): NodeJS.ProcessEnv {
  const needed = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR'].filter((name) => process.env[name] !== undefined);
  return { ...Object.fromEntries(needed.map((name) => [name, process.env[name]])), LC_ALL: 'C.UTF-8' };
}

function stop(child: ChildProcessWithoutNullStreams): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  // `detached` made it the leader of a group: all of it goes. Windows has no groups.
  if (process.platform === 'win32') child.kill('SIGKILL');
  else process.kill(-child.pid, 'SIGKILL');
}

/**
 * Starts what node-7z prepared and waits for its end. node-7z makes the arguments and reads the progress; starting is
 * done here, since 3.0.0 forgets its `$spawnOptions` (no folder, no environment) and tells of an end without the exit
 * status: a killed 7-Zip would look like one that is done.
 */
function outcome(
  stream: SevenZipStream,
  cwd: string,
  passwordLines: string,
  { signal, onProgress, patienceMs = hung }: ArchiveRun,
): Promise<void> {
  const child = spawn(stream._bin, stream._args, {
    cwd,
    // No controlling terminal, so that 7-Zip takes the password from standard input and not from a console.
    detached: true,
    windowsHide: true,
    env: environment(),
  });
  stream._childProcess = child;
  sevenZip.listen(stream);
  return new Promise((resolve, reject) => {
    let words = '';
    let startError: unknown;
    let silent = false;
    const giveUp = () => {
      silent = true;
      stop(child);
    };
    let timer = setTimeout(giveUp, patienceMs);
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, patienceMs);
    };
    const abort = () => stop(child);
    signal?.addEventListener('abort', abort, { once: true });
    stream.on('data', () => {});
    stream.on('progress', ({ percent }) => onProgress?.(percent / 100));
    // Everything node-7z calls an error is told by the child's status and words below.
    stream.on('error', () => {});
    child.stdout.on('data', (chunk: Buffer) => {
      heard();
      // It is content with names that it does not find.
      if (chunk.includes('No files to process')) words += 'No files to process';
    });
    child.once('spawn', () => onProgress?.(0));
    child.stderr.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-20_000);
    });
    child.on('error', (error) => {
      startError = error;
    });
    // A 7-Zip that ended before it read the password closes the pipe: its status says why.
    child.stdin.on('error', () => {});
    child.on('close', (status) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      if (signal?.aborted) reject(cancelled());
      else if (startError) reject(programMissing(startError));
      else if (silent) reject(new ApplicationError('archive.programHung', '壓縮程式 7-Zip 沒有回應，已停止。請再試一次。'));
      else if (status === 0 && words.includes('No files to process')) reject(damaged({ reason: 'no such entry' }));
      else if (status === 0) resolve();
      else reject(failureOf(words, status));
    });
    child.stdin.end(passwordLines);
  });
}

/**
 * Reads entries of an archive through 7-Zip, writing nothing: that they decrypt and their checksums hold. Here a bare
 * `-p` would mean the empty password; without it 7-Zip asks.
 * @param entries names, which stand in the argument list for all to read; all entries where none is named
 * @throws archive.passwordWrong, .damaged, .programMissing, .programFailed, .programHung, job.cancelled
 */
export async function testArchive(path: string, password: string, run: ArchiveRun = {}, entries: readonly string[] = []): Promise<void> {
  run.signal?.throwIfAborted();
  const program = run.program ?? sevenZipProgram();
  const options = {
    $bin: program,
    $defer: true,
    $progress: true,
    archiveType: 'zip',
    $cherryPick: entries,
    $raw: ['-spd', '-scsUTF-8'],
  } as const;
  await outcome(sevenZip.test(path, options), dirname(path), `${password}\n`, run);
}
