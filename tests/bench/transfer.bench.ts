import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sevenZipProgram } from '../../main/platform/seven-zip.ts';
import { temporaryFolder } from '../support/directories.ts';
import { type HandedOver, handOver, importFile, richestStudents } from '../support/transfer.ts';
import { openTrial } from '../support/trial.ts';
import { addVideos, videoBytes } from '../support/videos.ts';
import type { BenchRow, Measure } from './row.ts';

const mebibyte = 1024 * 1024;

interface Measured<Result> {
  seconds: number;
  result: Result;
  /** Of the whole process, in bytes. */
  peak: number;
}

async function secondsOf<Result>(work: () => Result | Promise<Result>): Promise<Measured<Result>> {
  let peak = process.memoryUsage.rss();
  const sample = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  const started = performance.now();
  const result = await work();
  clearInterval(sample);
  return { seconds: (performance.now() - started) / 1000, result, peak };
}

/** Each in turn, three times, and the best of each: what else the machine does comes upon both. */
async function bestInTurn<First, Second>(first: () => First | Promise<First>, second: () => Second | Promise<Second>) {
  const firsts: Measured<First>[] = [];
  const seconds: Measured<Second>[] = [];
  for (let round = 0; round < 3; round += 1) {
    firsts.push(await secondsOf(first));
    seconds.push(await secondsOf(second));
  }
  const best = <Result>(all: readonly Measured<Result>[]): Measured<Result> => ({
    ...all.reduce((fastest, one) => (one.seconds < fastest.seconds ? one : fastest)),
    peak: Math.max(...all.map(({ peak }) => peak)),
  });
  return [best(firsts), best(seconds)] as const;
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
    await addVideos(sender, student, count, (content, index) => writeFileSync(join(plain, `M${index}.mp4`), content));
    const megabytes = (count * videoBytes) / 1e6;

    const archive = join(folder.path, 'plain.zip');
    const run = (args: string[]) => execFileSync(sevenZipProgram(), args, { cwd: plain, stdio: 'ignore' });
    const before = process.memoryUsage.rss();
    const [write, out] = await bestInTurn(
      () => {
        rmSync(archive, { force: true });
        run(['a', '-tzip', '-mx=0', '-mem=AES256', '-pbench', archive, '*']);
      },
      () => sender.runJob('transferOut.produce', { studentIds: [student], oneFile: false, format: 'aes256' }),
    );
    const extracted = join(folder.path, 'extracted');
    const read = await secondsOf(() => run(['x', '-pbench', `-o${extracted}`, archive]));
    rmSync(extracted, { recursive: true });
    const [handed] = (await handOver(sender, [student], folder.path)) as [HandedOver];
    const arrived = await secondsOf(() => importFile(receiver, handed));
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
      note: `process ${Math.round(measured.peak / mebibyte)} MiB, + ${Math.max(0, Math.round((measured.peak - before) / mebibyte))}`,
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
