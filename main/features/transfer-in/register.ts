import type { Sqlite } from '../../../db/connection.ts';
import { type StudentPortfolio, studentPortfolios } from '../../../db/student-portfolio.ts';
import { performanceCategories } from '../../../domain/portfolio.ts';
import { formatRocDay } from '../../../domain/roc-date.ts';
import {
  cadreSection,
  outcomeSection,
  type TransferCadre,
  type TransferLink,
  type TransferOutcome,
  type TransferPerformance,
  type TransferStudent,
} from '../../../domain/transfer-content.ts';
import { type Comparable, comparableCadre, comparableOutcome, comparablePerformance } from '../../../domain/transfer-sameness.ts';
import type { ImportedStudent } from './contract.ts';
import type { CheckedStudent } from './transfer-attachments.ts';

/** An arrival held against the register and the portfolio that is there already: what would be added. */
export interface ArrivalPlan {
  studentId: string | null;
  problem: ImportedStudent['problems'][number] | null;
  outcomes: NewRecord<TransferOutcome>[];
  performances: NewRecord<TransferPerformance>[];
  cadres: NewRecord<TransferCadre>[];
  added: Record<string, number>;
  unchanged: Record<string, number>;
  conflicts: Record<string, number>;
}

export interface NewRecord<Record> {
  record: Record;
  /** Canonical content, whose hash is kept with the record. */
  content: string;
}

interface Registered {
  id: string;
  name: string;
  birthDate: string;
  account: string | null;
}

const sectionTitles = new Map<number, string>(performanceCategories.map(({ category, transferKey }) => [category, transferKey]));
/** What 明細 calls the section of a record of 多元表現. */
export const performanceSection = ({ category }: { category: number }): string => sectionTitles.get(category)!;

const withoutSpaces = (name: string) => name.normalize('NFC').replace(/\s+/gu, '');

/** Why a student of the file cannot be imported, in the register's terms (manual §3.16). */
function problemOf(student: TransferStudent, found: Registered | undefined): ArrivalPlan['problem'] {
  if (!found) {
    return {
      code: 'transferIn.studentUnknown',
      message: '學生尚未建立學籍，請先於校務行政系統建立學生資料並同步後再匯入',
      details: {},
    };
  }
  if (withoutSpaces(found.name) !== withoutSpaces(student.name) || found.birthDate !== student.birthDate) {
    const inFile = `${student.name} ${formatRocDay(student.birthDate)}`;
    const here = `${found.name} ${formatRocDay(found.birthDate)}`;
    return {
      code: 'transferIn.studentDiffers',
      message: `檔案中的學生（${inFile}）與學籍資料（${here}）不同，請確認是否為同一人；若資料有誤，請先於校務行政系統更正並同步後再匯入`,
      details: { studentId: found.id },
    };
  }
  if (!found.account) {
    return {
      code: 'transferIn.accountNotSynchronised',
      message: '學生的臺北市校園單一身分驗證帳號尚未同步，請確認帳號同步成功並於本程式同步後再匯入',
      details: { studentId: found.id },
    };
  }
  return null;
}

function increment(counts: Record<string, number>, section: string): void {
  counts[section] = (counts[section] ?? 0) + 1;
}

/** Sorts a file's records into new, the same and in conflict with what is there. */
class Comparison {
  readonly added: Record<string, number> = {};
  readonly unchanged: Record<string, number> = {};
  readonly conflicts: Record<string, number> = {};

  /** @param here what the register has of this kind */
  sort<Item>(
    records: readonly Item[],
    here: readonly Comparable[],
    comparableOf: (record: Item) => Comparable,
    sectionOf: (record: Item) => string,
  ): NewRecord<Item>[] {
    const left = new Map<string, number>();
    for (const { content } of here) left.set(content, (left.get(content) ?? 0) + 1);
    const others: { section: string; record: Item; comparable: Comparable }[] = [];
    for (const record of records) {
      const section = sectionOf(record);
      const comparable = comparableOf(record);
      const count = left.get(comparable.content) ?? 0;
      if (count > 0) {
        left.set(comparable.content, count - 1);
        increment(this.unchanged, section);
      } else others.push({ section, record, comparable });
    }
    // Only what no record of the file equals can be another version of one of them.
    const versions = new Set(here.filter(({ content }) => (left.get(content) ?? 0) > 0).map(({ identity }) => identity));
    return others.flatMap(({ section, record, comparable }) => {
      const conflict = versions.has(comparable.identity);
      increment(conflict ? this.conflicts : this.added, section);
      return conflict ? [] : [{ record, content: comparable.content }];
    });
  }
}

const emptyPortfolio: StudentPortfolio = { outcomes: [], performances: [], cadres: [] };

/** Prepares the statements once; the plan of a student is read afresh at each call. */
export function register(sqlite: Sqlite): (arrival: CheckedStudent) => ArrivalPlan {
  // One identity may have left and come back under a new student number: the one who is here now.
  const find = sqlite.prepare<[string], Registered>(
    `select id, name, birth_date as birthDate, account from students where identity = ? and deleted_at is null
     order by case status when 'transferredIn' then 0 when 'enrolled' then 1 else 2 end, entry_year desc limit 1`,
  );
  const portfolioOf = studentPortfolios(sqlite);
  return ({ student, files }) => {
    const found = find.get(student.identity);
    const problem = problemOf(student, found);
    const here = problem === null ? portfolioOf(found!.id) : emptyPortfolio;
    const withFiles = <Item extends { document: TransferLink | null; media: TransferLink | null }>(record: Item) => ({
      ...record,
      document: record.document && files.get(record.document.path)!,
      media: record.media && files.get(record.media.path)!,
    });
    const comparison = new Comparison();
    const outcomes = comparison.sort(
      student.outcomes,
      here.outcomes.map(comparableOutcome),
      (record) => comparableOutcome(withFiles(record)),
      () => outcomeSection,
    );
    const performances = comparison.sort(
      student.performances,
      here.performances.map(comparablePerformance),
      (record) => comparablePerformance(withFiles(record)),
      performanceSection,
    );
    const cadres = comparison.sort(student.cadres, here.cadres.map(comparableCadre), comparableCadre, () => cadreSection);
    return {
      studentId: found?.id ?? null,
      problem,
      ...(problem === null
        ? { outcomes, performances, cadres, added: comparison.added }
        : { outcomes: [], performances: [], cadres: [], added: {} }),
      unchanged: comparison.unchanged,
      conflicts: comparison.conflicts,
    };
  };
}
