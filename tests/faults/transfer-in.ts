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
import type { Work } from './work.ts';

/** 匯入 as an errand: where it starts, and what it leaves when nothing goes wrong. */
export interface ImportTemplate {
  schools: TwoSchools;
  /** The database afterwards, without the tables that tell of each import. */
  contents: Contents;
  /** Each student's portfolio before and after, as JSON. */
  portfolios: Map<string, { before: string; after: string }>;
  /** A directory in which it was imported, closed, and the import's id. */
  imported: { directory: string; id: string };
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
      const { id } = (await carryOut(school, { work: 'import', file: schools.files.aes256 })) as OutputOf<'transferIn.run'>;
      const portfolios = new Map(
        schools.students.map((student) => [student, { before: before.get(student)!, after: portfolioText(school, student) }]),
      );
      const contents = contentsOf(school.application.foundation.connection.sqlite, ofImports);
      return { schools, contents, portfolios, imported: { directory: faultless, id: id! } };
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
    wrongAtEnd: (school, result) => {
      const { completed } = result as OutputOf<'transferIn.run'>;
      return [
        ...(completed === schools.students.length ? [] : [`${completed} of ${schools.students.length} students completed`]),
        ...halfImported(school, template),
        ...differences(contentsOf(sqliteOf(school), ofImports), contents),
      ];
    },
    timesDone: (school) => sqliteOf(school).prepare('select count(*) from transfer_ins where completed_count > 0').pluck().get() as number,
  };
}

export const importing: Work = {
  name: 'import',
  prepare: async () => {
    const template = await importTemplate();
    return (directory, random) => layImport(template, directory, random);
  },
};

/** An import that is taken back on its day: its records go and the arrivals are open again, all of it or nothing. */
function layTakingBack({ schools, portfolios, imported }: ImportTemplate, directory: string): Laid {
  cpSync(imported.directory, directory, { recursive: true });
  let { id } = imported;
  const sqliteOf = (school: Trial) => school.application.foundation.connection.sqlite;
  const undone = (school: Trial) =>
    sqliteOf(school).prepare<[string], number>('select undone_count from transfer_ins where id = ?').pluck().get(id)!;
  const halfTakenBack = (school: Trial) => {
    const count = undone(school);
    if (count !== 0 && count !== schools.students.length) return [`${count} of ${schools.students.length} students are taken back`];
    const expected = count === 0 ? 'after' : 'before';
    return schools.students
      .filter((student) => portfolioText(school, student) !== portfolios.get(student)![expected])
      .map((student) => `student ${student} is taken back in part`);
  };
  return {
    accountName: receiverAccount,
    get errand() {
      return { work: 'takeBack' as const, importId: id };
    },
    secrets: schools.secrets,
    wrongAtStart: async (school) => {
      const wrong = halfTakenBack(school);
      // It was done before the kill: the same file comes once more, and that import is the one to be taken back.
      if (wrong.length === 0 && undone(school) > 0) {
        ({ id } = (await carryOut(school, { work: 'import', file: schools.files.aes256 })) as { id: string });
      }
      return wrong;
    },
    wrongAtEnd: halfTakenBack,
  };
}

export const takingBack: Work = {
  name: 'undo',
  prepare: async () => {
    const template = await importTemplate();
    return (directory) => layTakingBack(template, directory);
  },
};
