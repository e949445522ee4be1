import type { OutgoingFile } from '../application/contract.ts';
import type { InputOf, OutputOf } from '../features/contract.ts';
import type { JobName } from './office.ts';

/** Jobs that end with a file and the number of its rows: workbooks and printed reports. */
export type ReportJob = { [Name in JobName]: OutputOf<Name> extends { file: OutgoingFile; rows: number } ? Name : never }[JobName];

export interface Term {
  academicYear: number;
  semester: number;
}

/** A workbook or document of a term or year, as `report` makes it. */
export interface Report {
  name: string;
  title: string;
  format: 'xlsx' | 'pdf';
  operation: ReportJob;
  /** What the job is asked for: everything of the term, unfiltered. */
  input: (term: Term) => unknown;
}

function report<Operation extends ReportJob>(
  name: string,
  title: string,
  operation: Operation,
  input: (term: Term) => InputOf<Operation>,
  format: Report['format'] = 'xlsx',
): Report {
  return { name, title, format, operation, input };
}

/** The statistics of the term's own academic year. */
const ofItsYear = (term: Term) => ({ ...term, statisticsYear: term.academicYear });

/** Every workbook and document there is by term, in the order of the manual. tests/cli holds it against the contract. */
export const reports: readonly Report[] = [
  report('uncertified-teachers', '未認證教師清單', 'certification.exportTeachers', (term) => term),
  report('uncertified-outcomes', '未認證學生清單', 'certification.exportWorkbook', (term) => term),
  report('uncertified-report', '未認證教師狀況表', 'certification.printReport', (term) => term, 'pdf'),
  report('deputy-certifiers', '代理認證教師', 'certification.exportDeputies', () => ({})),
  report('certifiers', '學科/領域認證老師', 'selfStudy.exportWorkbook', () => ({})),
  report('role-groups', '角色群組', 'roles.exportWorkbook', () => ({})),
  report('role-members', '群組人員', 'roles.exportMembers', () => ({})),
  report('schedule', '學校作業時間', 'schedule.exportWorkbook', () => ({})),
  report('damaged-files', '學習成果異常檔案', 'parameters.exportDamaged', () => ({})),
  report('leavers-due', '超過保存期限的離校學生', 'retention.exportLeavers', () => ({})),
  report('leaver-purges', '離校學生資料清除紀錄', 'retention.exportPurges', () => ({})),
  report('audit-log', '稽核紀錄', 'audit.exportWorkbook', () => ({})),
  report('terms', '學校學年期', 'terms.exportWorkbook', () => ({})),
  report('course-counselors', '課程諮詢教師', 'courseCounselors.exportWorkbook', (term) => term),
  report('course-counselor-teachers', '課程諮詢教師的教師清單', 'courseCounselors.exportTeachers', (term) => term),
  report('co-teaching', '合開課程審核老師', 'coTeaching.exportWorkbook', (term) => term),
  report('receipts', '接收紀錄', 'receipts.exportWorkbook', () => ({})),
  report('counselors', '輔導教師', 'counselors.exportWorkbook', (term) => term),
  report('students', '學生清單', 'students.exportWorkbook', () => ({})),
  report('performances', '學生多元表現勾選情形', 'performances.exportWorkbook', ({ academicYear }) => ({ academicYear })),
  report('outcomes', '學生學習成果勾選情形', 'outcomes.exportWorkbook', (term) => term),
  report('outcomes-by-class', '學習成果學年期統計', 'outcomes.exportClassStatistics', (term) => term),
  report('outcomes-of-year-by-class', '學習成果學年度統計(班級)', 'outcomes.exportYearByClass', ofItsYear),
  report('outcomes-of-year-by-student', '學習成果學年度統計(學生)', 'outcomes.exportYearByStudent', ofItsYear),
  report('usage', '學習成果使用人數統計表', 'usage.exportWorkbook', () => ({})),
  report('transfer-out-records', '資料產生紀錄', 'transferOut.exportWorkbook', () => ({})),
  report('transfer-in-records', '資料匯入紀錄', 'transferIn.exportWorkbook', () => ({})),
  report('transfer-leavers', '轉出學生追蹤', 'transferCases.exportLeavers', () => ({})),
  report('transfer-arrivals', '轉入學生追蹤', 'transferCases.exportArrivals', () => ({})),
  report('temporary-accounts', '轉學生臨時帳號', 'temporaryAccounts.exportWorkbook', () => ({ everyone: true })),
  report('performance-submissions', '多元表現提交紀錄', 'submissions.exportWorkbook', () => ({ kind: 'performances' as const })),
  report('outcome-submissions', '學習成果提交紀錄', 'submissions.exportWorkbook', () => ({ kind: 'outcomes' as const })),
  report('cadre-submissions', '校內幹部經歷提交紀錄', 'submissions.exportWorkbook', () => ({ kind: 'cadres' as const })),
  report('returned-slips', '確認單回條', 'slips.exportReturns', (term) => term),
  report('receipt-statements-of-outcomes', '學習成果收訖明細', 'receiptStatements.exportWorkbook', () => ({ kind: 'outcomes' as const })),
  report('receipt-statements-of-performances', '多元表現收訖明細', 'receiptStatements.exportWorkbook', () => ({
    kind: 'performances' as const,
  })),
  report('receipt-statements-of-cadres', '校內幹部經歷收訖明細', 'receiptStatements.exportWorkbook', () => ({ kind: 'cadres' as const })),
  report('backups', '備份紀錄', 'backup.exportWorkbook', () => ({})),
];
