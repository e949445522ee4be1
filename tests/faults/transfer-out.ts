import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../db/sample/random.ts';
import type { OutputOf } from '../../main/features/contract.ts';
import { openAttachmentStore } from '../../main/platform/attachment-store.ts';
import { deriveKey } from '../../main/platform/secret-store.ts';
import { testMasterKey } from '../support/directories.ts';
import { signInto, type Trial, trialPassword } from '../support/trial.ts';
import { type Contents, contentsOf, differences } from './contents.ts';
import { carryOut, type Errand } from './errands.ts';
import type { Laid } from './laid.ts';
import { type HandedContent, handedContent, senderAccount, type TwoSchools, twoSchools } from './transfers.ts';
import type { Work } from './work.ts';

/** 匯出 as an errand: where it starts, and what it leaves when nothing goes wrong. */
export interface ExportTemplate {
  schools: TwoSchools;
  /** The database afterwards, without the tables that tell of each export. */
  contents: Contents;
  handed: HandedContent;
}

const ofExports = ['transfer_out_files', 'transfer_out_students', 'jobs', 'audit_entries', 'audit_subjects'];

/** What the job's files say to a receiver. */
async function contentOfJob(school: Trial, result: unknown): Promise<HandedContent> {
  const { files } = result as OutputOf<'transferOut.produce'>;
  const handed = files.map(async ({ id, fileName }) => {
    const { password } = await school.call('transferOut.fileInformation', { id });
    return { path: join(school.directory, 'transfers', fileName), password };
  });
  return handedContent(await Promise.all(handed));
}

let made: Promise<ExportTemplate> | undefined;

/** Made once a process. */
export function exportTemplate(): Promise<ExportTemplate> {
  made ??= (async () => {
    const schools = await twoSchools();
    const faultless = `${schools.sender}-faultless`;
    cpSync(schools.sender, faultless, { recursive: true });
    const school = await signInto(faultless, senderAccount, trialPassword);
    try {
      const result = await carryOut(school, { work: 'export', studentIds: schools.students, oneFile: true, format: 'aes256' });
      const { sqlite } = school.application.foundation.connection;
      return { schools, contents: contentsOf(sqlite, ofExports), handed: await contentOfJob(school, result) };
    } finally {
      await school.close();
    }
  })();
  return made;
}

/** Forgets some files that the city has, so that they must be fetched first. */
function forgetFiles(directory: string, every: number): void {
  const store = openAttachmentStore(join(directory, 'attachments.db'), { key: deriveKey(testMasterKey, 'attachments') });
  const small = store.sqlite.prepare<[], string>('select sha256 from files where bytes < 1000000 order by sha256').pluck().all();
  for (const [index, sha256] of small.entries()) if (index % every === 0) store.remove(sha256);
  store.close();
}

/** One file or one a student, in any format, sometimes with attachments that are still at the city. */
export function layExport({ schools, contents, handed }: ExportTemplate, directory: string, random: Random): Laid {
  cpSync(schools.sender, directory, { recursive: true });
  if (random.chance(0.3)) forgetFiles(directory, random.between(1, 3));
  const oneFile = random.chance(0.6);
  const format = random.pick(['aes256', 'aes256', 'zipCrypto', 'private'] as const);
  const errand: Errand = { work: 'export', studentIds: schools.students, oneFile, format };
  const sqliteOf = (school: Trial) => school.application.foundation.connection.sqlite;
  return {
    accountName: senderAccount,
    errand,
    secrets: schools.secrets,
    wrongAtStart: () => [],
    wrongAtEnd: async (school, result) => [
      ...differences(contentsOf(sqliteOf(school), ofExports), contents),
      ...differingContent(await contentOfJob(school, result), handed),
    ],
    timesDone: (school) =>
      (sqliteOf(school).prepare('select count(*) from transfer_out_files').pluck().get() as number) /
      (oneFile ? 1 : schools.students.length),
  };
}

export const exporting: Work = {
  name: 'export',
  prepare: async () => {
    const template = await exportTemplate();
    return (directory, random) => layExport(template, directory, random);
  },
};

function differingContent(made: HandedContent, expected: HandedContent): string[] {
  const paths = new Set([...Object.keys(made.files), ...Object.keys(expected.files)]);
  return [
    ...(JSON.stringify(made.students) === JSON.stringify(expected.students) ? [] : ['the transfer file tells of the students otherwise']),
    ...[...paths].filter((path) => made.files[path] !== expected.files[path]).map((path) => `the transfer file has ${path} otherwise`),
  ];
}
