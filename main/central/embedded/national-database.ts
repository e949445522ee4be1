import { limitsOf } from '../../../domain/limits.ts';
import { reportOf } from '../../platform/errors.ts';
import { workbookText } from '../../platform/workbook-reader.ts';
import {
  type RosterContent,
  type RosterContentRow,
  type RosterContentSheet,
  readRosterContent,
  writeRosterContent,
} from './roster-content.ts';
import type { CityStore } from './store.ts';
import type { HandedIn, RefusalRule, Verdict } from './submissions.ts';

/**
 * The national database behind the embedded city. It looks at a roster as the ministry's does as far as that is known (domain.md §2.2): the cover
 * sheet, whether the students are the school's, rows that come twice, the length of a summary; and at what a test or a trial told it to refuse.
 * Its status texts are those of the manual.
 */
export interface NationalDatabaseStore {
  schoolCode: string;
  identities: () => Set<string>;
  refusals: () => readonly RefusalRule[];
  /** The bytes of a workbook that was put. */
  workbook: (sha256: string) => Buffer | undefined;
}

export const identityHeading = '身分證號';

/** What the database says of a roster of a city's store. */
export const nationalDatabase = (store: CityStore): ((submission: HandedIn) => Promise<Verdict>) => {
  const seen: NationalDatabaseStore = {
    schoolCode: store.settings.schoolCode,
    identities: store.identities,
    refusals: store.submissions.refusals,
    workbook: (sha256) => store.file(sha256)?.content ?? undefined,
  };
  return (submission) => judgeRoster(submission, seen);
};

/** Judges one roster. Nothing a school hands in makes it fail: what can't be read is refused. */
export async function judgeRoster(submission: HandedIn, store: NationalDatabaseStore): Promise<Verdict> {
  const refused = (why: string): Verdict => ({
    accepted: false,
    statusText: `資料檢核錯誤，${why}{名冊名稱=${submission.rosterName}}`,
  });
  const content = store.workbook(submission.sha256);
  let roster: RosterContent;
  try {
    roster = await readRosterContent(content ?? Buffer.alloc(0));
  } catch (error) {
    if (!reportOf(error).code.startsWith('workbook.')) throw error;
    return refused('檔案無法讀取');
  }
  const wrong = wrongCover(roster, submission, store.schoolCode);
  if (wrong) return refused(wrong);
  const unnamed = roster.sheets.find(({ headings }) => !headings.includes(identityHeading));
  if (unnamed) return refused(`工作表「${unnamed.name}」沒有${identityHeading}欄位`);
  const rows = roster.sheets.reduce((sum, sheet) => sum + sheet.rows.length, 0);
  if (rows === 0) return refused('名冊沒有資料');
  if (rows !== submission.rows) return refused('名冊列數與提交時不同');

  const check = rowCheck(store, limitsOf(submission.academicYear).summaryCharacters);
  const judged = roster.sheets.map((sheet) => ({ ...sheet, refused: refusedRows(sheet, check) }));
  if (judged.every((sheet) => sheet.refused.length === 0)) return { accepted: true, statusText: '檢核無誤，資料已匯入' };
  const answer = await writeRosterContent(
    roster.cover!,
    judged.map((sheet) => ({
      name: sheet.name,
      headings: [...sheet.headings, '列號', '錯誤訊息'],
      rows: sheet.refused.map(({ row, messages }) => [
        ...sheet.headings.map((_heading, index) => row.cells[index] ?? null),
        row.number,
        messages.join('；'),
      ]),
    })),
  );
  return {
    ...refused('請查看檢核結果後重新上傳'),
    answer: { name: `檢核結果_${submission.submissionFileId}.xlsx`, content: answer },
  };
}

function wrongCover({ cover }: RosterContent, submission: HandedIn, schoolCode: string): string | undefined {
  if (!cover) return '缺少封面';
  const expected: Record<string, string> = {
    學校代碼: schoolCode,
    學年度: String(submission.academicYear),
    學期: String(submission.semester),
    名冊別: submission.rosterCode,
  };
  const different = Object.keys(expected).filter((heading) => cover[heading] !== expected[heading]);
  return different.length > 0 ? `封面的${different.join('、')}不符` : undefined;
}

/** What is wrong with a row by itself. */
type RowCheck = (row: RosterContentRow, headings: readonly string[]) => string[];

function rowCheck(store: NationalDatabaseStore, longestSummary: number): RowCheck {
  const identities = store.identities();
  const refusals = store.refusals();
  return ({ cells }, headings) => {
    const textOf = (heading: string) => workbookText(cells[headings.indexOf(heading)]);
    const messages: string[] = [];
    if (!identities.has(textOf(identityHeading))) messages.push(`${identityHeading}查無此學生`);
    for (const heading of headings) {
      if (heading.endsWith('簡述') && [...textOf(heading)].length > longestSummary) messages.push(`${heading}超過 ${longestSummary} 字`);
    }
    for (const { column, value, message } of refusals) {
      if (headings.includes(column) && textOf(column) === String(value)) messages.push(message);
    }
    return messages;
  };
}

function refusedRows({ headings, rows }: RosterContentSheet, check: RowCheck): { row: RosterContentRow; messages: string[] }[] {
  /** Whole rows by their first number. */
  const first = new Map<string, number>();
  return rows.flatMap((row) => {
    const messages = check(row, headings);
    const whole = JSON.stringify(row.cells);
    const twin = first.get(whole);
    if (twin === undefined) first.set(whole, row.number);
    else messages.push(`與第 ${twin} 列重複`);
    return messages.length > 0 ? [{ row, messages }] : [];
  });
}
