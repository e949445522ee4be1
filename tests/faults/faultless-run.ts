import { isReport, type Profile } from './instants.ts';
import type { Laid } from './laid.ts';
import type { OperationCounts } from './operations.ts';
import type { Program } from './program.ts';

/** How a run without faults went, and what it asked for. */
export interface FaultlessRun extends Profile {
  operations: OperationCounts;
}

/** One run without faults, to know what instants there are. */
export async function faultlessRun(program: Program, { accountName, errand, heard }: Laid, directory: string): Promise<FaultlessRun> {
  let reports = 0;
  program.onTold((line) => {
    if (isReport(line.told)) reports += 1;
    if (line.told === 'acknowledged') heard?.(line);
  });
  const began = performance.now();
  program.send({ order: 'arm', strike: null });
  program.send({ order: 'open', directory, accountName });
  program.send({ order: 'carryOut', errand });
  const finished = await program.told('finished');
  const milliseconds = performance.now() - began;
  program.letEnd();
  const closed = await program.told('closed');
  const { errors } = await program.ended;
  if (!finished || !closed) throw new Error(`The run without faults did not come to its end. ${errors}`);
  return { milliseconds, reports, operations: closed.operations };
}
