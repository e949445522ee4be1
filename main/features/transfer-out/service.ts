import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { GridSource } from '../../../db/grid-query.ts';
import { filesOf } from '../../../db/student-portfolio.ts';
import { groupMd5 } from '../../../domain/md5-text.ts';
import { performanceCategories } from '../../../domain/portfolio.ts';
import type { Foundation } from '../../application/foundation.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { Handlers } from '../../application/router.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { decryptText, deriveKey } from '../../platform/secret-store.ts';
import type { SyncService } from '../sync/service.ts';
import { fileRemoved } from '../transfer-cases/file-steps.ts';
import { eachLeaver } from './content.ts';
import { type transferOut, transferOutGrid } from './contract.ts';
import { transferName } from './file-name.ts';
import { handoverPrinter } from './printing.ts';
import type { ProducedFile, ProduceInput } from './produce-task.ts';

interface KeptFile {
  id: string;
  fileName: string;
  bytes: number;
  md5: string;
  encryptedPassword: string;
  createdAt: string;
  students: string;
}

const gridSource: GridSource = {
  from: 'transfer_out_files f',
  columns: {
    id: 'f.id',
    createdAt: 'f.created_at',
    students: 'f.students',
    studentCount: 'f.student_count',
    fileName: 'f.file_name',
    bytes: 'f.bytes',
    createdBy: 'f.created_by',
  },
  tieBreaker: 'f.file_name desc',
};

/** 匯出學生學習歷程資料 (manual §3.15). */
export function transferOutHandlers(foundation: Foundation, sync: Pick<SyncService, 'fetchFiles'>): Handlers<typeof transferOut> {
  const { connection, directory, attachments, settings } = foundation;
  const { sqlite } = connection;
  const grid = gridHandlers(foundation, transferOutGrid, () => gridSource);
  const printer = handoverPrinter(foundation);
  /** Names given to files that are being made; not in the database yet. */
  const reserved = new Set<string>();

  const nameGiven = sqlite.prepare<[string], number>('select 1 from transfer_out_files where file_name = ?').pluck();
  const taken = (name: string) =>
    reserved.has(name) || nameGiven.get(`${name}.zip`) !== undefined || existsSync(join(directory.transfers, `${name}.zip`));

  const keptFile = (id: string): KeptFile => {
    const file = sqlite
      .prepare<[string], KeptFile>(
        `select id, file_name as fileName, bytes, md5, encrypted_password as encryptedPassword, created_at as createdAt, students
         from transfer_out_files where id = ?`,
      )
      .get(id);
    if (!file) throw new ApplicationError('transferOut.unknown', '找不到這筆資料產生紀錄，請重新整理後再試一次。', { id });
    return file;
  };
  const passwordOf = ({ encryptedPassword }: Pick<KeptFile, 'encryptedPassword'>) =>
    decryptText(encryptedPassword, deriveKey(foundation.masterKey, 'filePasswords'));
  const studentsOf = (id: string) =>
    sqlite
      .prepare<[string], string>('select student_id from transfer_out_students where transfer_out_file_id = ? order by student_id')
      .pluck()
      .all(id);
  const countOf = (table: 'course_consultations' | 'autobiographies' | 'course_records', studentId: string): number =>
    sqlite
      .prepare<[string], number>(
        table === 'course_consultations'
          ? `select count(*) from consultation_students p join course_consultations r on r.id = p.consultation_id
             where p.student_id = ? and r.deleted_at is null`
          : `select count(*) from ${table} where student_id = ? and deleted_at is null`,
      )
      .pluck()
      .get(studentId)!;

  const requireIdentities = (studentNumbers: readonly string[]) => {
    if (studentNumbers.length === 0) return;
    throw new ApplicationError(
      'transferOut.noIdentity',
      `學號 ${studentNumbers.join('、')} 沒有身分證統一編號或居留證統一證號，無法產生轉學檔案。請先於校務行政系統補登並同步後再試一次。`,
      { studentNumbers },
    );
  };

  return {
    ...grid,
    preview: ({ studentIds }) => ({
      students: Array.from(eachLeaver(sqlite, studentIds), ({ id, name, studentNumber, identity, portfolio }) => {
        const files = [...filesOf([portfolio]).values()];
        return {
          id,
          name,
          studentNumber,
          identity,
          counts: {
            learningOutcomes: portfolio.outcomes.length,
            performances: Object.fromEntries(
              performanceCategories.map(({ category }) => [
                String(category),
                portfolio.performances.filter((record) => record.category === category).length,
              ]),
            ),
            cadres: portfolio.cadres.length,
            consultations: countOf('course_consultations', id),
            autobiographies: countOf('autobiographies', id),
            courseRecords: countOf('course_records', id),
          },
          files: files.length,
          bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
          filesToFetch: files.filter(({ sha256 }) => !attachments.has(sha256)).length,
        };
      }),
    }),

    produce: async ({ studentIds, oneFile, format }, { signal, report, accountName }) => {
      const ids: string[] = [];
      const withoutIdentity: string[] = [];
      const toFetch = new Set<string>();
      for (const { id, identity, studentNumber, portfolio } of eachLeaver(sqlite, studentIds)) {
        ids.push(id);
        if (!identity) withoutIdentity.push(studentNumber);
        for (const sha256 of filesOf([portfolio]).keys()) if (!attachments.has(sha256)) toFetch.add(sha256);
      }
      requireIdentities(withoutIdentity);
      const missing = [...toFetch];
      if (missing.length > 0) {
        report({ step: '下載附件', done: 0, total: missing.length, unit: '件' });
        await sync.fetchFiles(missing, { signal, onProgress: (done, total) => report({ step: '下載附件', done, total, unit: '件' }) });
      }
      const code = settings.get('school.code') ?? '';
      const groups = oneFile ? [ids] : ids.map((id) => [id]);
      const files = groups.map((group) => {
        const name = transferName(code, foundation.clock.now(), taken);
        reserved.add(name);
        return { name, studentIds: group };
      });
      try {
        const input: ProduceInput = { files, format, school: { code, name: settings.get('school.name') ?? '' }, accountName };
        const made = await foundation.tasks.run<ProducedFile[]>('transferOut.produce', input, { signal, onProgress: report });
        foundation.changed('transferOut', 'transferCases');
        return { files: made };
      } finally {
        for (const { name } of files) reserved.delete(name);
      }
    },

    fileInformation: ({ id }) => {
      const { encryptedPassword, ...file } = keptFile(id);
      return { ...file, md5: groupMd5(file.md5), password: passwordOf({ encryptedPassword }), studentIds: studentsOf(id) };
    },

    printHandover: async ({ id }) => ({ ...(await printer.sheet(keptFile(id))), studentIds: studentsOf(id) }),

    printPassword: async ({ id }) => {
      const file = keptFile(id);
      return { ...(await printer.password(file, passwordOf(file))), studentIds: studentsOf(id) };
    },

    download: ({ id }) => {
      const { fileName } = keptFile(id);
      const path = join(directory.transfers, fileName);
      if (!existsSync(path)) {
        throw new ApplicationError('transferOut.fileGone', '檔案已不在本機，請重新產生匯出檔案。', { id });
      }
      return { file: foundation.files.offer(path, fileName, 'application/zip', false), studentIds: studentsOf(id) };
    },

    remove: async ({ id }, { accountName }) => {
      const { fileName } = keptFile(id);
      // The file first: a record whose file is gone says so, a file without a record would be forgotten.
      await rm(join(directory.transfers, fileName), { force: true });
      await foundation.write(() => {
        fileRemoved(sqlite, id, { at: foundation.clock.now().toISOString(), accountName });
        sqlite.prepare('delete from transfer_out_files where id = ?').run(id);
      });
      foundation.changed('transferOut', 'transferCases');
      return { done: true };
    },
  };
}
