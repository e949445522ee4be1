import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { Sqlite } from '../../../db/connection.ts';
import type { GridSource } from '../../../db/grid-query.ts';
import { fileLimit } from '../../../domain/limits.ts';
import { type FileSlot, mediaTypeOfContent, mediaTypes } from '../../../domain/media-type.ts';
import type { FeatureServices } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { parameters } from './contract.ts';

const damagedFiles = `(select id as sha256, found_at as foundAt, 'city' as origin from damaged_files where deleted_at is null
  union all select sha256, damaged_at, 'local' from attachments
  where damaged_at is not null and sha256 not in (select id from damaged_files where deleted_at is null))`;

/** Outcomes by a damaged file of one slot: from the few files to their records, by the index of the slot's hash. */
const bySlot = (slot: FileSlot) =>
  `select o.id, '${slot}' as slot, o.${slot}_name as fileName, d.sha256, d.foundAt, d.origin
   from ${damagedFiles} d cross join learning_outcomes o on o.${slot}_sha256 = d.sha256 where o.deleted_at is null`;

/** Files of outcomes that the city or the scrub found damaged; by subject. */
export const damagedSource: GridSource = {
  from: `(${bySlot('document')} union all ${bySlot('media')}) f
    join learning_outcomes o on o.id = f.id
    join students s on s.id = o.student_id
    left join enrollments e on e.student_id = s.id and e.academic_year = o.academic_year and e.semester = o.semester
    left join class_sections c on c.id = e.class_section_id`,
  columns: {
    id: "o.id || ' ' || f.slot",
    outcomeId: 'o.id',
    studentId: 's.id',
    sha256: 'f.sha256',
    slot: 'f.slot',
    subjectName: 'o.subject_name',
    term: 'o.academic_year || o.semester',
    className: 'c.name',
    seatNumber: 'e.seat_number',
    studentNumber: 's.student_number',
    studentName: 's.name',
    fileName: 'f.fileName',
    foundAt: 'f.foundAt',
    origin: 'f.origin',
  },
  sortBy: { className: 'c.sort_key, e.seat_number', subjectName: 'o.subject_name, c.sort_key, e.seat_number' },
  tieBreaker: 'o.id, f.slot',
};

/** How many files of outcomes are damaged. */
export function countDamaged(sqlite: Sqlite): number {
  return sqlite.prepare(`select count(*) from ${damagedSource.from}`).pluck().get() as number;
}

type DamagedHandlers = Pick<Handlers<typeof parameters>, 'refetch' | 'replaceFile'>;

/** 重新取得 and 更換檔案 (manual §3.2.7). */
export function damagedFileHandlers({
  connection: { sqlite },
  attachments,
  files,
  sync,
  writeGate,
  changed,
}: FeatureServices): DamagedHandlers {
  const isWhole = (sha256: string): boolean => {
    try {
      return attachments.has(sha256) && attachments.read(sha256).byteLength >= 0;
    } catch (error) {
      // Rot shows as other bytes or as a chunk that is not there.
      if (error instanceof ApplicationError && error.code.startsWith('attachment.')) return false;
      throw error;
    }
  };
  const forget = sqlite.prepare('update attachments set damaged_at = null where sha256 = ?');
  const unsend = sqlite.prepare('update attachments set at_city = 0 where sha256 = ?');

  return {
    refetch: async ({ sha256s }, { accountName, signal, report }) => {
      let mended = 0;
      let failed = 0;
      let firstFailure: unknown;
      for (const [index, sha256] of [...new Set(sha256s)].entries()) {
        signal.throwIfAborted();
        report({ step: '重新取得檔案', done: index, total: sha256s.length, unit: '件' });
        try {
          const whole = isWhole(sha256);
          if (!whole) {
            await writeGate.run(() => attachments.remove(sha256));
            await sync.fetchFiles([sha256], { signal });
          }
          await sync.changeShared(accountName, (records) => {
            forget.run(sha256);
            if (records.read('damaged-files', sha256)) {
              // What is whole here and broken there goes to the city again.
              if (whole) {
                unsend.run(sha256);
                records.sendFile(sha256);
              }
              records.remove('damaged-files', sha256);
            }
          });
          mended += 1;
        } catch (error) {
          if (signal.aborted) throw error;
          failed += 1;
          firstFailure ??= error;
        }
      }
      changed('parameters', 'dashboard', 'cabinet');
      if (mended === 0 && firstFailure) throw firstFailure;
      return { mended, failed };
    },
    replaceFile: async ({ outcomeId, slot, file }, { accountName }) => {
      const { path, name } = files.incomingPath(file.token);
      const year = sqlite
        .prepare<[string], number>('select academic_year from learning_outcomes where id = ? and deleted_at is null')
        .pluck()
        .get(outcomeId);
      if (year === undefined) {
        throw new ApplicationError('parameters.outcomeUnknown', '這筆學習成果已經不在了，請重新整理後再試。', { outcomeId });
      }
      const content = await checkedFile(path, slot, year);
      const { sha256, md5, bytes } = await writeGate.run(() => attachments.put(content));
      const mediaType = mediaTypeOfContent(content)!;
      const studentId = await sync.changeShared(accountName, (records) => {
        const { version: _version, deleted: _deleted, ...draft } = records.read('outcomes', outcomeId)!;
        const before = draft[slot]?.sha256;
        records.save('outcomes', { ...draft, [slot]: { sha256, md5, bytes, mediaType, name } });
        records.sendFile(sha256);
        if (before) records.remove('damaged-files', before);
        return draft.studentId;
      });
      await files.release(file.token);
      changed('parameters', 'dashboard', 'cabinet');
      return { studentId };
    },
  };
}

/** The file's bytes, when it is of a kind and size that an outcome of that year may have. */
async function checkedFile(path: string, slot: FileSlot, academicYear: number): Promise<Buffer> {
  const limit = fileLimit(slot, academicYear);
  if ((await stat(path)).size > limit) {
    throw new ApplicationError('parameters.fileTooBig', `檔案超過 ${limit / 1024 / 1024} MB，請學生縮小後再更換。`, { limit });
  }
  const content = await readFile(path);
  const kind = mediaTypeOfContent(content);
  if (!kind || mediaTypes[kind].slot !== slot) {
    const wanted = slot === 'document' ? 'PDF、JPG 或 PNG' : 'MP3 或 MP4';
    throw new ApplicationError('parameters.fileKind', `檔案內容要是 ${wanted}，請確認檔案沒有損壞、也沒有改過副檔名。`, {
      sha256: createHash('sha256').update(content).digest('hex'),
    });
  }
  return content;
}
