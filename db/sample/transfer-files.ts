import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatRocDay } from '../../domain/roc-date.ts';
import type { ArchiveEncryption } from '../../main/platform/archive-records.ts';
import { type ArchiveSource, deflatedText, layOutArchive, storedContent, writeArchive } from '../../main/platform/archive-writer.ts';
import { fileOf } from './files/recipe.ts';
import type { SampleOptions } from './options.ts';
import { Random, stream } from './random.ts';
import { otherSchools, Register, type SampleStudent } from './register.ts';
import { type BroughtCounts, madeAt, type SenderHabits, TransferRecordWriter } from './transfer-record.ts';

/** The file another school gave one of the two arrivals. */
export interface SampleTransferFile {
  studentId: string;
  studentNumber: string;
  name: string;
  identity: string;
  birthDate: string;
  path: string;
  fileName: string;
  senderSchoolCode: string;
  encryption: ArchiveEncryption;
  /** As the sender's note tells it: not always lower case and plain. */
  md5: string;
  password: string;
  counts: BroughtCounts;
}

interface Sender extends SenderHabits {
  encryption: 'aes256' | 'zipCrypto';
  /** A folder around everything; none where empty. */
  topFolder: string;
  describeMd5: (md5: string) => string;
  daysBefore: number;
  counts: BroughtCounts;
}

const grouped = (md5: string) => md5.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

const senders: readonly [Sender, Sender] = [
  {
    schoolCode: otherSchools[0],
    numbersAsText: false,
    encryption: 'aes256',
    topFolder: '',
    describeMd5: grouped,
    daysBefore: 4,
    // The manual's own sample (§3.16).
    counts: { outcomes: 7, cadres: 3, performances: { 1: 3, 2: 2, 3: 3, 4: 3, 5: 2, 6: 2, 7: 1, 8: 1, 10: 2 } },
  },
  {
    schoolCode: otherSchools[1],
    numbersAsText: true,
    encryption: 'zipCrypto',
    topFolder: '學習歷程資料',
    describeMd5: (md5) => grouped(md5).toUpperCase(),
    daysBefore: 11,
    counts: { outcomes: 5, cadres: 2, performances: { 1: 1, 2: 1, 3: 2, 4: 4, 6: 1, 8: 2, 9: 1, 10: 1 } },
  },
];

/** Without look-alikes (0 O o 1 l I), as transfer-format has it. */
const passwordCharacters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789';

/**
 * Writes what the arrivals' former schools handed over, as other systems write it: one AES-256 without manifest, one ZipCrypto
 * with a folder around everything; and 說明.txt with each file's student, MD5 and password, so that a newcomer can try
 * manual §3.16 at once. Content and password follow from the options; the ZIP's bytes don't (random salts).
 * @param folder is made where it is missing
 * @returns one a student; none for the tiniest schools
 */
export async function writeSampleTransferFiles(folder: string, options: SampleOptions): Promise<SampleTransferFile[]> {
  await mkdir(folder, { recursive: true });
  const arrivals = new Register(options).students.filter(({ role }) => role === 'arrival' || role === 'secondArrival');
  arrivals.sort((a) => (a.role === 'arrival' ? -1 : 1));
  const written: SampleTransferFile[] = [];
  for (const [index, student] of arrivals.entries()) written.push(await writeOne(folder, options, student, senders[index === 0 ? 0 : 1]));
  await writeFile(join(folder, '說明.txt'), explanation(options, written), 'utf8');
  return written;
}

async function writeOne(folder: string, options: SampleOptions, student: SampleStudent, sender: Sender): Promise<SampleTransferFile> {
  const { record } = student;
  // Arrivals always have an identity: a transfer file finds its student by it.
  const identity = record.identity!;
  const random = new Random(options.seed, stream.transferFile, student.ordinal, 1);
  const password = Array.from({ length: 16 }, () => passwordCharacters.charAt(random.between(0, passwordCharacters.length - 1))).join('');
  const { instant, stamp } = madeAt(random, options.today, sender.daysBefore);
  const baseName = `${sender.schoolCode}_${stamp}`;
  const { json, files } = new TransferRecordWriter(student, identity, sender, options.seed, options.today).write(sender.counts);
  const path = join(folder, `${baseName}.zip`);
  const inside = (entry: string) => (sender.topFolder ? `${sender.topFolder}/${entry}` : entry);
  const texts = [await deflatedText(inside(`${baseName}.json`), [JSON.stringify([json], null, 2)])];
  const contents: ArchiveSource[] = [];
  const names = new Map<string, Record<string, string>>();
  for (const { path: entry, originalName, recipe } of files) {
    contents.push(storedContent(inside(entry), fileOf(recipe)));
    const mapping = names.get(dirname(entry)) ?? {};
    mapping[entry.slice(entry.lastIndexOf('/') + 1)] = originalName;
    names.set(dirname(entry), mapping);
  }
  for (const [directory, mapping] of names) {
    texts.push(await deflatedText(inside(`${directory}/filename_mapping.json`), [JSON.stringify(mapping)]));
  }
  await rm(path, { force: true });
  const image = layOutArchive([...texts, ...contents], { encryption: sender.encryption, password, modified: instant });
  await writeArchive(path, image);
  const md5 = createHash('md5')
    .update(await readFile(path))
    .digest('hex');
  return {
    studentId: record.id,
    studentNumber: record.studentNumber,
    name: record.name,
    identity,
    birthDate: record.birthDate,
    path,
    fileName: `${baseName}.zip`,
    senderSchoolCode: sender.schoolCode,
    encryption: sender.encryption,
    md5: sender.describeMd5(md5),
    password,
    counts: sender.counts,
  };
}

function explanation(options: SampleOptions, files: readonly SampleTransferFile[]): string {
  const lines = [
    `${options.schoolName}（${options.schoolCode}）試用資料：外校轉入學生的學習歷程檔案`,
    '',
    '以下學生由其他學校轉入，本系統尚無其學習歷程資料。請至「匯入學生學習歷程資料」，',
    '選擇檔案並輸入 MD5 值及壓縮檔密碼，即可試用匯入。學生、學校與內容皆為虛構。',
  ];
  for (const [index, file] of files.entries()) {
    lines.push(
      '',
      `【第 ${index + 1} 份】`,
      `學生：${file.name}　學號：${file.studentNumber}　身分證統一編號：${file.identity}　出生日期：${formatRocDay(file.birthDate)}`,
      `轉出學校代碼：${file.senderSchoolCode}`,
      `檔名：${file.fileName}`,
      `MD5值：${file.md5}`,
      `壓縮檔密碼：${file.password}`,
    );
  }
  if (files.length === 0) lines.push('', '本校學生人數過少，沒有轉入學生。');
  return `${lines.join('\r\n')}\r\n`;
}
