import { type RecordTreatment, replacementBarrierNames } from '../../../domain/transfer-conflicts.ts';
import { cadreSection, outcomeSection, type TransferStudent, transferSections } from '../../../domain/transfer-content.ts';
import type { ImportedStudent } from './contract.ts';
import type { DecidedConflict, DecidedPlan } from './decisions.ts';
import { performanceSection } from './matching.ts';
import { bySection } from './register.ts';

const lines = (counts: Record<string, number>, words: (section: string, count: number) => string) =>
  transferSections.flatMap((section) => (counts[section] ? [words(section, counts[section])] : []));

/** Records of a student in the file, by section. */
export function countsOf({ outcomes, performances, cadres }: TransferStudent): Record<string, number> {
  const sections = [...outcomes.map(() => outcomeSection), ...performances.map(performanceSection), ...cadres.map(() => cadreSection)];
  return bySection(sections.map((section) => ({ section })));
}

const countsOfConflicts = (conflicts: readonly DecidedConflict[], treatment: RecordTreatment) =>
  bySection(conflicts.filter((decided) => decided.treatment === treatment).map(({ conflict }) => conflict));

/** Why what was chosen was not done, of all conflicts that are left. */
function obstacleWords(conflicts: readonly DecidedConflict[]): string {
  const reasons = conflicts.flatMap(({ conflict, obstacle }) => {
    if (obstacle === 'changed') return ['檢查之後本校的紀錄已變動'];
    return obstacle === 'barrier' ? [replacementBarrierNames[conflict.barrier!]] : [];
  });
  return reasons.length > 0 ? `（${[...new Set(reasons)].join('；')}）` : '';
}

/**
 * What came, or would come, of one student: 新增課程學習成果7筆 … in the manual's words (§3.16). A conflict about which nobody decided is told
 * and nothing of it is written, so such a student is not 完成.
 */
export function outcomeOf(student: TransferStudent, plan: DecidedPlan): ImportedStudent {
  const { studentId, problem, fresh, unchanged } = plan;
  const undecided = plan.conflicts.filter(({ treatment }) => treatment === 'undecided');
  const beside = plan.conflicts.filter(({ treatment }) => treatment === 'beside').map(({ conflict }) => conflict);
  const result = {
    nationalId: student.identity,
    name: student.name,
    studentId,
    added: bySection([...fresh, ...beside]),
    unchanged,
    replaced: countsOfConflicts(plan.conflicts, 'replaced'),
    kept: countsOfConflicts(plan.conflicts, 'kept'),
    beside: bySection(beside),
    conflicts: countsOfConflicts(plan.conflicts, 'undecided'),
  };
  if (problem) return { ...result, completed: false, messages: [problem.message], problems: [problem] };
  const undecidedLines = lines(result.conflicts, (section, count) => {
    const ofSection = undecided.filter(({ conflict }) => conflict.section === section);
    return `${section}${count}筆與既有紀錄不同，未匯入${obstacleWords(ofSection)}`;
  });
  const unchangedCount = Object.values(unchanged).reduce((sum, count) => sum + count, 0);
  const done = [
    ...lines(result.added, (section, count) => `新增${section}${count}筆`),
    ...lines(result.replaced, (section, count) => `以檔案中的資料取代${section}${count}筆`),
    ...lines(result.beside, (section, count) => `${section}${count}筆內容不同，兩筆都保留（已計入新增）`),
    ...lines(result.kept, (section, count) => `${section}${count}筆內容不同，保留現有資料`),
  ];
  const same = unchangedCount > 0 ? ['資料皆已存在，未新增任何紀錄'] : ['檔案中沒有任何紀錄'];
  const nothingElse = done.length === 0 && undecidedLines.length === 0;
  const messages = nothingElse
    ? same
    : [...done, ...(unchangedCount > 0 ? [`${unchangedCount}筆已存在，未重複匯入`] : []), ...undecidedLines];
  const problems =
    undecidedLines.length === 0
      ? []
      : [
          {
            code: 'transferIn.conflict',
            message: `${undecidedLines.join('；')}。請比對兩校資料後，選擇保留現有資料、改用檔案中的資料或兩筆都保留`,
            details: { conflicts: result.conflicts },
          },
        ];
  return { ...result, completed: problems.length === 0, messages, problems };
}
