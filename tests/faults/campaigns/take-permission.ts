import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { disturbing } from '../disturbing.ts';
import { awaitInstant, describeInstant, randomInstant } from '../instants.ts';

/** `nobody`, by the number that Linux and macOS know him by; root may write whatever the mode says. */
const nobody = 65534;

/** An administrator, a sync program or an antivirus takes the right to write away while the program is at work. */
export const takePermission = disturbing({
  name: 'take-permission',
  title: 'a folder of the data directory becomes read-only during a transfer',
  impossible: () => (process.platform === 'win32' ? 'Windows has no modes of folders' : null),
  userId: () => (process.getuid?.() === 0 ? nobody : undefined),
  codes: ['file.denied', 'dataDirectory.unusable'],
  mayHaveEnded: true,
  bring: ({ directory, random, run }) => {
    const folder = random.pick(['transfers', 'transfers', 'work', 'logs', '.']);
    const instant = randomInstant(random, run);
    const { heard, come } = awaitInstant(instant);
    let over = false;
    void come.then(() => {
      if (!over) chmodSync(join(directory, folder), 0o500);
    });
    return {
      words: `${folder} read-only ${describeInstant(instant)}`,
      heard,
      keepsWorkFolder: folder === 'work',
      lift: () => {
        over = true;
        chmodSync(join(directory, folder), 0o700);
      },
    };
  },
});
