import { cpSync } from 'node:fs';
import type { Random } from '../../db/sample/random.ts';
import { filesOf, studentPortfolios } from '../../db/student-portfolio.ts';
import type { OutputOf } from '../../main/features/contract.ts';
import { carried } from '../support/transfer.ts';
import { signInto, type Trial, trialPassword } from '../support/trial.ts';
import { type Contents, contentsOf, differences } from './contents.ts';
import { carryOut } from './errands.ts';
import type { Laid } from './laid.ts';
import { receiverAccount, type TwoSchools, twoSchools } from './transfers.ts';

/** 匯入 as an errand: where it starts, and what it leaves when nothing goes wrong. */
export interface ImportTemplate {
  schools: TwoSchools;
  /** The database afterwards, without the tables that tell of each import. */
  contents: Contents;
  /** Each student's portfolio before and after, as JSON. */
  portfolios: Map<string, { before: string; after: string }>;
}

const ofImports = ['transfer_ins', 'transfer_in_students', 'transfer_in_records', 'jobs', 'audit_entries', 'audit_subjects'];

const portfolioText = (school: Trial, student: string) => JSON.stringify(carried(school, student));

let made: Promise<ImportTemplate> | undefined;

/** Made once a process. */
export function importTemplate(): Promise<ImportTemplate> {
  made ??= (async () => {
    const schools = await twoSchools();
    const faultless = `${schools.receiver}-faultless`;
    cpSync(schools.receiver, faultless, { recursive: true });
    const school = await signInto(faultless, receiverAccount, trialPassword);
    try {
      const before = new Map(schools.students.map((student) => [student, portfolioText(school, student)]));
      await carryOut(school, { work: 'import', file: schools.files.aes256 });
      const portfolios = new Map(
        schools.students.map((student) => [student, { before: before.get(student)!, after: portfolioText(school, student) }]),
      );
      return { schools, contents: contentsOf(school.application.foundation.connection.sqlite, ofImports), portfolios };
    } finally {
      await school.close();
    }
  })();
  return made;
}

/** Each student wholly or not at all, with every file; each line of 資料匯入紀錄 says what it did. */
function halfImported(school: Trial, { schools, portfolios }: ImportTemplate): string[] {
  const { connection, attachments } = school.application.foundation;
  const portfolioOf = studentPortfolios(connection.sqlite);
  const wrong: string[] = [];
  for (const student of schools.students) {
    const { before, after } = portfolios.get(student)!;
    const now = portfolioText(school, student);
    if (now !== before && now !== after) wrong.push(`student ${student} is imported in part`);
    const missing = [...filesOf([portfolioOf(student)]).keys()].filter((sha256) => !attachments.has(sha256));
    if (missing.length > 0) wrong.push(`student ${student} lacks ${missing.length} files`);
  }
  const miscounted = connection.sqlite
    .prepare<[], { id: string }>(
      `select id from transfer_ins i
       where completed_count <> (select count(*) from transfer_in_students s where s.transfer_in_id = i.id and s.completed = 1)`,
    )
    .all();
  return [...wrong, ...miscounted.map(({ id }) => `import ${id} says more or fewer students than it completed`)];
}

/** A file of another school in any format. */
export function layImport(template: ImportTemplate, directory: string, random: Random): Laid {
  const { schools, contents } = template;
  cpSync(schools.receiver, directory, { recursive: true });
  const sqliteOf = (school: Trial) => school.application.foundation.connection.sqlite;
  return {
    accountName: receiverAccount,
    errand: { work: 'import', file: schools.files[random.pick(['aes256', 'aes256', 'zipCrypto', 'private'] as const)] },
    secrets: schools.secrets,
    wrongAtStart: (school) => halfImported(school, template),
    wrongAtEnd: (school, job) => {
      const { completed } = job.result as OutputOf<'transferIn.run'>;
      return [
        ...(completed === schools.students.length ? [] : [`${completed} of ${schools.students.length} students completed`]),
        ...halfImported(school, template),
        ...differences(contentsOf(sqliteOf(school), ofImports), contents),
      ];
    },
    timesDone: (school) => sqliteOf(school).prepare('select count(*) from transfer_ins where completed_count > 0').pluck().get() as number,
  };
}
