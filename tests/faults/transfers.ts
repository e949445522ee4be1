import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, studentPortfolios } from '../../db/student-portfolio.ts';
import { privateEntry, transferManifest } from '../../domain/transfer-content.ts';
import { openArchive } from '../../main/platform/archive-reader.ts';
import { temporaryFolder } from '../support/directories.ts';
import { type HandedOver, handOver } from '../support/transfer.ts';
import { layTrial, signInto, type Trial, trialPassword } from '../support/trial.ts';
import { type Secret, secretText } from './plaintext.ts';

/** Two schools and three students who move: what the campaigns of 匯出 and 匯入 start from. */
export interface TwoSchools {
  /** Data directories, closed; copied for each attempt. */
  sender: string;
  receiver: string;
  students: string[];
  /** The same students in one file, by format. */
  files: Record<'aes256' | 'zipCrypto' | 'private', HandedOver>;
  /** What must stand readable nowhere: of the students, and in their files. */
  secrets: readonly Secret[];
}

export const senderAccount = '999999adm';
export const receiverAccount = '888888adm';

const marker = 'portfolio-faults: nobody may read this on a disk';
const markerInText = '本文不得以明文留在磁碟';
/** Of a file that takes a while to write; a document of the years before 2021 may have 2 MB. */
const largeBytes = 1_200_000;

/** Students with a portfolio of common size who can be transferred. */
function leaversOf({ application }: Trial, count: number): string[] {
  return application.foundation.connection.sqlite
    .prepare<[number], string>(
      `select s.id from students s where s.deleted_at is null and s.identity is not null and s.account is not null
         and (select count(*) from learning_outcomes o where o.student_id = s.id and o.document_sha256 is not null) >= 4
       order by (select count(*) from diverse_performances p where p.student_id = s.id), s.id limit ?`,
    )
    .pluck()
    .all(count);
}

/** Enough of a PDF for what looks at files, with the marker all through it and otherwise unlike any other. */
function largeDocument(number: number): Buffer {
  const content = Buffer.alloc(largeBytes, createHash('sha512').update(String(number)).digest());
  content.write('%PDF-1.4\n1 0 obj\n<< >>\nendobj\n', 0, 'latin1');
  for (let at = 4096; at < largeBytes; at += 65_536) content.write(marker, at, 'latin1');
  return content;
}

/** Gives each of the students two large documents, as real portfolios have, and a text that can be looked for. */
async function makeHeavy({ application }: Trial, students: readonly string[]): Promise<void> {
  const { connection, attachments, write } = application.foundation;
  const outcomesOf = connection.sqlite
    .prepare<[string], string>('select id from learning_outcomes where student_id = ? and document_sha256 is not null order by id limit 2')
    .pluck();
  const know = connection.sqlite.prepare("insert into attachments (sha256, md5, bytes, media_type) values (?, ?, ?, 'application/pdf')");
  const change = connection.sqlite.prepare('update learning_outcomes set document_sha256 = ?, summary = ? where id = ?');
  const ids = students.flatMap((student) => outcomesOf.all(student));
  for (const [number, id] of ids.entries()) {
    const { sha256, md5, bytes } = attachments.put(largeDocument(number));
    await write(() => {
      know.run(sha256, md5, bytes);
      change.run(sha256, markerInText, id);
    });
  }
}

let made: Promise<TwoSchools> | undefined;

/** Made once a process, for all campaigns; removed at its end. */
export function twoSchools(): Promise<TwoSchools> {
  made ??= makeTwoSchools();
  return made;
}

async function makeTwoSchools(): Promise<TwoSchools> {
  const folder = temporaryFolder('faults-schools');
  process.once('exit', folder.remove);
  const inside = (name: string) => join(folder.path, name);
  await Promise.all([layTrial(inside('sender')), layTrial(inside('receiver'), { schoolCode: '888888', withoutPortfolios: true })]);
  // The files are made in a copy, so that the template itself has made none.
  let sender = await signInto(inside('sender'), senderAccount, trialPassword);
  const students = leaversOf(sender, 3);
  await makeHeavy(sender, students);
  const { sqlite } = sender.application.foundation.connection;
  const people = students.map(
    (id) => sqlite.prepare('select name, identity from students where id = ?').get(id) as { name: string; identity: string },
  );
  const wanted = filesOf(students.map(studentPortfolios(sqlite))).keys();
  await sender.application.fetchFiles([...wanted], { signal: new AbortController().signal });
  await sender.close();
  cpSync(inside('sender'), inside('making'), { recursive: true });
  mkdirSync(inside('files'));
  sender = await signInto(inside('making'), senderAccount, trialPassword);
  const files = {} as TwoSchools['files'];
  for (const format of ['aes256', 'zipCrypto', 'private'] as const) {
    [files[format]] = (await handOver(sender, students, inside('files'), { oneFile: true, format })) as [HandedOver];
  }
  await sender.close();
  rmSync(inside('making'), { recursive: true });

  const inTransferFile = (path: string) => path.startsWith('transfers');
  return {
    sender: inside('sender'),
    receiver: inside('receiver'),
    students,
    files,
    secrets: [
      ...people.flatMap(({ name, identity }) => [
        ...secretText('a student’s name', name),
        // Names of entries hold it: the format has it so, and the screen says so.
        ...secretText('a student’s identity', identity, inTransferFile),
      ]),
      ...secretText('a text of a record', markerInText),
      { what: 'the content of a file', bytes: Buffer.from(marker, 'latin1') },
      ...Object.values(files).flatMap(({ password }) => secretText('the password of a transfer file', password)),
    ],
  };
}

/** What a receiver would find in transfer files, whatever their names and format. */
export interface HandedContent {
  /** JSON of each student, in an order of its own. */
  students: string[];
  /** SHA-256 by path. */
  files: Record<string, string>;
}

const limits = { entries: 10_000, totalBytes: 2 ** 32, ratio: 10_000 };

async function entriesOf(path: string, password: string): Promise<Map<string, Buffer>> {
  const archive = await openArchive(path, limits);
  try {
    const content = new Map<string, Buffer>();
    for (const entry of archive.entries) content.set(entry.name, await archive.read(entry, password, 2 ** 28));
    const inner = content.get(privateEntry);
    if (!inner) return content;
    const folder = temporaryFolder('faults-inner');
    try {
      writeFileSync(join(folder.path, privateEntry), inner);
      return await entriesOf(join(folder.path, privateEntry), password);
    } finally {
      folder.remove();
    }
  } finally {
    await archive.close();
  }
}

/** Opens transfer files as a receiver would. */
export async function handedContent(handed: readonly Pick<HandedOver, 'path' | 'password'>[]): Promise<HandedContent> {
  const found: HandedContent = { students: [], files: {} };
  for (const { path, password } of handed) {
    for (const [name, content] of await entriesOf(path, password)) {
      if (name === transferManifest) continue;
      if (name.includes('/')) found.files[name] = createHash('sha256').update(content).digest('hex');
      else found.students.push(...(JSON.parse(content.toString('utf8')) as object[]).map((student) => JSON.stringify(student)));
    }
  }
  found.students.sort();
  return found;
}
