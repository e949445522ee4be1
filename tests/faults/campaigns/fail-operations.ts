import { disturbing } from '../disturbing.ts';
import { describeStrike, randomStrike } from '../instants.ts';

/** What a full, guarded or failing disk answers, at one operation of the work. */
export const failOperations = disturbing({
  name: 'fail-operations',
  title: 'one operation on the disk or the database fails during a transfer',
  codes: ['disk.full', 'file.denied', 'internal', 'archive.programMissing', 'archive.programFailed'],
  mayHaveEnded: true,
  bring: ({ program, random, run }) => {
    const strike = randomStrike(random, run.operations, random.pick(['ENOSPC', 'EACCES', 'EIO']));
    program.send({ order: 'arm', strike });
    return { words: describeStrike(strike) };
  },
});
