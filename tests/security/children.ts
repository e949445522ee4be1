import { readdirSync, readFileSync } from 'node:fs';

/** A program that was started by this process, as anyone on the computer may see it. */
export interface SeenChild {
  arguments: string;
  environment: string;
  coreDumpFilter: string;
}

/** Looks at the programs that this process starts, every few milliseconds, until told to stop (Linux). */
export function watchChildren(): { stop: () => SeenChild[] } {
  const seen = new Map<string, SeenChild>();
  const look = () => {
    for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        const [, parent] = /\) \S (\d+) /.exec(readFileSync(`/proc/${id}/stat`, 'latin1')) ?? [];
        if (Number(parent) !== process.pid) continue;
        const child = {
          arguments: readFileSync(`/proc/${id}/cmdline`, 'utf8'),
          environment: readFileSync(`/proc/${id}/environ`, 'utf8'),
          coreDumpFilter: readFileSync(`/proc/${id}/coredump_filter`, 'latin1').trim(),
        };
        // Between fork and exec it is still this process's picture.
        if (child.arguments !== '' && child.arguments !== readFileSync('/proc/self/cmdline', 'utf8')) seen.set(child.arguments, child);
      } catch {
        // It ended meanwhile.
      }
    }
  };
  const timer = setInterval(look, 2);
  return {
    stop: () => {
      clearInterval(timer);
      return [...seen.values()];
    },
  };
}
