import { formatTerm } from '../../../domain/term.ts';
import type { Foundation } from '../../application/foundation.ts';
import type { GridQuery } from '../../application/grid-contract.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { Handlers } from '../../application/router.ts';
import { classStatisticsGrid, type outcomes, outcomesGrid, yearByClassGrid, yearByStudentGrid } from './contract.ts';
import {
  classStatisticsSource,
  outcomesSource,
  schoolYears,
  type TermScope,
  tickedStudents,
  type YearScope,
  yearByClassSource,
  yearByStudentSource,
} from './queries.ts';

export { tickedStudents as studentsWhoTickedOutcomes } from './queries.ts';

/** 查詢學生學習成果情形 and its statistics (manual §3.8). Reads only: what is counted is changed by students and teachers. */
export function outcomesHandlers(foundation: Foundation): Handlers<typeof outcomes> {
  const { sqlite } = foundation.connection;
  const termAndYear = ({ statisticsYear, ...term }: YearScope) => `${formatTerm(term)} 統計${statisticsYear}學年度`;
  const list = gridHandlers<GridQuery & TermScope>(foundation, outcomesGrid, outcomesSource, formatTerm);
  const byTerm = gridHandlers<GridQuery & TermScope>(foundation, classStatisticsGrid, classStatisticsSource, formatTerm);
  const byClass = gridHandlers<GridQuery & YearScope>(foundation, yearByClassGrid, yearByClassSource, termAndYear);
  const byStudent = gridHandlers<GridQuery & YearScope>(foundation, yearByStudentGrid, yearByStudentSource, termAndYear);
  return {
    summary: (term) => ({ ...tickedStudents(sqlite, term), years: schoolYears(sqlite) }),
    ...list,
    classStatistics: byTerm.list,
    exportClassStatistics: byTerm.exportWorkbook,
    yearByClass: byClass.list,
    exportYearByClass: byClass.exportWorkbook,
    yearByStudent: byStudent.list,
    exportYearByStudent: byStudent.exportWorkbook,
  };
}
