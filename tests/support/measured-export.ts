/**
 * A program of its own that makes transfer files on a trial directory and tells what it needed, as JSON:
 * `node measured-export.ts DIRECTORY '{"studentIds": […], "oneFile": true, "format": "aes256"}'`. A test's own process holds too much else.
 */
import type { InputOf } from '../../main/features/contract.ts';
import { signInto, trialPassword } from './trial.ts';

export interface MeasuredExport {
  files: number;
  bytes: number;
  seconds: number;
  /** Resident bytes of the whole process: before, and at most while it worked. */
  before: number;
  peak: number;
}

const [directory, input] = process.argv.slice(2) as [string, string];
const school = await signInto(directory, '999999adm', trialPassword);
const before = process.memoryUsage.rss();
let peak = before;
const sampling = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 10);
const started = performance.now();
const { files } = await school.runJob('transferOut.produce', JSON.parse(input) as InputOf<'transferOut.produce'>);
const seconds = (performance.now() - started) / 1000;
clearInterval(sampling);
await school.close();
const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
console.log(JSON.stringify({ files: files.length, bytes, seconds, before, peak } satisfies MeasuredExport));
