import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programRoot } from '../../main/platform/resources.ts';
import { temporaryFolder } from '../support/directories.ts';
import type { MeasuredExport } from '../support/measured-export.ts';
import { handOver, richestStudents } from '../support/transfer.ts';
import { layTrial, signInto, trialPassword } from '../support/trial.ts';
import { addVideos, videoBytes } from '../support/videos.ts';

const run = promisify(execFile);
const folder = temporaryFolder('export-memory');
const directory = join(folder.path, 'school');
const count = 60;
let studentIds: string[];

beforeAll(async () => {
  await layTrial(directory);
  const school = await signInto(directory, '999999adm', trialPassword);
  studentIds = richestStudents(school, 20);
  // Their files come from the city now, which the measured process does not run.
  await handOver(school, studentIds, folder.path, { oneFile: true });
  await addVideos(school, studentIds[0]!, count);
  await school.close();
}, 120_000);
afterAll(() => folder.remove());

async function measure(input: object): Promise<MeasuredExport> {
  const script = join(programRoot, 'tests/support/measured-export.ts');
  const { stdout } = await run(process.execPath, [script, directory, JSON.stringify(input)], { maxBuffer: 2 ** 20 });
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as MeasuredExport;
}

describe('given 600 MiB of attachments, when they are exported', () => {
  it('in one file, then the whole process grows by less than 300 MB', async () => {
    const { bytes, before, peak } = await measure({ studentIds: studentIds.slice(0, 1), oneFile: true, format: 'aes256' });
    expect(bytes).toBeGreaterThan(count * videoBytes);
    expect(peak - before).toBeLessThan(300e6);
  });

  it('in a file a student, each within an inner archive, then too', async () => {
    const { files, before, peak } = await measure({ studentIds, oneFile: false, format: 'private' });
    expect(files).toBe(20);
    expect(peak - before).toBeLessThan(300e6);
  });
});
