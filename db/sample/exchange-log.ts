import { instantOfTaipei } from '../../domain/roc-date.ts';
import type { SubmissionBatch } from '../../domain/submission.ts';
import type { DraftOf } from '../../main/central/resources.ts';
import { daysAfter, finalSubmissionSpan, firstSeniorYear, instantOn, type Span, schoolDayIn, submissionSpan } from './calendar.ts';
import { Random, stream } from './random.ts';
import type { Register } from './register.ts';
import type { Teaching } from './teaching.ts';

/** Status texts of the manual (§3.6, §3.9), with the roster they name. */
const rosters = { outcomes: '學生課程學習成果名冊', performances: '學生自填多元表現名冊', cadres: '校內幹部經歷名冊' } as const;
const accepted = '檢核無誤，資料已匯入';
const refused = {
  outcomes: `資料檢核錯誤，請查看檢核結果後重新上傳{名冊名稱=${rosters.outcomes}}`,
  performances: `資料檢核錯誤，請重新上傳{名冊名稱=${rosters.performances}}`,
  cadres: `資料檢核錯誤，請重新上傳{名冊名稱=${rosters.cadres}}`,
} as const;

/** The ministry looks every five minutes, in the first or second minute (domain.md §2.2): half to five and a half minutes later. */
function resultAfter(random: Random, submittedAt: string): string {
  const result = new Date(Date.parse(submittedAt) + 34_000);
  while (result.getUTCMinutes() % 5 !== 1 && result.getUTCMinutes() % 5 !== 2)
    result.setUTCMinutes(result.getUTCMinutes() + 1, random.between(0, 40));
  return result.toISOString();
}

/** 提交紀錄 of past years: a first attempt or two refused, then accepted. */
export function submissionResultsOf(register: Register, teaching: Teaching): DraftOf<'submission-results'>[] {
  const { calendar, options } = register;
  const results: DraftOf<'submission-results'>[] = [];
  const registrar = teaching.teachers[0]!.name;
  const submit = (kind: keyof typeof rosters, academicYear: number, semester: number, batch: SubmissionBatch, span: Span) => {
    if (span.to >= calendar.today) return;
    const random = new Random(options.seed, stream.submissions, academicYear, semester, kind.length, batch.length);
    const failures = kind === 'performances' && batch === 'regular' ? random.between(1, 3) : random.between(0, 2);
    let day = daysAfter(span.from, random.between(0, 3));
    for (let attempt = 0; attempt <= failures; attempt += 1) {
      const submittedAt = instantOn(random, day, 9 + Math.min(attempt * 2, 6), 11 + Math.min(attempt * 2, 6));
      const passed = attempt === failures;
      results.push({
        id: '',
        kind,
        academicYear,
        semester,
        batch,
        division: 'day',
        submissionFileId: '',
        statusText: passed ? accepted : refused[kind],
        processingStatus: passed ? 'accepted' : 'refused',
        rosterName: passed ? null : rosters[kind],
        submittedBy: random.chance(0.7) ? '學校管理者' : registrar,
        submittedAt,
        resultReceivedAt: resultAfter(random, submittedAt),
        answer: null,
        rosterSha256: null,
      });
      if (random.chance(0.4)) day = daysAfter(day, 1);
    }
  };
  // The year before the history was handed in within it, so even a school of one year has submissions to look at.
  for (let year = calendar.firstYear - 1; year <= calendar.current.academicYear; year += 1) {
    const span = submissionSpan(year);
    submit('outcomes', year, 0, 'regular', span);
    submit('performances', year, 0, 'regular', span);
    submit('cadres', year, 1, 'regular', span);
    if (year < calendar.current.academicYear - 1 || calendar.current.semester === 2) submit('cadres', year, 2, 'regular', span);
    if (year < firstSeniorYear) continue;
    submit('outcomes', year, 0, 'senior1', finalSubmissionSpan(year));
    submit('performances', year, 0, 'senior1', finalSubmissionSpan(year));
  }
  results.sort((a, b) => (a.submittedAt < b.submittedAt ? -1 : 1));
  // 國教署 counts the files of all schools, so the numbers of one school go up in leaps.
  const random = new Random(options.seed, stream.submissions);
  let counter = 57_000;
  return results.map((result, index) => {
    counter += random.between(4, 160);
    return { ...result, id: `f-${String(index + 1).padStart(4, '0')}`, submissionFileId: String(counter) };
  });
}

const receiptTypes: readonly { dataType: string; bytes: readonly [number, number]; files: readonly [number, number] }[] = [
  { dataType: '修課紀錄', bytes: [180_000, 900_000], files: [1, 1] },
  { dataType: '學籍資料', bytes: [90_000, 400_000], files: [1, 1] },
  { dataType: '幹部經歷', bytes: [20_000, 90_000], files: [1, 1] },
  { dataType: '課程學習成果', bytes: [4_000_000, 60_000_000], files: [1, 6] },
  { dataType: '多元表現', bytes: [4_000_000, 60_000_000], files: [1, 6] },
  { dataType: '具體條件證明', bytes: [2_000_000, 30_000_000], files: [1, 2] },
];

/** 接收紀錄 (manual §3.10): what the city received from the school, worked off the night after. */
export function receiptsOf(register: Register): DraftOf<'receipts'>[] {
  const { calendar, options } = register;
  const random = new Random(options.seed, stream.receipts);
  const now = instantOfTaipei(calendar.today, '09:00:00').toISOString();
  const receipts: Omit<DraftOf<'receipts'>, 'id'>[] = [];
  for (const { taught } of calendar.terms) {
    if (!taught) continue;
    for (const { dataType, bytes, files } of receiptTypes) {
      for (let count = random.between(1, 3); count > 0; count -= 1) {
        const day = schoolDayIn(random, taught);
        const receivedAt = instantOn(random, day, 8, 20);
        if (receivedAt > now) continue;
        const allReceived = !random.chance(0.06);
        const startedAt = new Date(instantOfTaipei(daysAfter(day, 1), '02:00:00').getTime() + random.between(5, 1500) * 1000).toISOString();
        const done = allReceived && startedAt < now;
        receipts.push({
          dataType,
          ip: `192.0.2.${random.pick([15, 15, 15, 23])}`,
          receivedAt,
          bytes: random.between(...bytes),
          fileCount: random.between(...files),
          allReceived,
          startedAt: done ? startedAt : null,
          finishedAt: done ? new Date(Date.parse(startedAt) + random.between(3, 300) * 1000).toISOString() : null,
          status: done ? (random.chance(0.97) ? '處理完成' : '處理失敗，請重新傳送') : allReceived ? '等待處理' : '檔案接收中',
        });
      }
    }
  }
  receipts.sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : 1));
  return receipts.map((receipt, index) => ({ id: `e-${String(index + 1).padStart(4, '0')}`, ...receipt }));
}
