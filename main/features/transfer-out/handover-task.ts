import type { Task } from '../../application/task-context.ts';
import { type Handover, writeHandover } from './handover.ts';

export interface HandoverInput extends Handover {
  path: string;
}

/** 交接單 of one transfer file; its password comes in memory and lies nowhere but on its page. */
export const run: Task<HandoverInput, { pages: number; missingCharacters: string }> = ({ path, ...handover }, context) =>
  writeHandover(path, handover, context.clock.now());
