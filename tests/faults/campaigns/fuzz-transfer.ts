import { readdirSync, readFileSync } from 'node:fs';
import type { Random } from '../../../db/sample/random.ts';
import { noFacts, readTransferFile, type TransferFile } from '../../../main/features/transfer-in/transfer-file.ts';
import { ApplicationError } from '../../../main/platform/errors.ts';
import { temporaryFolder } from '../../support/directories.ts';
import { handMadePassword } from '../../support/foreign-files/hand-made.ts';
import { entriesOf, type Parcel, type ParcelEntry, parcelsOf, placed } from '../../support/foreign-files/parcel.ts';
import { byHand, inCp950, infoZip, sevenZip, type Writer, wrapped, zipJs } from '../../support/foreign-files/writers.ts';
import { faultsOfRecord } from '../../support/records.ts';
import { chosen, type HandedOver, handOver, richestStudents, traces } from '../../support/transfer.ts';
import { openTrial, type Trial } from '../../support/trial.ts';
import type { Attempt, Campaign } from '../campaign.ts';
import { archiveChanges, isListed } from '../fuzz/archive-changes.ts';
import { jsonChanges, textChanges } from '../fuzz/json-changes.ts';

interface Original {
  writer: string;
  bytes: Buffer;
  password: string;
  /** What its content amounts to. */
  content: string;
}

interface Prepared {
  originals: Original[];
  parcel: Parcel;
  receiver: Trial;
  before: string;
  remove: () => Promise<void>;
}

/** Seconds that no file may take, however it is broken: a good one of this size takes a tenth of one. */
const patience = 20;
/** One in so many goes through the whole application. */
const whole = 40;

const writers: Readonly<{ [name: string]: Writer }> = {
  '7-Zip': sevenZip({ switches: ['-mem=AES256'] }),
  'Info-ZIP': infoZip([], true),
  'zip.js ZIP64': zipJs({ zip64: true, dataDescriptor: true }),
  'zip.js ZipCrypto': zipJs({ zipCrypto: true }),
  'by hand': byHand(
    ({ name }, index) => ({
      name: inCp950(name),
      utf8Flag: false,
      aesVersion: 1,
      deflate: index % 2 === 0,
      descriptor: 'bare',
      comment: Buffer.from('x'),
    }),
    { comment: Buffer.from('comment'), zip64: true },
  ),
  wrapped: wrapped(
    byHand(() => ({ protection: 'none', deflate: true })),
    zipJs({ level: 0 }),
  ),
};

/** Students with the hash of each file: what an import would write. Names of files are not under any check sum where there is no manifest. */
function contentOf({ students }: TransferFile): string {
  return JSON.stringify(students.map(({ student, files }) => [student, [...files].map(([path, { sha256 }]) => [path, sha256]).sort()]));
}

function read(file: HandedOver): Promise<TransferFile> {
  const input = { path: file.path, fileName: file.fileName, password: file.password, md5: { typed: file.md5, optional: false } };
  return readTransferFile(input, { signal: new AbortController().signal, report: () => {}, facts: noFacts() });
}

async function prepare(): Promise<Prepared> {
  const folder = temporaryFolder('fuzz');
  const sender = await openTrial();
  try {
    // Someone with a few of everything: small files are changed in more places for the same time.
    const [student] = richestStudents(sender, 40).slice(-1);
    const [aes] = await handOver(sender, [student!], folder.path);
    const [secret] = await handOver(sender, [student!], folder.path, { format: 'private' });
    const [parcel] = (await parcelsOf(aes!)) as [Parcel];
    const files: [string, HandedOver][] = [
      ['our own', aes!],
      ['our own, private', secret!],
    ];
    for (const [name, writer] of Object.entries(writers)) {
      const missing = writer.missing?.();
      if (missing) console.warn(`NOT TRIED: ${name} — ${missing}`);
      else
        files.push([name, placed(folder.path, `${name}.zip`, await writer.write(entriesOf(parcel), handMadePassword), handMadePassword)]);
    }
    const originals: Original[] = [];
    for (const [writer, file] of files) {
      originals.push({
        writer,
        bytes: readFileSync(file.path),
        password: file.password,
        content: contentOf(await read(file)),
      });
    }
    const receiver = await openTrial({ schoolCode: '888888', withoutPortfolios: true });
    return {
      originals,
      parcel,
      receiver,
      before: JSON.stringify(traces(receiver)),
      remove: async () => {
        await receiver.close();
        folder.remove();
      },
    };
  } finally {
    await sender.close();
  }
}

interface Made {
  what: string;
  bytes: Buffer;
  password: string;
  /** What a success must amount to; null where the change may be a good one. */
  content: string | null;
}

function changedArchive({ originals }: Prepared, random: Random): Made {
  const { writer, bytes, password, content } = random.pick(originals);
  const others = originals.map((original) => original.bytes);
  const names = Array.from(
    {
      length: random.weighted([
        [1, 3],
        [2, 1],
        [4, 0.5],
      ]),
    },
    () => random.pick(Object.keys(archiveChanges)),
  );
  let changed: Buffer = Buffer.from(bytes);
  // A change may leave nothing for the next to change.
  for (const name of names) if (isListed(changed)) changed = Buffer.from(archiveChanges[name]!(changed, random, others));
  return { what: `${writer}: ${names.join(', ')}`, bytes: changed, password, content };
}

async function changedContent({ parcel }: Prepared, random: Random): Promise<Made> {
  const entries = entriesOf(parcel);
  const at = random.chance(0.85) ? 0 : entries.findIndex(({ name }) => name.endsWith('mapping.json'));
  const json = entries[at]!;
  let what: string;
  let text = json.content.toString();
  if (random.chance(0.75)) {
    what = random.pick(Object.keys(jsonChanges));
    const content = [JSON.parse(text)];
    jsonChanges[what]!(content[0], random);
    text = JSON.stringify(content[0]);
  } else {
    what = random.pick(Object.keys(textChanges));
    text = textChanges[what]!(text, random);
  }
  const changed: ParcelEntry[] = entries.map((entry, index) => (index === at ? { ...entry, content: Buffer.from(text) } : entry));
  // What is inside does not care how it is encrypted, and this is twenty times as fast as AES with its keys.
  const bytes = await byHand(() => ({ protection: 'zipCrypto' })).write(changed, handMadePassword);
  return { what: `${json.name.split('/').at(-1)}: ${what}`, bytes, password: handMadePassword, content: null };
}

/** Whatever is accepted can be written here and told to the city. */
function unfit({ students }: TransferFile): string[] {
  const common = { id: 'import-1', studentId: 's' };
  const reference = (files: TransferFile['students'][number]['files'], path: string | undefined) => {
    const file = path === undefined ? undefined : files.get(path);
    return file ? { sha256: file.sha256, md5: file.md5, bytes: file.bytes, mediaType: file.mediaType, name: file.name } : null;
  };
  return students.flatMap(({ student, files }) => {
    const withFiles = <Item extends { document: { path: string } | null; media: { path: string } | null }>(record: Item) => ({
      ...record,
      ...common,
      document: reference(files, record.document?.path),
      media: reference(files, record.media?.path),
      tickedAt: null,
    });
    return [
      ...student.outcomes.flatMap((record) =>
        faultsOfRecord('outcomes', { ...withFiles(record), courseOfferingId: null, certifierId: null }),
      ),
      ...student.performances.flatMap((record) => faultsOfRecord('performances', withFiles(record))),
      ...student.cadres.flatMap((record) => faultsOfRecord('cadres', { ...record, ...common })),
    ];
  });
}

/** Reads the file as every import begins, and says what is wrong with how it ended. */
async function outcomeOf(made: Made, file: HandedOver, { folder, note }: Attempt): Promise<{ code: string; wrong: string[] }> {
  const wrong: string[] = [];
  let code = 'accepted';
  const started = performance.now();
  try {
    const opened = await read(file);
    if (made.content !== null && contentOf(opened) !== made.content) wrong.push('it was accepted with another content');
    wrong.push(...unfit(opened).map((fault) => `what was accepted cannot be told to the city: ${fault}`));
  } catch (error) {
    const known = error instanceof ApplicationError && /^transferIn\./.test(error.code);
    code = known ? error.code.replace('transferIn.', '') : 'internal';
    if (!known) wrong.push(`it failed by ${(error as Error)?.stack ?? error}`);
    else if (!/[。]$/.test(error.message)) wrong.push(`${error.code} tells nothing to do`);
  }
  const seconds = (performance.now() - started) / 1000;
  if (seconds > patience) wrong.push(`it took ${seconds} seconds`);
  const left = readdirSync(folder).filter((name) => name !== file.fileName);
  if (left.length > 0) wrong.push(`it left ${left.join(', ')}`);
  if (({} as { x?: unknown }).x !== undefined || Object.keys(Object.prototype).length > 0) wrong.push('it changed every object');
  note(code);
  return { code, wrong };
}

/** The same through the application, in its worker: the same answer, and no trace. */
async function applicationAnswers({ receiver, before }: Prepared, file: HandedOver, code: string): Promise<string[]> {
  const answer = await receiver.runJob('transferIn.preview', chosen(receiver, file)).then(
    () => 'accepted',
    (error: ApplicationError) => error.code.replace('transferIn.', ''),
  );
  const wrong = answer === code ? [] : [`the application says ${answer}`];
  return JSON.stringify(traces(receiver)) === before ? wrong : [...wrong, 'the application kept something of it'];
}

export const fuzzTransfer: Campaign<Prepared> = {
  name: 'fuzz-transfer',
  title: 'transfer files of several writers, changed at random',
  prepare,
  attempt: async (prepared, attempt) => {
    const { random, folder, tried, hold } = attempt;
    const made = random.chance(0.6) ? changedArchive(prepared, random) : await changedContent(prepared, random);
    const file = placed(folder, 'changed.zip', made.bytes, made.password);
    tried(true);
    const { code, wrong } = await outcomeOf(made, file, attempt);
    if (random.chance(1 / whole)) wrong.push(...(await applicationAnswers(prepared, file, code)));
    hold(made.what, wrong);
  },
  finish: ({ remove }) => remove(),
};
