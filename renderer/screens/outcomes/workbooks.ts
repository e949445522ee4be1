import type { OutgoingFile } from '../../../main/application/contract.ts';
import { useJob } from '../../app/backend.ts';
import { useSaveFile } from '../../app/save-file.ts';
import { useViewedTerm } from '../../app/viewed-term.tsx';
import type { YearView } from './address.ts';

/** The workbooks of 匯出 ▾, each of all students of the term on view: made, then saved. */
export function useWorkbooks() {
  const { term } = useViewedTerm();
  const saveFile = useSaveFile();
  const list = useJob('outcomes.exportWorkbook');
  const classes = useJob('outcomes.exportClassStatistics');
  const yearByClass = useJob('outcomes.exportYearByClass');
  const yearByStudent = useJob('outcomes.exportYearByStudent');
  const jobs = [list, classes, yearByClass, yearByStudent];
  const save = async (made: Promise<{ file: OutgoingFile } | null>) => {
    const result = await made;
    if (result) await saveFile(result.file);
  };
  return {
    exportList: () => void save(list.start(term)),
    exportClasses: () => void save(classes.start(term)),
    exportYear: (statisticsYear: number, view: YearView) =>
      void save((view === 'class' ? yearByClass : yearByStudent).start({ ...term, statisticsYear })),
    running: jobs.some((job) => job.running),
    error: jobs.find((job) => job.error)?.error ?? null,
    reset: () => {
      for (const job of jobs) job.reset();
    },
  };
}
export type Workbooks = ReturnType<typeof useWorkbooks>;
