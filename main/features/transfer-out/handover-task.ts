import type { Task } from '../../application/task-context.ts';
import { type HandoverSheet, type PasswordNotice, writeHandoverSheet, writePasswordNotice } from './handover.ts';

export type HandoverInput = { path: string } & (
  | { paper: 'sheet'; sheet: HandoverSheet }
  /** The password comes in memory and lies nowhere but on its page. */
  | { paper: 'password'; notice: PasswordNotice }
);

/** One of the two papers of a transfer file. */
export const run: Task<HandoverInput, { pages: number; missingCharacters: string }> = (input, context) =>
  input.paper === 'sheet'
    ? writeHandoverSheet(input.path, input.sheet, context.clock.now())
    : writePasswordNotice(input.path, input.notice, context.clock.now());
