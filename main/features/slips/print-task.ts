import { formatTerm, type Term } from '../../../domain/term.ts';
import { newSerial } from '../../application/paper-serial.ts';
import type { Task } from '../../application/task-context.ts';
import type { SlipSelection } from './contract.ts';
import { type MissingCharacters, writeSlips } from './document.ts';
import { readSlips } from './queries.ts';
import { keepSlips } from './returns.ts';
import { figuresOf } from './slip.ts';

export interface PrintSlipsInput {
  path: string;
  selection: SlipSelection;
  term: Term;
  schoolName: string;
  schoolCode: string;
  /** Who prints; null makes a preview, whose pages bear no serial and leave no trace. */
  printedBy: string | null;
  /** At most so many pages; -1 for all. */
  limit: number;
}

export interface PrintSlipsResult {
  pages: number;
  missingCharacters: MissingCharacters[];
  /** Students whose slip of this due date had come back, but with other figures than it has now: they sign again. */
  signAgain: number;
}

/** Slips as a PDF, read on a connection of its own. The serials are kept once the whole file is written. */
export const run: Task<PrintSlipsInput, PrintSlipsResult> = async (
  { path, selection, term, schoolName, schoolCode, printedBy, limit },
  context,
) => {
  const now = context.clock.now();
  const { sqlite } = context.openReader();
  context.report({ step: '統計件數', done: 0, total: 0, unit: '頁' });
  // One read transaction: a sync that ends meanwhile changes no half of the figures.
  const slips = sqlite.transaction(() => readSlips(sqlite, selection, term, now, limit))();
  const serials = new Map(printedBy === null ? [] : slips.map((slip) => [slip.id, newSerial(formatTerm(term))]));
  const written = await writeSlips(
    path,
    { schoolName, schoolCode, term, countedAt: now, dueDate: selection.dueDate, remarks: selection.remarks },
    slips,
    (slip) => serials.get(slip.id) ?? null,
    {
      signal: context.signal,
      onPage: (done) => {
        if (done % 50 === 0 || done === slips.length) context.report({ step: '產生頁面', done, total: slips.length, unit: '頁' });
      },
    },
  );
  if (printedBy === null) return { ...written, signAgain: 0 };
  const printing = { term, printedAt: now.toISOString(), printedBy, dueDate: selection.dueDate };
  const kept = slips.map((slip) => ({ serial: serials.get(slip.id)!, studentId: slip.id, figures: figuresOf(slip) }));
  const signAgain = await context.withWriteLease(() => keepSlips(context.openWriter().sqlite, printing, kept));
  return { ...written, signAgain };
};
