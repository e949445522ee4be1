import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statfsSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { filesOf, studentPortfolios } from '../../db/student-portfolio.ts';
import { type FinishedFile, keepFiles } from '../../main/features/transfer-out/keep-files.ts';
import { FileProgress } from '../../main/features/transfer-out/production-progress.ts';
import { makeTransferArchive } from '../../main/features/transfer-out/transfer-archive.ts';
import { noteUnrecorded } from '../../main/features/transfer-out/unrecorded-files.ts';
import { type ArchiveChecker, startArchiveChecker } from '../../main/platform/archive-checker.ts';
import type { AttachmentStore } from '../../main/platform/attachment-store.ts';
import type { ApplicationError } from '../../main/platform/errors.ts';
import { temporaryFolder } from '../support/directories.ts';
import { handOver, richestStudents, traces } from '../support/transfer.ts';
import { layTrial, openTrial, signInto, type Trial, trialPassword } from '../support/trial.ts';
import { addVideos } from '../support/videos.ts';

const folder = temporaryFolder('transfer-faults');
let school: Trial;
let student: string;
beforeAll(async () => {
  school = await openTrial();
  [student] = richestStudents(school, 1) as [string];
  await addVideos(school, student, 2);
  await handOver(school, [student], folder.path);
}, 60_000);
afterAll(async () => {
  await school.close();
  folder.remove();
});

const produce = (format: 'aes256' | 'zipCrypto' | 'private' = 'aes256') =>
  school.runJob('transferOut.produce', { studentIds: [student], oneFile: false, format });

/** Every file in `transfers`, by its bytes. */
const keptFiles = () => {
  const { transfers } = school.application.foundation.directory;
  return Object.fromEntries(
    readdirSync(transfers).map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(transfers, name)))
        .digest('hex'),
    ]),
  );
};

describe('given an attachment that the store no longer holds as it was', () => {
  const largest = () => {
    const { connection } = school.application.foundation;
    const files = [...filesOf([studentPortfolios(connection.sqlite)(student)]).values()].sort((a, b) => b.bytes - a.bytes);
    return files[0]!.sha256;
  };
  /** Changes the store for the time of one test. */
  const withStore = async (change: string, parameters: unknown[], test: () => Promise<void>) => {
    const { sqlite } = school.application.foundation.attachments;
    const chunks = sqlite.prepare('select * from chunks where sha256 = ?').all(largest()) as object[];
    sqlite.prepare(change).run(...parameters);
    try {
      await test();
    } finally {
      const restore = sqlite.prepare('insert or replace into chunks (sha256, position, content) values (@sha256, @position, @content)');
      for (const chunk of chunks) restore.run(chunk);
    }
  };

  it.each([
    [
      'aes256',
      'another byte',
      'update chunks set content = zeroblob(length(content)) where sha256 = ? and position = 7',
      'attachment.damaged',
    ],
    [
      'private',
      'another byte',
      'update chunks set content = zeroblob(length(content)) where sha256 = ? and position = 7',
      'attachment.damaged',
    ],
    [
      'zipCrypto',
      'another byte',
      'update chunks set content = zeroblob(length(content)) where sha256 = ? and position = 7',
      'attachment.damaged',
    ],
    ['aes256', 'a shorter part', 'update chunks set content = substr(content, 2) where sha256 = ? and position = 7', 'attachment.damaged'],
    ['aes256', 'no such part', 'delete from chunks where sha256 = ? and position = 7', 'attachment.missing'],
  ] as const)('as %s with %s, then no file is made and the attachment is named', async (format, _what, change, code) => {
    const before = traces(school);
    const kept = keptFiles();
    await withStore(change, [largest()], async () => {
      await expect(produce(format)).rejects.toMatchObject({ code, details: { sha256: largest() } });
      expect(traces(school)).toEqual(before);
      expect(keptFiles()).toEqual(kept);
    });
  });
});

describe('given a byte that changes behind the writer', () => {
  it('then the export fails, the store being as it should be', async () => {
    const { connection, attachments } = school.application.foundation;
    const files = [...filesOf([studentPortfolios(connection.sqlite)(student)]).values()].filter(({ bytes }) => bytes > 5_000_000);
    const work = join(folder.path, 'work');
    mkdirSync(work);
    const path = join(work, 'flipped.zip');
    let read = 0;
    const flipped = Promise.withResolvers<void>();
    /** Turns a bit of what was written a while ago. */
    const flip = () => {
      const file = openSync(path, 'r+');
      const byte = Buffer.alloc(1);
      readSync(file, byte, 0, 1, 700_000);
      byte[0]! ^= 4;
      writeSync(file, byte, 0, 1, 700_000);
      closeSync(file);
      flipped.resolve();
    };
    const flipping: AttachmentStore = {
      ...attachments,
      chunks: function* (sha256) {
        for (const chunk of attachments.chunks(sha256)) {
          read += chunk.byteLength;
          if (read > 15_000_000) {
            flip();
            read = Number.NEGATIVE_INFINITY;
          }
          yield chunk;
        }
      },
    };
    const checker = startArchiveChecker();
    // What the checker has read already it cannot read again: it begins when the bit has turned.
    const late: ArchiveChecker = { ...checker, check: (archive) => flipped.promise.then(() => checker.check(archive)) };
    try {
      const { made } = makeTransferArchive(
        {
          name: 'flipped',
          students: [
            {
              student: { ...emptyStudent },
              files: files.map((file, index) => ({ path: `A123456789/多元表現/M${index}.mp4`, file })),
              names: {},
            },
          ],
          school: { code: '999999', name: '測試高中' },
          createdAt: new Date(),
          applicationVersion: '0',
          format: 'aes256',
          password: 'Kp7xWq3nZt5vRm8y',
        },
        { attachments: flipping, checker: late, folder: work, signal: new AbortController().signal, progress: new FileProgress(0) },
      );
      await expect(made).rejects.toMatchObject({ code: 'transferOut.verifyFailed' });
      expect(read).toBe(Number.NEGATIVE_INFINITY);
    } finally {
      await checker.close();
    }
  });
});

const emptyStudent = {
  schoolCode: '999999',
  unitCode: null,
  academicYear: 114,
  semester: 1,
  identity: 'A123456789',
  name: '測試',
  birthDate: '2008-01-01',
  outcomes: [],
  performances: [],
  cadres: [],
};

const canMount = process.platform === 'linux' && process.getuid?.() === 0;
if (!canMount) console.warn('full disks are not tried: that takes Linux and root, to mount a small one');

describe.runIf(canMount)('given a disk that is too small', () => {
  let work: string;
  let needed: number;
  beforeAll(() => {
    const { directory, connection } = school.application.foundation;
    work = join(directory.root, 'work');
    const { outcomes, performances } = studentPortfolios(connection.sqlite)(student);
    needed = [...outcomes, ...performances]
      .flatMap(({ document, media }) => [document, media])
      .reduce((sum, file) => sum + (file?.bytes ?? 0), 0);
  });
  const mount = (bytes: number) => execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', work]);
  afterEach(() => execFileSync('umount', [work]));
  const outsideWork = () => ({ ...(traces(school) as object), work: [] });
  const workFolders = () => readdirSync(work).filter((name) => name.includes('transfer-out'));

  it('then it is said at once, with what is needed and what is there', async () => {
    const kept = keptFiles();
    mount(2 ** 20);
    const { code, details } = (await produce().catch((error: unknown) => error)) as ApplicationError;
    expect({ code, details }).toEqual({ code: 'disk.full', details: { bytes: needed, free: expect.any(Number) } });
    // What a disk in memory keeps for itself is some pages at most.
    expect(details.free).toBeLessThanOrEqual(2 ** 20);
    expect(details.free).toBeGreaterThan(2 ** 19);
    expect(workFolders()).toEqual([]);
    expect(keptFiles()).toEqual(kept);
  });

  it('and full only when most is written, then nothing of it is left, and the files that are there stay as they are', async () => {
    const kept = keptFiles();
    const before = outsideWork();
    // Room for the attachments, and none for what stands around them.
    mount(Math.ceil(needed / 4096) * 4096 + 8192);
    expect(statfsSync(work).bavail * statfsSync(work).bsize).toBeGreaterThanOrEqual(needed);
    await expect(produce()).rejects.toMatchObject({ code: 'disk.full' });
    expect(workFolders()).toEqual([]);
    expect(outsideWork()).toEqual(before);
    expect(keptFiles()).toEqual(kept);
  });
});

describe('given finished files that get their names', () => {
  let own: Trial;
  let directory: ReturnType<typeof temporaryFolder>;
  beforeEach(async () => {
    directory = temporaryFolder('unrecorded');
    await layTrial(directory.path, { withoutPortfolios: true });
    own = await open();
  });
  afterEach(async () => {
    await own.close();
    directory.remove();
  });
  const open = () => signInto(directory.path, '999999adm', trialPassword);

  function finished(fileName: string): FinishedFile {
    const path = join(directory.path, 'work', fileName);
    writeFileSync(path, `content of ${fileName}`);
    return { id: randomUUID(), fileName, archive: { path, bytes: 10, md5: '0'.repeat(32) }, password: 'x', students: [] };
  }
  const keep = (files: FinishedFile[]) => {
    const { directory: places, masterKey, connection } = own.application.foundation;
    const context = { directory: places, masterKey, openWriter: () => ({ sqlite: connection.sqlite, close: () => {} }) };
    keepFiles(context, files, { at: '2026-11-24T01:00:00.000Z', accountName: '999999adm', format: 'aes256' });
  };
  const transfers = () => readdirSync(join(directory.path, 'transfers')).filter((name) => name.startsWith('file'));
  const rows = () =>
    own.application.foundation.connection.sqlite
      .prepare("select file_name from transfer_out_files where file_name like 'file%' order by file_name")
      .pluck()
      .all();
  const noted = () => own.application.foundation.connection.sqlite.prepare('select count(*) from unrecorded_transfer_files').pluck().get();

  it('then all have one, and a record', () => {
    keep([finished('file1.zip'), finished('file2.zip')]);
    expect(transfers()).toEqual(['file1.zip', 'file2.zip']);
    expect(rows()).toEqual(['file1.zip', 'file2.zip']);
    expect(noted()).toBe(0);
  });

  it('where one name is taken, then none has one, and the file that has it stays as it is', () => {
    const taken = join(directory.path, 'transfers', 'file2.zip');
    writeFileSync(taken, 'of somebody else');
    expect(() => keep([finished('file1.zip'), finished('file2.zip'), finished('file3.zip')])).toThrow(
      expect.objectContaining({ code: 'transferOut.nameTaken' }),
    );
    expect(transfers()).toEqual(['file2.zip']);
    expect(readFileSync(taken, 'utf8')).toBe('of somebody else');
    expect(rows()).toEqual([]);
    expect(noted()).toBe(0);
  });

  it('and a program that ends before their record is there, then the next start takes them back, and only them', async () => {
    const files = [finished('file1.zip'), finished('file2.zip'), finished('file3.zip')];
    keep([finished('file0.zip')]);
    const { sqlite } = own.application.foundation.connection;
    noteUnrecorded(
      sqlite,
      files.map(({ fileName, archive: { path } }) => ({ fileName, path })),
    );
    // The first had got its name, the second not yet, and the third's was another's.
    linkSync(files[0]!.archive.path, join(directory.path, 'transfers', 'file1.zip'));
    writeFileSync(join(directory.path, 'transfers', 'file3.zip'), 'of somebody else');
    await own.close();
    own = await open();
    expect(transfers()).toEqual(['file0.zip', 'file3.zip']);
    expect(noted()).toBe(0);
    expect(existsSync(join(directory.path, 'transfers', 'file1.zip'))).toBe(false);
  });
});
