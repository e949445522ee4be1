import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sevenZipProgram } from '../../main/platform/seven-zip.ts';
import { temporaryFolder } from '../support/directories.ts';
import { type HandedOver, handOver, importFile, richestStudents } from '../support/transfer.ts';
import { openTrial, type Trial } from '../support/trial.ts';
import type { BenchRow, Measure } from './row.ts';

const mebibyte = 1024 * 1024;
const videoBytes = 10 * mebibyte;

/** An MP4 by its first bytes, the rest as incompressible as real video. */
function video(): Buffer {
  const content = randomBytes(videoBytes);
  Buffer.from('\0\0\0\x18ftypmp42', 'latin1').copy(content);
  return content;
}

/** Gives a student videos of ten MiB each, and writes the same bytes as plain files for the baseline. */
async function fill({ application: { foundation } }: Trial, studentId: string, count: number, plain: string): Promise<void> {
  const { connection, attachments, write } = foundation;
  const addFile = connection.sqlite.prepare('insert into attachments (sha256, md5, bytes, media_type, at_city) values (?, ?, ?, ?, 1)');
  const addRecord = connection.sqlite.prepare(
    `insert into diverse_performances (id, version, student_id, category, academic_year, semester, title, details, summary, media_sha256, media_name,
       uploaded_term, created_at, submitted_term, source_school_code)
     values (?, 1, ?, 8, 114, 1, '影片', ?, '', ?, '影片.mp4', '1141', ?, '0000', '999999')`,
  );
  for (let index = 0; index < count; index += 1) {
    const content = video();
    writeFileSync(join(plain, `M${index}.mp4`), content);
    await write(() => {
      const { sha256, md5, bytes } = attachments.put(content);
      addFile.run(sha256, md5, bytes, 'video/mp4');
      addRecord.run(
        `bench-${index}`,
        studentId,
        JSON.stringify({ workName: `影片${index}`, workDate: '2025-10-01' }),
        sha256,
        '2025-10-01T01:00:00.000Z',
      );
    });
  }
}

async function secondsOf<Result>(work: () => Result | Promise<Result>): Promise<{ seconds: number; result: Result; peak: number }> {
  let peak = 0;
  const sample = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  const started = performance.now();
  const result = await work();
  clearInterval(sample);
  return { seconds: (performance.now() - started) / 1000, result, peak };
}

/** 匯出 and 匯入 of one student with many videos, against 7-Zip alone with the same bytes. Scale 1 is 640 MiB. */
export const measure: Measure = async (scale) => {
  const folder = temporaryFolder('transfer-bench');
  const plain = join(folder.path, 'plain');
  mkdirSync(plain);
  const sender = await openTrial();
  const receiver = await openTrial({ schoolCode: '888888', withoutPortfolios: true });
  try {
    const count = Math.max(2, Math.round(64 * scale));
    const [student] = richestStudents(sender, 1) as [string];
    await handOver(sender, [student], folder.path);
    await fill(sender, student, count, plain);
    const megabytes = (count * videoBytes) / 1e6;

    const archive = join(folder.path, 'plain.zip');
    const run = (args: string[]) => execFileSync(sevenZipProgram(), args, { cwd: plain, stdio: 'ignore' });
    const write = await secondsOf(() => run(['a', '-tzip', '-mx=0', '-mem=AES256', '-pbench', archive, '*']));
    const extracted = join(folder.path, 'extracted');
    const read = await secondsOf(() => run(['x', '-pbench', `-o${extracted}`, archive]));
    rmSync(extracted, { recursive: true });

    const before = process.memoryUsage.rss();
    const out = await secondsOf(() => handOver(sender, [student], folder.path));
    const arrived = await secondsOf(() => importFile(receiver, (out.result as HandedOver[])[0]!));
    if (arrived.result.completed !== 1) throw new Error('the import was not complete');
    const row = (
      work: string,
      measured: { seconds: number; peak: number },
      baseline: string,
      base: { seconds: number },
      goal: string,
    ): BenchRow => ({
      work: `${work}, ${count * 10} MiB`,
      figure: megabytes / measured.seconds,
      unit: 'MB/s',
      baseline,
      baselineFigure: megabytes / base.seconds,
      ratio: base.seconds / measured.seconds,
      goal,
      note: `memory + ${Math.max(0, Math.round((measured.peak - before) / mebibyte))} MiB`,
    });
    return [
      row('transfer out, every check', out, '7-Zip a -mx=0 AES-256', write, '≥ 0.70 of the rate, < 300 MB'),
      row('transfer in, every check', arrived, '7-Zip x', read, '≥ 0.50 of the rate'),
    ];
  } finally {
    await sender.close();
    await receiver.close();
    folder.remove();
  }
};
