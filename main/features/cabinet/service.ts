import type { FeatureServices } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { cabinet } from './contract.ts';
import { readCabinet } from './queries.ts';

const tables = { outcome: 'learning_outcomes', performance: 'diverse_performances', autobiography: 'autobiographies' } as const;

interface RecordFile {
  studentId: string;
  sha256: string | null;
  name: string | null;
  mediaType: string | null;
}

/** 學習歷程檔案櫃 (manual §3.5, §3.8). */
export function cabinetHandlers({ connection, attachments, files, sync }: FeatureServices): Handlers<typeof cabinet> {
  const { sqlite } = connection;
  return {
    read: (whose) => readCabinet(connection, whose),
    revealIdentity: ({ studentId }) => {
      const row = sqlite
        .prepare<[string], { identity: string | null }>('select identity from students where id = ? and deleted_at is null')
        .get(studentId);
      if (!row) throw new ApplicationError('student.unknown', '找不到這位學生，請重新整理後再試。');
      return row;
    },
    openFile: async ({ kind, recordId, slot }, { signal, report }) => {
      const found = sqlite
        .prepare<[string], RecordFile>(
          `select r.student_id as studentId, r.${slot}_sha256 as sha256, r.${slot}_name as name, a.media_type as mediaType
           from ${tables[kind]} r left join attachments a on a.sha256 = r.${slot}_sha256 where r.id = ? and r.deleted_at is null`,
        )
        .get(recordId);
      if (!found?.sha256 || !found.mediaType) throw new ApplicationError('cabinet.noFile', '這筆紀錄沒有檔案，請重新整理後再試。');
      const { sha256, studentId, mediaType } = found;
      await sync.fetchFiles([sha256], {
        signal,
        onProgress: (done, total) => report({ step: '向市級系統取得檔案', done, total, unit: '件' }),
      });
      // Once whole, so that what is shown afterwards piece by piece is what the student handed in.
      const { byteLength } = attachments.read(sha256);
      const content = { bytes: byteLength, read: (start: number, length: number) => attachments.slice(sha256, start, length) };
      return { file: files.offerContent(content, found.name ?? sha256, mediaType), studentId };
    },
  };
}
