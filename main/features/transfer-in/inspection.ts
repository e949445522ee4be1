import type { Sqlite } from '../../../db/connection.ts';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import type { Inspection } from './contract.ts';
import { countsOf } from './outcome.ts';
import type { FileFacts, TransferFile } from './transfer-file.ts';

/** What a transfer file is and holds, as far as the checks came. */
export function describeFile(
  fileName: string,
  facts: FileFacts,
  students: TransferFile['students'],
  problems: Inspection['problems'],
): Inspection {
  return {
    fileName,
    bytes: facts.bytes,
    md5: facts.md5,
    senderSchoolCode: facts.senderSchoolCode,
    encryption: facts.encryption,
    manifest: facts.manifest,
    origin: facts.origin,
    remarks: facts.remarks,
    problems,
    students: students.map(({ student, files }) => ({
      nationalId: student.identity,
      name: student.name,
      birthDate: student.birthDate,
      counts: countsOf(student),
      files: files.size,
      fileBytes: [...files.values()].reduce((sum, { bytes }) => sum + bytes, 0),
    })),
  };
}

/** When this very file was imported before, and not taken back since. */
export function importedBefore(sqlite: Sqlite, { md5, bytes }: Pick<FileFacts, 'md5' | 'bytes'>): string | undefined {
  const at = sqlite
    .prepare<[string, number], string>(
      `select created_at from transfer_ins where md5 = ? and bytes = ? and undone_count < student_count order by created_at desc limit 1`,
    )
    .pluck()
    .get(md5, bytes);
  return at === undefined ? undefined : `這個檔案已於 ${formatRocDateTime(at)} 匯入過，再次匯入不會重複新增。`;
}
