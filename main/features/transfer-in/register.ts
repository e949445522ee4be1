import { createHash } from 'node:crypto';
import type { Sqlite } from '../../../db/connection.ts';
import { studentPortfolios } from '../../../db/student-portfolio.ts';
import { formatRocDay } from '../../../domain/roc-date.ts';
import { type RecordStanding, type ReplacementBarrier, replacementBarrier } from '../../../domain/transfer-conflicts.ts';
import type { TransferStudent } from '../../../domain/transfer-content.ts';
import type { ImportedStudent } from './contract.ts';
import { type ArrivingRecord, type DifferingPair, match } from './matching.ts';
import { standings } from './standing.ts';
import type { CheckedStudent } from './transfer-attachments.ts';

/** A record of the file that is here with other content, and what may be done about it. */
export type Conflict = DifferingPair & {
  /** The same whenever the same file meets the same student. */
  key: string;
  /** Of the record here as it is now: a choice made on another is not carried out. */
  basis: string;
  standing: RecordStanding;
  barrier: ReplacementBarrier | null;
};

/** An arrival held against the register and the portfolio that is there already. */
export interface ArrivalPlan {
  studentId: string | null;
  problem: ImportedStudent['problems'][number] | null;
  fresh: ArrivingRecord[];
  conflicts: Conflict[];
  /** Records by section that are here just so. */
  unchanged: Record<string, number>;
}

interface Registered {
  id: string;
  name: string;
  birthDate: string;
  account: string | null;
}

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

const hash = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);

/** How many records of each section. */
export function bySection(records: readonly { section: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { section } of records) counts[section] = (counts[section] ?? 0) + 1;
  return counts;
}

/**
 * Prepares the statements once; the plan of a student is read afresh at each call.
 * @param schoolCode this school's own
 */
export function register(sqlite: Sqlite, schoolCode: string): (arrival: CheckedStudent) => ArrivalPlan {
  // One identity may have left and come back under a new student number: the one who is here now.
  const find = sqlite.prepare<[string], Registered>(
    `select id, name, birth_date as birthDate, account from students where identity = ? and deleted_at is null
     order by case status when 'transferredIn' then 0 when 'enrolled' then 1 else 2 end, entry_year desc limit 1`,
  );
  const portfolioOf = studentPortfolios(sqlite);
  const standingOf = standings(sqlite, schoolCode);
  return (arrival) => {
    const { identity } = arrival.student;
    const found = find.get(identity);
    const problem = problemOf(arrival.student, found);
    if (problem || !found) return { studentId: found?.id ?? null, problem, fresh: [], conflicts: [], unchanged: {} };
    const { fresh, same, differing } = match(arrival, portfolioOf(found.id));
    const ordinals = new Map<string, number>();
    const conflicts = differing.map((pair): Conflict => {
      const ordinal = ordinals.get(pair.content) ?? 0;
      ordinals.set(pair.content, ordinal + 1);
      const standing = standingOf(pair.kind, pair.here.id);
      return {
        ...pair,
        key: hash([identity, pair.content, ordinal]),
        basis: hash([pair.here.id, pair.contentHere, standing]),
        standing,
        barrier: replacementBarrier(pair.kind, standing),
      };
    });
    return { studentId: found.id, problem: null, fresh, conflicts, unchanged: bySection(same) };
  };
}
