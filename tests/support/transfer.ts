import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type StudentPortfolio, studentPortfolios } from '../../db/student-portfolio.ts';
import type { OutputOf } from '../../main/features/contract.ts';
import type { Trial } from './trial.ts';

/** A transfer file that a school made, with what goes to the other school beside it. */
export interface HandedOver {
  path: string;
  fileName: string;
  md5: string;
  password: string;
}

type Format = 'aes256' | 'zipCrypto' | 'private';

/** 產生匯出檔案, then 檔案資訊 of each and 下載檔案 into a folder. */
export async function handOver(
  school: Trial,
  studentIds: string[],
  folder: string,
  { oneFile = false, format = 'aes256' as Format } = {},
): Promise<HandedOver[]> {
  const { files } = await school.runJob('transferOut.produce', { studentIds, oneFile, format });
  const handed: HandedOver[] = [];
  for (const { id } of files) {
    const { fileName, md5, password } = await school.call('transferOut.fileInformation', { id });
    const { file } = await school.call('transferOut.download', { id });
    const path = join(folder, fileName);
    copyFileSync(school.application.files.outgoingPath(file.token), path);
    handed.push({ path, fileName, md5, password });
  }
  return handed;
}

/** What the import screen sends for a chosen file. */
export function chosen(school: Trial, { path, md5, password }: Omit<HandedOver, 'fileName'>, name = basename(path)) {
  return { file: school.application.files.receive(path, name, false), md5, password };
}

export function importFile(school: Trial, file: Omit<HandedOver, 'fileName'>, name?: string): Promise<OutputOf<'transferIn.run'>> {
  return school.runJob('transferIn.run', chosen(school, file, name));
}

/** Some students with many records and files, the richest first. */
export function richestStudents(school: Trial, count: number): string[] {
  return school.application.foundation.connection.sqlite
    .prepare<[number], string>(
      `select s.id from students s where s.deleted_at is null and s.identity is not null and s.account is not null
       order by (select count(*) from learning_outcomes o where o.student_id = s.id)
         + (select count(*) from diverse_performances p where p.student_id = s.id) desc, s.id limit ?`,
    )
    .pluck()
    .all(count);
}

/** A portfolio without what an import changes by rule: ids, 轉學前 and what the format leaves out. */
export function carried(school: Trial, studentId: string): unknown {
  const portfolio = studentPortfolios(school.application.foundation.connection.sqlite)(studentId);
  const sorted = (records: object[]) => records.map((record) => JSON.stringify(record)).sort();
  const left = {
    id: '',
    beforeTransfer: true,
    certifiedAt: null,
    certifierName: null,
    certificationRemark: null,
    sentForCertificationAt: null,
  };
  return {
    outcomes: sorted(portfolio.outcomes.map((record) => ({ ...record, ...left }))),
    performances: sorted(portfolio.performances.map((record) => ({ ...record, id: '', details: withoutBlanks(record.details) }))),
    cadres: sorted(portfolio.cadres.map((record) => ({ ...record, id: '' }))),
  };
}

const withoutBlanks = (details: StudentPortfolio['performances'][number]['details']) =>
  Object.fromEntries(
    Object.entries(details)
      .filter(([, value]) => value !== null && value !== '')
      .sort(),
  );

/** Everything an import could have written, to be held against what was there before. */
export function traces(school: Trial): unknown {
  const { connection, attachments, directory } = school.application.foundation;
  const count = (table: string) => connection.sqlite.prepare(`select count(*) from ${table}`).pluck().get();
  const tables = [
    'learning_outcomes',
    'diverse_performances',
    'cadres',
    'outbox',
    'file_outbox',
    'attachments',
    'transfer_ins',
    'transfer_in_students',
    'transfer_in_records',
  ];
  return {
    rows: Object.fromEntries([...tables, 'transfer_out_files', 'transfer_out_students'].map((table) => [table, count(table)])),
    files: attachments.sqlite.prepare('select count(*) from files').pluck().get(),
    arriving: attachments.sqlite.prepare('select (select count(*) from arrivals) + (select count(*) from arriving)').pluck().get(),
    work: readdirSync(join(directory.root, 'work')),
    transfers: readdirSync(directory.transfers),
  };
}

/** The bytes of a ZIP with one bit turned in the first content behind a place, from 0 to 1 of its length. */
export function flipped(path: string, at: number): Buffer {
  const bytes = readFileSync(path);
  const header = bytes.indexOf('PK\x03\x04', Math.floor(bytes.length * at), 'latin1');
  const behindSalt = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28) + 18;
  bytes[behindSalt]! ^= 1;
  return bytes;
}
