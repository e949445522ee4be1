/**
 * Entry of a program that faults come upon: opens a data directory with the real composition root, signs in and does what it is
 * told, a line of JSON each way. Started by program.ts with fault-hook.ts loaded before it.
 */
import { createInterface } from 'node:readline';
import { signInto, type Trial, trialPassword } from '../support/trial.ts';
import { failureOf, startedAnew } from './errands.ts';
import { armStrike, operationCounts } from './operations.ts';
import type { FromProgram, ToProgram } from './program.ts';

const tell = (line: FromProgram) => process.stdout.write(`${JSON.stringify(line)}\n`);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function next(): Promise<ToProgram | null> {
  const { done, value } = await lines.next();
  return done || value === '' ? null : (JSON.parse(value) as ToProgram);
}

tell({ told: 'loaded' });
let school: Trial | undefined;
let accountName = '';
for (let order = await next(); order; order = await next()) {
  if (order.order === 'arm') armStrike(order.strike);
  else if (order.order === 'open') {
    ({ accountName } = order);
    school = await signInto(order.directory, accountName, trialPassword);
    tell({ told: 'opened' });
  } else {
    const failure = await failureOf(school!, order.errand, tell);
    if (failure === null) school = await startedAnew(school!, order.errand, accountName);
    tell(failure === null ? { told: 'finished' } : { told: 'failed', code: failure });
  }
}
await school?.close();
tell({ told: 'closed', operations: operationCounts() });
process.stdin.destroy();
