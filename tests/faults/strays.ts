import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Programs that a killed program had started and that still run: those that work in, or were told of, a folder. Linux only. */
export function programsAtWorkIn(folder: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((processId) => {
      if (!Number.isInteger(processId) || processId === process.pid) return false;
      try {
        const words = readFileSync(`/proc/${processId}/cmdline`, 'utf8');
        // One that has ended and waits to be noticed has no words left.
        return words !== '' && (words.includes(folder) || readlinkSync(`/proc/${processId}/cwd`).startsWith(folder));
      } catch {
        return false;
      }
    });
}

/** Waits until they have ended by themselves. @returns those that have not */
export async function straysLeft(folder: string, patienceMs: number): Promise<number[]> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const left = programsAtWorkIn(folder);
    if (left.length === 0 || performance.now() > until) return left;
    await pause(20);
  }
}
