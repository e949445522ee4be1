import type { z } from 'zod';
import type { Sqlite } from '../../../db/connection.ts';
import { schoolName } from '../../../db/school-name.ts';
import { taipeiDay } from '../../../domain/roc-date.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { importAtCity, transferIn, treatedRecord } from './contract.ts';

type Details = z.input<(typeof transferIn)['operations']['details']['output']>;
type Treated = z.output<typeof treatedRecord>;

interface StudentRow {
  position: number;
  nationalId: string;
  name: string;
  studentId: string | null;
  completed: number;
  counts: string;
  messages: string;
  undoneAt: string | null;
  undoneBy: string | null;
  /** Records that it wrote of the student. */
  written: number;
}

type ImportRow = Pick<
  Details,
  'fileName' | 'bytes' | 'md5' | 'md5WaivedReason' | 'senderSchoolCode' | 'senderSchoolName' | 'createdAt' | 'createdBy'
>;

/**
 * 明細 of one import.
 * @throws transferIn.unknown
 */
export function readDetails(sqlite: Sqlite, id: string, now: Date): Details {
  const kept = sqlite
    .prepare<[string], ImportRow>(
      `select file_name as fileName, bytes, md5, md5_waived_reason as md5WaivedReason, sender_school_code as senderSchoolCode,
         ${schoolName('sender_school_code')} as senderSchoolName, created_at as createdAt, created_by as createdBy
       from transfer_ins where id = ?`,
    )
    .get(id);
  if (!kept) throw new ApplicationError('transferIn.unknown', '找不到這筆匯入紀錄，請重新整理後再試一次。', { id });
  const students = sqlite
    .prepare<[string], StudentRow>(
      `select position, identity as nationalId, name, student_id as studentId, completed, counts, messages, undone_at as undoneAt,
         undone_by as undoneBy, (select count(*) from transfer_in_records r
           where r.transfer_in_id = s.transfer_in_id and r.position = s.position and r.change_key is not null) as written
       from transfer_in_students s where transfer_in_id = ? order by position`,
    )
    .all(id);
  const treated = treatedRecords(sqlite, id);
  return {
    ...kept,
    atCity: atCity(sqlite, id),
    undoable:
      taipeiDay(new Date(kept.createdAt)) === taipeiDay(now) && students.some(({ undoneAt, written }) => undoneAt === null && written > 0),
    students: students.map(({ position, completed, counts, messages, written: _written, ...student }) => ({
      ...student,
      position,
      completed: completed === 1,
      ...(JSON.parse(counts) as Pick<Details['students'][number], 'added' | 'unchanged' | 'conflicts' | 'problems'>),
      messages: JSON.parse(messages) as string[],
      treated: treated.get(position) ?? [],
    })),
  };
}

/** What was chosen where a record was here with other content, by the student's position in the file. */
function treatedRecords(sqlite: Sqlite, id: string): Map<number, Treated[]> {
  const byPosition = new Map<number, Treated[]>();
  const rows = sqlite
    .prepare<[string], Treated & { position: number }>(
      `select position, section, title, treatment from transfer_in_records where transfer_in_id = ? and treatment <> 'added' order by ordinal`,
    )
    .all(id);
  for (const { position, ...record } of rows) byPosition.set(position, [...(byPosition.get(position) ?? []), record]);
  return byPosition;
}

/** How far what the import wrote has come: by the newest change of each record, which may be the office's answer to the city. */
function atCity(sqlite: Sqlite, id: string): z.output<typeof importAtCity> {
  const rows = sqlite
    .prepare<[string], { state: string; records: number }>(
      `select (select o.state from outbox o where o.resource = r.resource and o.record_id = r.record_id order by o.sequence desc limit 1) as state,
         count(*) as records
       from transfer_in_records r where r.transfer_in_id = ? and r.change_key is not null group by 1`,
    )
    .all(id);
  const count = (...states: string[]) => rows.filter(({ state }) => states.includes(state)).reduce((sum, { records }) => sum + records, 0);
  const filesWaiting = sqlite
    .prepare<[string], number>(
      `select count(distinct f.sha256) from transfer_in_records r
         join outbox told on told.idempotency_key = r.change_key
         join file_outbox f on f.sha256 in (json_extract(told.data, '$.document.sha256'), json_extract(told.data, '$.media.sha256'))
       where r.transfer_in_id = ?`,
    )
    .pluck()
    .get(id)!;
  return {
    accepted: count('accepted'),
    waiting: count('waiting'),
    disputed: count('conflict', 'refused'),
    withdrawn: count('withdrawn'),
    filesWaiting,
  };
}
