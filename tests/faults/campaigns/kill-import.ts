import { cpSync } from 'node:fs';
import { filesOf, studentPortfolios } from '../../../db/student-portfolio.ts';
import type { OutputOf } from '../../../main/features/contract.ts';
import { carried } from '../../support/transfer.ts';
import { signInto, type Trial, trialPassword } from '../../support/trial.ts';
import { type Contents, contentsOf, differences } from '../contents.ts';
import { carryOut } from '../errands.ts';
import { orphans } from '../invariants.ts';
import { killing } from '../killing.ts';
import { prepareTwoSchools, receiverAccount, type TwoSchools } from '../transfers.ts';

interface Template extends TwoSchools {
  /** Of a run without faults. */
  contents: Contents;
  /** Each student's portfolio before and after, as JSON. */
  portfolios: Map<string, { before: string; after: string }>;
}

/** Tables that tell of each import, and how it came about. */
const ofImports = ['transfer_ins', 'transfer_in_students', 'jobs', 'audit_entries', 'audit_subjects'];

const portfolioText = (school: Trial, student: string) => JSON.stringify(carried(school, student));

async function prepare(): Promise<Template> {
  const schools = await prepareTwoSchools();
  const faultless = `${schools.receiver}-faultless`;
  cpSync(schools.receiver, faultless, { recursive: true });
  const school = await signInto(faultless, receiverAccount, trialPassword);
  try {
    const before = new Map(schools.students.map((student) => [student, portfolioText(school, student)]));
    await carryOut(school, { work: 'import', file: schools.files.aes256 });
    const portfolios = new Map(
      schools.students.map((student) => [student, { before: before.get(student)!, after: portfolioText(school, student) }]),
    );
    return { ...schools, contents: contentsOf(school.application.foundation.connection.sqlite, ofImports), portfolios };
  } finally {
    await school.close();
  }
}

/** Each student wholly or not at all, with every file; each line of 資料匯入紀錄 says what it did. */
function halfImported(school: Trial, { students, portfolios }: Template): string[] {
  const { connection, attachments } = school.application.foundation;
  const portfolioOf = studentPortfolios(connection.sqlite);
  const wrong: string[] = [];
  for (const student of students) {
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

export const killImport = killing<Template>({
  name: 'kill-import',
  title: 'killed while a transfer file is imported',
  prepare,
  finish: ({ remove }) => remove(),
  // Files go into the store before their records; until a start sweeps them, a killed import leaves some.
  known: (violation) => (violation.endsWith(orphans) ? 'starts with files of a killed import left in the store' : null),
  lay: (template, directory, random) => {
    cpSync(template.receiver, directory, { recursive: true });
    return {
      accountName: receiverAccount,
      errand: { work: 'import', file: template.files[random.pick(['aes256', 'aes256', 'zipCrypto', 'private'] as const)] },
      secrets: template.secrets,
      wrongAtStart: (school) => halfImported(school, template),
      wrongAtEnd: (school, job) => {
        const { completed } = job.result as OutputOf<'transferIn.run'>;
        return [
          ...(completed === template.students.length ? [] : [`${completed} of ${template.students.length} students completed`]),
          ...halfImported(school, template),
          ...differences(contentsOf(school.application.foundation.connection.sqlite, ofImports), template.contents),
        ];
      },
    };
  },
});
