import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sqlite } from '../../../db/connection.ts';
import { groupMd5 } from '../../../domain/md5-text.ts';
import { maskIdentity } from '../../../domain/national-id.ts';
import type { OutgoingFile } from '../../application/contract.ts';
import type { Foundation } from '../../application/foundation.ts';
import type { HandedOverStudent, HandoverSheet, PasswordNotice } from './handover.ts';
import type { HandoverInput } from './handover-task.ts';

/** The students of a file as its papers name them, with what of each is in it. */
function studentsHandedOver(sqlite: Sqlite, fileId: string): HandedOverStudent[] {
  const rows = sqlite
    .prepare<[string], Omit<HandedOverStudent, 'identity' | 'counts'> & { identity: string | null; counts: string }>(
      `select s.student_number as studentNumber, s.name, s.identity, t.counts,
         case when k.other_school_name is null then coalesce(k.other_school_code, s.other_school_code)
           when k.other_school_code is null then k.other_school_name
           else k.other_school_name || '（' || k.other_school_code || '）' end as destination
       from transfer_out_students t join students s on s.id = t.student_id left join transfer_cases k on k.id = t.transfer_case_id
       where t.transfer_out_file_id = ?
       order by s.current_class_sort_key, s.current_seat_number, s.student_number`,
    )
    .all(fileId);
  return rows.map(({ counts, identity, ...student }) => ({
    ...student,
    identity: identity === null ? '' : maskIdentity(identity),
    counts: Object.entries(JSON.parse(counts) as Record<string, number>).filter(([, count]) => count > 0),
  }));
}

/** What is printed of a file beside its students. */
export interface PrintedFile {
  id: string;
  fileName: string;
  bytes: number;
  md5: string;
  createdAt: string;
}

export interface HandoverPrinter {
  /** 列印交接單, without the password. */
  sheet: (file: PrintedFile) => Promise<PrintedPaper>;
  /** 列印密碼通知單. */
  password: (file: PrintedFile, password: string) => Promise<PrintedPaper>;
}

interface PrintedPaper {
  file: OutgoingFile;
  pages: number;
  missingCharacters: string;
}

/** Prints a transfer file's papers into memory: a page with a password must not stay on the disk, and one with names need not. */
export function handoverPrinter({ connection: { sqlite }, directory, settings, tasks, files }: Foundation): HandoverPrinter {
  const creator = sqlite.prepare<[string], string>('select created_by from transfer_out_files where id = ?').pluck();
  const headOf = ({ id, fileName, createdAt }: PrintedFile) => ({
    schoolName: settings.get('school.name') ?? '',
    schoolCode: settings.get('school.code') ?? '',
    fileName,
    createdAt,
    createdBy: creator.get(id)!,
  });

  const print = async (
    title: string,
    fileName: string,
    paper: { paper: 'sheet'; sheet: HandoverSheet } | { paper: 'password'; notice: PasswordNotice },
  ): Promise<PrintedPaper> => {
    const folder = directory.makeWorkFolder('handover');
    try {
      const path = join(folder, 'handover.pdf');
      const input: HandoverInput = { path, ...paper };
      const made = await tasks.run<{ pages: number; missingCharacters: string }>('transferOut.handover', input);
      const pdf = await readFile(path);
      const content = { bytes: pdf.byteLength, read: (start: number, length: number) => pdf.subarray(start, start + length) };
      return { ...made, file: files.offerContent(content, `${fileName.replace(/\.zip$/, '')}_${title}.pdf`, 'application/pdf') };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  return {
    sheet: (file) => {
      const sheet = { ...headOf(file), bytes: file.bytes, md5: groupMd5(file.md5), students: studentsHandedOver(sqlite, file.id) };
      return print('交接單', file.fileName, { paper: 'sheet', sheet });
    },
    password: (file, password) => {
      const schools = studentsHandedOver(sqlite, file.id).flatMap(({ destination }) => (destination ? [destination] : []));
      const notice = { ...headOf(file), password, destinations: [...new Set(schools)] };
      return print('密碼通知單', file.fileName, { paper: 'password', notice });
    },
  };
}
