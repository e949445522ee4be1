import { writeFileSync } from 'node:fs';

/**
 * Keeps this process and all that it starts out of core dumps: whatever the system is set to do with a crashed program, what it writes holds no
 * memory. Node cannot lower its own limits; on Linux the kernel asks this file which memory to dump. macOS and Windows dump nothing unless told to.
 * @returns whether it could be said
 */
export function keepOutOfCoreDumps(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
    return true;
  } catch {
    // A sandbox without /proc: then the system's own setting holds, and nothing else depends on this.
    return false;
  }
}
