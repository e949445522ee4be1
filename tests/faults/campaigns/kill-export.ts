import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { JobState } from '../../../main/application/contract.ts';
import type { OutputOf } from '../../../main/features/contract.ts';
import { openAttachmentStore } from '../../../main/platform/attachment-store.ts';
import { deriveKey } from '../../../main/platform/secret-store.ts';
import { testMasterKey } from '../../support/directories.ts';
import { signInto, type Trial, trialPassword } from '../../support/trial.ts';
import { type Contents, contentsOf, differences } from '../contents.ts';
import { carryOut, type Errand } from '../errands.ts';
import { killing } from '../killing.ts';
import { type HandedContent, handedContent, prepareTwoSchools, senderAccount, type TwoSchools } from '../transfers.ts';

interface Template extends TwoSchools {
  /** What a run without faults leaves in the database, beside its files. */
  contents: Contents;
  handed: HandedContent;
}

/** Tables that tell of each export, and how it came about. */
const ofExports = ['transfer_out_files', 'transfer_out_students', 'jobs', 'audit_entries', 'audit_subjects'];

/** What the job's files say to a receiver. */
async function contentOfJob(school: Trial, job: JobState): Promise<HandedContent> {
  const { files } = job.result as OutputOf<'transferOut.produce'>;
  const handed = files.map(async ({ id, fileName }) => {
    const { password } = await school.call('transferOut.fileInformation', { id });
    return { path: join(school.directory, 'transfers', fileName), password };
  });
  return handedContent(await Promise.all(handed));
}

async function prepare(): Promise<Template> {
  const schools = await prepareTwoSchools();
  const faultless = `${schools.sender}-faultless`;
  cpSync(schools.sender, faultless, { recursive: true });
  const school = await signInto(faultless, senderAccount, trialPassword);
  try {
    const job = await carryOut(school, { work: 'export', studentIds: schools.students, oneFile: true, format: 'aes256' });
    const { sqlite } = school.application.foundation.connection;
    return { ...schools, contents: contentsOf(sqlite, ofExports), handed: await contentOfJob(school, job) };
  } finally {
    await school.close();
  }
}

/** Forgets some files that the city has, so that they must be fetched first. */
function forgetFiles(directory: string, every: number): void {
  const store = openAttachmentStore(join(directory, 'attachments.db'), { key: deriveKey(testMasterKey, 'attachments') });
  const small = store.sqlite.prepare<[], string>('select sha256 from files where bytes < 1000000 order by sha256').pluck().all();
  for (const [index, sha256] of small.entries()) if (index % every === 0) store.remove(sha256);
  store.close();
}

export const killExport = killing<Template>({
  name: 'kill-export',
  title: 'killed while transfer files are made',
  prepare,
  finish: ({ remove }) => remove(),
  // Files get their names before the transaction of their rows ends; until a start sweeps them, a kill just then leaves some.
  known: (violation) => (violation.endsWith('no row describes it') ? 'starts with a finished file that has no row' : null),
  lay: ({ sender, students, secrets, contents, handed }, directory, random) => {
    cpSync(sender, directory, { recursive: true });
    if (random.chance(0.3)) forgetFiles(directory, random.between(1, 3));
    const errand: Errand = {
      work: 'export',
      studentIds: students,
      oneFile: random.chance(0.6),
      format: random.pick(['aes256', 'aes256', 'zipCrypto', 'private']),
    };
    return {
      accountName: senderAccount,
      errand,
      secrets,
      wrongAtStart: () => [],
      wrongAtEnd: async (school, job) => [
        ...differences(contentsOf(school.application.foundation.connection.sqlite, ofExports), contents),
        ...differingContent(await contentOfJob(school, job), handed),
      ],
    };
  },
});

function differingContent(made: HandedContent, expected: HandedContent): string[] {
  const paths = new Set([...Object.keys(made.files), ...Object.keys(expected.files)]);
  return [
    ...(JSON.stringify(made.students) === JSON.stringify(expected.students) ? [] : ['the transfer file tells of the students otherwise']),
    ...[...paths].filter((path) => made.files[path] !== expected.files[path]).map((path) => `the transfer file has ${path} otherwise`),
  ];
}
