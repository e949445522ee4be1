import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, closeSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArchiveFault, CheckProgress, checkArchive } from '../../main/platform/archive-check.ts';
import { startArchiveChecker } from '../../main/platform/archive-checker.ts';
import { openArchive } from '../../main/platform/archive-reader.ts';
import type { ArchiveEncryption } from '../../main/platform/archive-records.ts';
import {
  type ArchiveImage,
  type ArchiveSource,
  deflatedText,
  layOutArchive,
  storedContent,
  writeArchive,
} from '../../main/platform/archive-writer.ts';
import { temporaryFolder } from '../support/directories.ts';

const password = 'Kp7xWq3nZt5vRm8y';
const modified = new Date('2026-11-24T09:30:14+08:00');
let folder: ReturnType<typeof temporaryFolder>;
let path: string;

beforeEach(() => {
  folder = temporaryFolder('check');
  path = join(folder.path, 'out.zip');
});
afterEach(() => folder.remove());

const seal = (sources: readonly ArchiveSource[], encryption: ArchiveEncryption): ArchiveImage =>
  layOutArchive(sources, { encryption, password: encryption === 'none' ? '' : password, modified });
const inside = (archive: ArchiveImage) => layOutArchive([{ name: 'portfolio.zip', archive }], { encryption: 'aes256', password, modified });

const layouts: Record<string, (sources: readonly ArchiveSource[]) => ArchiveImage> = {
  aes256: (sources) => seal(sources, 'aes256'),
  zipCrypto: (sources) => seal(sources, 'zipCrypto'),
  private: (sources) => inside(seal(sources, 'none')),
};
const formats = Object.keys(layouts);

/** Checks a file that is written already. */
function check({ pieces, bytes }: ArchiveImage) {
  const progress = new CheckProgress();
  progress.written = bytes;
  return checkArchive({ path, password, pieces, progress: progress.shared });
}

const text = '{"學習歷程": [1, 2, 3]}';
const small = async () => [await deflatedText('a.json', [text]), storedContent('A123456789/多元表現/M01.pdf', randomBytes(40))];

describe('given a file that was written as laid out', () => {
  it.each(formats)('as %s, then it is right, and its MD5 is of exactly the bytes on the disk', async (format) => {
    const image = layouts[format]!([...(await small()), storedContent('M02.mp4', randomBytes(1_500_003))]);
    await writeArchive(path, image);
    const md5 = createHash('md5').update(readFileSync(path)).digest('hex');
    expect(check(image)).toEqual({ bytes: image.bytes, md5 });
  });

  // The JSON of a hundred students and more deflates to several parts.
  it.each(formats)('as %s with a long text, then it is right', async (format) => {
    const image = layouts[format]!([await deflatedText('a.json', [randomBytes(600_000).toString('base64')])]);
    await writeArchive(path, image);
    expect(check(image).bytes).toBe(image.bytes);
  });

  it('then a thread can check it while it is being written, one after another', async () => {
    const checker = startArchiveChecker();
    try {
      for (const format of formats) {
        const file = join(folder.path, format);
        const image = layouts[format]!([storedContent('M02.mp4', randomBytes(5_000_000))]);
        const progress = new CheckProgress();
        const checking = checker.check({ path: file, password, pieces: image.pieces, progress: progress.shared });
        const seen: number[] = [];
        await writeArchive(file, image, {
          onWritten: (bytes) => {
            progress.written = bytes;
            seen.push(bytes);
          },
        });
        const md5 = createHash('md5').update(readFileSync(file)).digest('hex');
        expect(await checking).toEqual({ bytes: image.bytes, md5 });
        expect(progress.checked).toBe(image.bytes);
        expect(seen.length).toBeGreaterThan(3);
      }
    } finally {
      await checker.close();
    }
  });
});

describe('given a file that is not as it was laid out', () => {
  it.each(formats)('as %s, then a turned bit is noticed wherever it is', async (format) => {
    const image = layouts[format]!(await small());
    await writeArchive(path, image);
    const right = readFileSync(path);
    const unnoticed: number[] = [];
    for (let at = 0; at < right.length; at += 1) {
      const wrong = Buffer.from(right);
      wrong[at]! ^= 1 << (at % 8);
      writeFileSync(path, wrong);
      try {
        check(image);
        unnoticed.push(at);
      } catch (error) {
        expect(error).toBeInstanceOf(ArchiveFault);
      }
    }
    // The last bits of a deflated text may mean nothing, which an authentication code tells and ZipCrypto, having none, does not.
    expect(unnoticed.length).toBeLessThanOrEqual(format === 'zipCrypto' ? 1 : 0);
    for (const at of unnoticed) {
      const wrong = Buffer.from(right);
      wrong[at]! ^= 1 << (at % 8);
      writeFileSync(path, wrong);
      const opened = await openArchive(path, { entries: 10, totalBytes: 2 ** 20, ratio: 200 });
      expect((await opened.read(opened.entries[0]!, password, 1000)).toString()).toBe(text);
      await opened.close();
    }
  });

  it('then one that is cut, or goes on, is noticed', async () => {
    const image = seal(await small(), 'aes256');
    await writeArchive(path, image);
    appendFileSync(path, 'x');
    expect(() => check(image)).toThrow('size');
    truncateSync(path, image.bytes - 1);
    expect(() => check(image)).toThrow('size');
  });

  it('then a content that is another is named by what it should be', async () => {
    const good = storedContent('good', randomBytes(100_000));
    const other = { ...storedContent('other', randomBytes(100_000)), content: () => [randomBytes(100_000)] };
    const otherText = { ...(await deflatedText('text.json', ['[1]'])), sha256: '0'.repeat(64) };
    for (const [format, layOut] of Object.entries(layouts)) {
      path = join(folder.path, format);
      const image = layOut([good, other]);
      await writeArchive(path, image);
      expect(() => check(image)).toThrow(expect.objectContaining({ reason: 'content', sha256: other.sha256 }));
      path = join(folder.path, `${format}-text`);
      const withText = layOut([good, otherText]);
      await writeArchive(path, withText);
      expect(() => check(withText)).toThrow(expect.objectContaining({ reason: 'content', sha256: otherText.sha256 }));
    }
  });

  it('then a file written with another password is noticed', async () => {
    const sources = await small();
    await writeArchive(path, layOutArchive(sources, { encryption: 'aes256', password: 'another', modified }));
    expect(() => check(seal(sources, 'aes256'))).toThrow('password');
  });

  it('then a bit that turns behind the writer is noticed by the thread that follows it', async () => {
    const checker = startArchiveChecker();
    try {
      const progress = new CheckProgress();
      const image = seal([storedContent('M01.mp4', randomBytes(8_000_000))], 'aes256');
      const checking = checker.check({ path, password, pieces: image.pieces, progress: progress.shared });
      checking.catch(() => {});
      let turned = false;
      await writeArchive(path, image, {
        onWritten: (bytes) => {
          if (!turned) {
            turned = true;
            const file = openSync(path, 'r+');
            writeSync(file, Buffer.from([readFileSync(path)[700_000]! ^ 1]), 0, 1, 700_000);
            closeSync(file);
          }
          progress.written = bytes;
        },
      });
      await expect(checking).rejects.toMatchObject({ reason: 'authentication' });
    } finally {
      await checker.close();
    }
  });
});

describe('given a checker whose writer gives up', () => {
  it('then it gives up too, at once, and takes the next file', async () => {
    const checker = startArchiveChecker();
    try {
      const image = seal(await small(), 'aes256');
      const stopped = new CheckProgress();
      const checking = checker.check({ path, password, pieces: image.pieces, progress: stopped.shared });
      checking.catch(() => {});
      stopped.written = 10;
      const asked = performance.now();
      stopped.stop();
      await expect(checking).rejects.toMatchObject({ code: 'job.cancelled' });
      expect(performance.now() - asked).toBeLessThan(1000);
      await writeArchive(path, image);
      const progress = new CheckProgress();
      progress.written = image.bytes;
      await expect(checker.check({ path, password, pieces: image.pieces, progress: progress.shared })).resolves.toMatchObject({
        bytes: image.bytes,
      });
    } finally {
      await checker.close();
    }
  });
});
