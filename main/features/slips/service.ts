import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultRemarks, layoutRemarks, remarkLimits } from '../../../domain/slip-remarks.ts';
import { formatTerm } from '../../../domain/term.ts';
import type { OutgoingFile } from '../../application/contract.ts';
import { currentTerm } from '../../application/current-term.ts';
import type { Foundation } from '../../application/foundation.ts';
import type { CallContext, Handlers } from '../../application/router.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { workbookFileName } from '../../platform/workbook.ts';
import type { SlipSelection, slips } from './contract.ts';
import type { PrintSlipsInput, PrintSlipsResult } from './print-task.ts';
import { countSlips, slipClasses } from './queries.ts';
import { returnHandlers } from './return-handlers.ts';

/** @throws `slips.remarksTooLong` */
function checkRemarks(remarks: string): void {
  const lines = layoutRemarks(remarks).length;
  if (lines > remarkLimits.lines) {
    throw new ApplicationError(
      'slips.remarksTooLong',
      `備註說明有 ${lines} 行，最多 ${remarkLimits.lines} 行（每行 ${remarkLimits.lineWidth} 個全形字），請縮短後再試一次。`,
      { lines, limit: remarkLimits.lines },
    );
  }
}

export { dueDatesOf } from './returns.ts';

/** 學生上傳及勾選情形確認單 (manual §3.18). */
export function slipsHandlers(foundation: Foundation): Handlers<typeof slips> {
  const { connection, clock, settings, tasks, directory, files, write, changed } = foundation;
  const { sqlite } = connection;
  const term = () => currentTerm(sqlite, clock.now());

  /** Makes the PDF in a folder of its own, which goes with whatever fails. */
  const produce = async (
    selection: SlipSelection,
    { printedBy, limit }: Pick<PrintSlipsInput, 'printedBy' | 'limit'>,
    { signal, report }: CallContext,
  ): Promise<PrintSlipsResult & { slips: number; file: OutgoingFile }> => {
    checkRemarks(selection.remarks);
    const current = term();
    const count = countSlips(sqlite, selection, current);
    if (count === 0)
      throw new ApplicationError('slips.none', '沒有符合條件的學生，請調整年級、班級代碼或學號的範圍。', { grade: selection.grade });
    const schoolName = settings.get('school.name') ?? '';
    const schoolCode = settings.get('school.code') ?? '';
    const folder = directory.makeWorkFolder('slips');
    try {
      const path = join(folder, 'slips.pdf');
      const input: PrintSlipsInput = { path, selection, term: current, schoolName, schoolCode, printedBy, limit };
      const result = await tasks.run<PrintSlipsResult>('slips.print', input, { signal, onProgress: report });
      const name = workbookFileName(
        { schoolName, term: formatTerm(current), title: '學生上傳及勾選情形確認單', madeAt: clock.now() },
        'pdf',
      );
      return { ...result, slips: count, file: files.offer(path, name, 'application/pdf', true) };
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  };

  return {
    form: () => {
      const current = term();
      const classes = slipClasses(sqlite, current);
      return {
        term: current,
        grades: [...new Set(classes.map(({ grade }) => grade))],
        classes,
        remarks: settings.get('slips.remarks') ?? defaultRemarks,
        defaultRemarks,
      };
    },
    ...returnHandlers(foundation),
    saveRemarks: async ({ remarks }) => {
      if (remarks !== null) checkRemarks(remarks);
      await write(() => settings.set('slips.remarks', remarks));
      changed('slips');
      return { done: true };
    },
    count: (selection) => ({ slips: countSlips(sqlite, selection, term()) }),
    preview: async ({ pages, ...selection }, context) => {
      const { file, slips, pages: made } = await produce(selection, { printedBy: null, limit: pages }, context);
      return { file, slips, pages: made };
    },
    print: async (selection, context) => {
      const started = performance.now();
      const { file, pages, missingCharacters, signAgain } = await produce(
        selection,
        { printedBy: context.accountName, limit: -1 },
        context,
      );
      changed('slips');
      return { file, slips: pages, pages, seconds: Math.round(performance.now() - started) / 1000, missingCharacters, signAgain };
    },
  };
}
