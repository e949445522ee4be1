import { disturbing } from '../disturbing.ts';
import { describeStrike, randomStrike } from '../instants.ts';

/** A worker thread that dies, as of memory that ran out, takes its work with it and nothing else. */
export const killThreads = disturbing({
  name: 'kill-threads',
  title: 'a worker thread dies during a transfer',
  codes: ['task.died'],
  mayHaveEnded: true,
  bring: ({ program, random, run }) => {
    const strike = randomStrike(random, run.operations, 'endThread');
    program.send({ order: 'arm', strike });
    return { words: describeStrike(strike) };
  },
});
