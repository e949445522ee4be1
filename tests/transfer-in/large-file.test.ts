import { statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesOf, studentPortfolios } from '../../db/student-portfolio.ts';
import type { JobState } from '../../main/application/contract.ts';
import { temporaryFolder } from '../support/directories.ts';
import { carried, chosen, type HandedOver, handOver, importFile, richestStudents, traces } from '../support/transfer.ts';
import { openTrial, type Trial } from '../support/trial.ts';
import { addVideos } from '../support/videos.ts';

const folder = temporaryFolder('large-transfer');
let sender: Trial;
let receiver: Trial;
let student: string;
let file: HandedOver;
let before: unknown;

beforeAll(async () => {
  sender = await openTrial();
  [student] = richestStudents(sender, 1) as [string];
  await handOver(sender, [student], folder.path);
  await addVideos(sender, student, 16);
  [file] = (await handOver(sender, [student], folder.path)) as [HandedOver];
  receiver = await openTrial({ schoolCode: '888888', withoutPortfolios: true });
  before = traces(receiver);
}, 60_000);
afterAll(async () => {
  await sender.close();
  await receiver.close();
  folder.remove();
});

/** Starts the import and tells of every state that the window would see. */
async function watchImport(given: HandedOver, onState: (job: JobState) => void): Promise<JobState> {
  const { jobId } = await receiver.call('transferIn.run', chosen(receiver, given));
  const stop = receiver.application.onEvent((event) => {
    if (event.event === 'job' && event.job.id === jobId && event.job.state === 'running') onState(event.job);
  });
  try {
    return await receiver.application.waitForJob(jobId);
  } finally {
    stop();
  }
}

const presentFiles = () => receiver.application.foundation.attachments.sqlite.prepare('select count(*) from present_files').pluck().get();

describe('given a file of 160 MiB, when it is imported', () => {
  it.each([0, 0.3, 0.6])('and cancelled when %f of it is done, then nothing of it is left', async (share) => {
    let asked: Promise<unknown> | undefined;
    const job = await watchImport(file, ({ id, done, total }) => {
      if (total > 0 && done >= total * share) asked ??= receiver.call('jobs.cancel', { jobId: id });
    });
    await asked;
    expect(job.state).toBe('cancelled');
    expect(traces(receiver)).toEqual(before);
  });

  it('and its MD5 turns out to be another when most of it has been read, then nothing of it is left', async () => {
    const job = await watchImport({ ...file, md5: 'd41d8cd98f00b204e9800998ecf8427e' }, () => {});
    expect(job).toMatchObject({ state: 'failed', error: { code: 'transferIn.md5Mismatch', details: { actual: file.md5 } } });
    expect(traces(receiver)).toEqual(before);
  });

  it('and the thread that does it dies, then nothing of it is left', async () => {
    let ended: Promise<void> | undefined;
    const job = await watchImport(file, ({ done, total }) => {
      if (total > 0 && done >= total / 3) ended ??= receiver.application.foundation.tasks.close();
    });
    await ended;
    expect(job).toMatchObject({ state: 'failed', error: { code: 'task.died' } });
    expect(traces(receiver)).toEqual(before);
  });

  it('then its progress is one scale in bytes, nobody sees a file before every check has passed, and others write meanwhile', async () => {
    const total = statSync(file.path).size;
    const seen: JobState[] = [];
    const here = presentFiles();
    const present: unknown[] = [];
    let written = 0;
    let running = true;
    const writing = (async () => {
      while (running) {
        await receiver.application.foundation.write(() => {});
        written += 1;
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const job = await watchImport(file, (state) => {
      if (state.unit !== '位元組') return;
      seen.push({ ...state });
      present.push(presentFiles());
    });
    running = false;
    await writing;
    expect(job).toMatchObject({ state: 'done', result: { completed: 1 } });
    expect(new Set(seen.map((state) => state.step))).toEqual(new Set(['核對、檢查並保存檔案']));
    expect(new Set(seen.map((state) => state.total))).toEqual(new Set([total]));
    const done = seen.map((state) => state.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.at(-1)).toBeLessThanOrEqual(total);
    expect(new Set(present)).toEqual(new Set([here]));
    // A lease for each tray of the file and more: had one been held throughout, there would be a handful of turns.
    expect(written).toBeGreaterThan(20);
    expect(carried(receiver, student)).toEqual(carried(sender, student));
    const { attachments, connection } = receiver.application.foundation;
    const files = [...filesOf([studentPortfolios(connection.sqlite)(student)]).keys()];
    expect(files.length).toBeGreaterThan(16);
    for (const sha256 of files) expect(attachments.read(sha256).byteLength).toBeGreaterThan(0);
    expect((traces(receiver) as { arriving: number }).arriving).toBe(0);
  });

  it('then the same again leaves the store as it was', async () => {
    const once = traces(receiver) as { files: number; arriving: number };
    await importFile(receiver, file);
    expect(traces(receiver)).toMatchObject({ files: once.files, arriving: 0 });
  });
});
