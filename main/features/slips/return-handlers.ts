import { formatRocDateTime, taipeiDay } from '../../../domain/roc-date.ts';
import { formatTerm } from '../../../domain/term.ts';
import type { Foundation } from '../../application/foundation.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import { readSerial } from '../../application/paper-serial.ts';
import type { Handlers } from '../../application/router.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { returnsGrid, type slips } from './contract.ts';
import { dueDatesOf, type FoundSlip, findSlip, markReturned, returnSource, takeBack } from './returns.ts';

type ReturnOperations = 'returns' | 'exportReturns' | 'dueDates' | 'scanReturn' | 'markReturned' | 'takeBackReturn';
type ReturnsInput = Parameters<Handlers<typeof slips>['returns']>[0];

/** 回條登錄 (manual §3.18): which signed slips came back. */
export function returnHandlers(foundation: Foundation): Pick<Handlers<typeof slips>, ReturnOperations> {
  const { connection, clock, settings, write, changed } = foundation;
  const { sqlite } = connection;
  const today = () => taipeiDay(clock.now());
  const grid = gridHandlers(foundation, returnsGrid, (input: ReturnsInput) => returnSource(input, today()), formatTerm);

  /** The slip that a scan stands for. @throws `slips.…` saying what to do with the paper in the clerk's hand */
  const scanned = (text: string): FoundSlip => {
    const read = readSerial(text);
    if (!read) {
      throw new ApplicationError(
        'slips.unreadable',
        '讀到的不是確認單的 QR 碼，請對準單子右上角再掃一次，或輸入頁尾的序號（例如 1151-7K3QF-9XZ2M）。',
      );
    }
    if (read.schoolCode !== null && read.schoolCode !== settings.get('school.code')) {
      throw new ApplicationError('slips.otherSchool', `這張是其他學校（代碼 ${read.schoolCode}）的確認單，沒有登錄。`, {
        schoolCode: read.schoolCode,
      });
    }
    const slip = findSlip(sqlite, read.serial);
    if (!slip) {
      throw new ApplicationError(
        'slips.unknown',
        `查無序號 ${read.serial} 的確認單，可能是另一台電腦列印的；請確認序號，或在下方清單勾選學生登錄。`,
        { serial: read.serial },
      );
    }
    const superseded = slip.serial !== slip.newestSerial && (slip.figures === '' || slip.figures !== slip.newestFigures);
    if (superseded) {
      throw new ApplicationError(
        'slips.replaced',
        `${slip.studentNumber} ${slip.name} 的件數在這張列印之後有變更，已於 ${formatRocDateTime(slip.newestPrintedAt)} 重新列印；請學生在新的一張（序號 ${slip.newestSerial}）重新簽章後繳回。`,
        { serial: slip.newestSerial },
      );
    }
    if (slip.returnedAt !== null) {
      throw new ApplicationError(
        'slips.alreadyReturned',
        `${slip.studentNumber} ${slip.name} 的確認單已於 ${formatRocDateTime(slip.returnedAt)} 由 ${slip.returnedBy} 登錄繳回。`,
        { serial: slip.newestSerial },
      );
    }
    return slip;
  };

  return {
    returns: grid.list,
    exportReturns: grid.exportWorkbook,
    dueDates: (term) => ({ dueDates: dueDatesOf(sqlite, term, today()) }),
    scanReturn: async ({ text }, { accountName }) => {
      const slip = await write(() => {
        const found = scanned(text);
        markReturned(sqlite, [found.newestSerial], clock.now().toISOString(), accountName);
        return found;
      });
      changed('slips');
      const { studentId, studentNumber, name, className, seatNumber, dueDate } = slip;
      return { serial: slip.newestSerial, studentId, studentNumber, name, className, seatNumber, dueDate };
    },
    markReturned: async ({ serials }, { accountName }) => {
      const studentIds = await write(() => markReturned(sqlite, serials, clock.now().toISOString(), accountName));
      changed('slips');
      return { marked: studentIds.length, studentIds };
    },
    takeBackReturn: async ({ serials }) => {
      const studentIds = await write(() => takeBack(sqlite, serials));
      changed('slips');
      return { marked: studentIds.length, studentIds };
    },
  };
}
