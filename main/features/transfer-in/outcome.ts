import { cadreSection, outcomeSection, type TransferStudent, transferSections } from '../../../domain/transfer-content.ts';
import type { ImportedStudent } from './contract.ts';
import { type ArrivalPlan, performanceSection } from './register.ts';

const lines = (counts: Record<string, number>, words: (section: string, count: number) => string) =>
  transferSections.flatMap((section) => (counts[section] ? [words(section, counts[section])] : []));

/** Records of a student in the file, by section. */
export function countsOf({ outcomes, performances, cadres }: TransferStudent): Record<string, number> {
  const counts: Record<string, number> = {};
  const records = [...outcomes.map(() => outcomeSection), ...performances.map(performanceSection), ...cadres.map(() => cadreSection)];
  for (const section of records) counts[section] = (counts[section] ?? 0) + 1;
  return counts;
}

/**
 * What came, or would come, of one student: 新增課程學習成果7筆 … in the manual's words (§3.16). A conflict is told and
 * nothing of it is overwritten, so such a student is not 完成.
 */
export function outcomeOf(student: TransferStudent, plan: ArrivalPlan): ImportedStudent {
  const { studentId, problem, added, unchanged, conflicts } = plan;
  const result = { nationalId: student.identity, name: student.name, studentId, added, unchanged, conflicts };
  if (problem) return { ...result, completed: false, messages: [problem.message], problems: [problem] };
  const conflictLines = lines(conflicts, (section, count) => `${section}${count}筆與既有紀錄不同，未匯入`);
  const addedLines = lines(added, (section, count) => `新增${section}${count}筆`);
  const unchangedCount = Object.values(unchanged).reduce((sum, count) => sum + count, 0);
  const same = unchangedCount > 0 ? ['資料皆已存在，未新增任何紀錄'] : ['檔案中沒有任何紀錄'];
  const nothingNew = addedLines.length === 0 && conflictLines.length === 0;
  const messages = nothingNew
    ? same
    : [...addedLines, ...(unchangedCount > 0 ? [`${unchangedCount}筆已存在，未重複匯入`] : []), ...conflictLines];
  const problems =
    conflictLines.length === 0
      ? []
      : [{ code: 'transferIn.conflict', message: `${conflictLines.join('；')}。請比對兩校資料後再處理`, details: { conflicts } }];
  return { ...result, completed: problems.length === 0, messages, problems };
}
