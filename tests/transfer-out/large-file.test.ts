import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobState } from '../../main/application/contract.ts';
import { temporaryFolder } from '../support/directories.ts';
import { handOver, richestStudents, traces } from '../support/transfer.ts';
import { openTrial, type Trial } from '../support/trial.ts';
import { addVideos, videoBytes } from '../support/videos.ts';

const folder = temporaryFolder('large-transfer-out');
const count = 12;
let school: Trial;
let student: string;
let before: unknown;
/** A part that all the videos have: whoever finds it in a file has found it plain. */
let sample: Buffer;

beforeAll(async () => {
  school = await openTrial();
  [student] = richestStudents(school, 1) as [string];
  await handOver(school, [student], folder.path);
  await addVideos(school, student, count, (content) => {
    sample = Buffer.from(content.subarray(5000, 5064));
  });
  before = traces(school);
}, 60_000);
afterAll(async () => {
  await school.close();
  folder.remove();
});

/** Makes the student's file and tells of every state that the window would see. */
async function watchExport(format: 'aes256' | 'zipCrypto' | 'private', onState: (job: JobState) => void): Promise<JobState> {
  const seen: JobState[] = [];
  const stop = school.application.onEvent((event) => {
    if (event.event === 'job' && event.job.operation === 'transferOut.produce') seen.push(event.job);
    if (event.event === 'job' && event.job.state === 'running') onState(event.job);
  });
  try {
    const { jobId } = await school.call('transferOut.produce', { studentIds: [student], oneFile: false, format });
    return await school.application.waitForJob(jobId);
  } finally {
    stop();
  }
}

describe('given a student with 120 MiB of videos, when a transfer file is made', () => {
  it.each(['aes256', 'private'] as const)('as %s, then its progress is in bytes and nothing plain is ever on the disk', async (format) => {
    const work = join(school.directory, 'work');
    const states: JobState[] = [];
    const files = new Set<string>();
    const plain: string[] = [];
    const job = await watchExport(format, (state) => {
      states.push(state);
      for (const name of readdirSync(work, { recursive: true }) as string[]) {
        const path = join(work, name);
        if (!statSync(path, { throwIfNoEntry: false })?.isFile()) continue;
        files.add(name.slice(name.lastIndexOf('/') + 1));
        if (readFileSync(path).includes(sample)) plain.push(name);
      }
    });
    expect(job.state).toBe('done');
    const counted = states.filter(({ total }) => total > 0);
    expect(new Set(counted.map(({ unit }) => unit))).toEqual(new Set(['位元組']));
    const [total] = new Set(counted.map((state) => state.total));
    expect(total).toBeGreaterThan(count * videoBytes);
    expect(counted.every((state) => state.total === total)).toBe(true);
    const done = counted.map((state) => state.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.some((bytes) => bytes > 0 && bytes < total! / 2)).toBe(true);
    expect(job.done).toBe(total);
    const steps = [...new Set(counted.map(({ step }) => step))];
    expect(steps).toEqual(['準備檔案', '壓縮加密', '檢查檔案'].filter((step) => steps.includes(step)));
    expect(steps).toContain('壓縮加密');
    // Only ever the encrypted file, and none of it plain.
    expect([...files].every((name) => /^999999_\d{4}(_\d\d){5}\.zip$/.test(name))).toBe(true);
    expect(files.size).toBe(1);
    expect(plain).toEqual([]);
    const { attachments } = school.application.foundation;
    const largest = attachments.sqlite.prepare<[], string>('select sha256 from files order by bytes desc limit 1').pluck().get()!;
    expect(attachments.read(largest).includes(sample)).toBe(true);
    const [made] = (job.result as { files: { id: string }[] }).files;
    await school.call('transferOut.remove', { id: made!.id });
  });

  it.each([
    ['aes256', 0.01],
    ['aes256', 0.5],
    ['aes256', 0.9],
    ['zipCrypto', 0.3],
    ['private', 0.05],
  ] as const)('as %s, and cancelled when %f of it is done, then it stops within a second without a trace', async (format, share) => {
    let asked: Promise<unknown> | undefined;
    let at = 0;
    const job = await watchExport(format, ({ id, done, total }) => {
      if (total === 0 || done < total * share || asked) return;
      at = performance.now();
      asked = school.call('jobs.cancel', { jobId: id });
    });
    const seconds = (performance.now() - at) / 1000;
    await asked;
    expect(job.state).toBe('cancelled');
    expect(seconds).toBeLessThan(1);
    expect(traces(school)).toEqual(before);
  });
});
