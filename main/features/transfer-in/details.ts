import type { z } from 'zod';
import type { Sqlite } from '../../../db/connection.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { transferIn, treatedRecord } from './contract.ts';

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
}

/**
 * 明細 of one import.
 * @throws transferIn.unknown
 */
export function readDetails(sqlite: Sqlite, id: string): Details {
  const kept = sqlite
    .prepare<[string], { fileName: string; createdAt: string }>(
      'select file_name as fileName, created_at as createdAt from transfer_ins where id = ?',
    )
    .get(id);
  if (!kept) throw new ApplicationError('transferIn.unknown', '找不到這筆匯入紀錄，請重新整理後再試一次。', { id });
  const students = sqlite
    .prepare<[string], StudentRow>(
      `select position, identity as nationalId, name, student_id as studentId, completed, counts, messages
       from transfer_in_students where transfer_in_id = ? order by position`,
    )
    .all(id);
  const treated = treatedRecords(sqlite, id);
  return {
    ...kept,
    students: students.map(({ position, completed, counts, messages, ...student }) => ({
      ...student,
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
