import { randomUUID } from 'node:crypto';
import type { SqliteConnection } from '../../../db/sqlite.ts';
import { auditLog } from '../../application/audit-log.ts';
import { struckOut } from '../../application/audit-words.ts';
import { purgedStudents } from '../../application/purged-students.ts';
import { schoolSettings } from '../../application/school-settings.ts';
import type { Task, TaskContext } from '../../application/task-context.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { OutputOf } from '../contract.ts';
import type { PurgeCounts } from './contract.ts';
import { purgeable } from './leavers.ts';
import { countLeaving, deleteLeaving, findLeaving } from './leaving.ts';
import { removeRemains } from './removal.ts';

export interface PurgeInput {
  studentIds: readonly string[];
  /** They must have left before this day, ISO. */
  leftBefore: string;
  keptYears: number;
  reason: string;
  accountName: string;
  callId: string | null;
  /**
   * The purge that deleted them before, where a restored backup brought them back: then the office has decided already, and the years do not count.
   */
  again?: true;
}

type Purged = OutputOf<'retention.purge'>;

/** Purges leavers: rows, the list that keeps them away, and the audit entry in one transaction; then the bytes of their files. */
export const run: Task<PurgeInput, Purged> = async (input, context) => {
  const connection = context.openWriter();
  const { sqlite } = connection;
  // What is deleted is overwritten, not only let go of.
  sqlite.pragma('secure_delete=ON');
  context.report({ step: '清除資料', done: 0, total: input.studentIds.length, unit: '人' });
  const purged = await context.withWriteLease(() => sqlite.transaction(() => purge(connection, input, context)).immediate());
  context.report({ step: '刪除檔案', done: 0, total: 0, unit: '件' });
  const attachments = context.openAttachments('write');
  await removeRemains({ sqlite, attachments, directory: context.directory, write: (change) => context.withWriteLease(change) });
  return purged;
};

function purge(connection: SqliteConnection, input: PurgeInput, { clock, masterKey }: TaskContext): Purged {
  const { sqlite } = connection;
  const { studentIds, leftBefore, again } = input;
  if (!again) {
    const allowed = new Set(purgeable(sqlite, leftBefore));
    const refused = studentIds.filter((id) => !allowed.has(id)).length;
    if (refused > 0) {
      throw new ApplicationError(
        'retention.notDue',
        `有 ${refused} 位學生還在保存期限內、又在學，或有未送出的變更，沒有清除任何資料。請重新整理後再選一次。`,
        { students: refused },
      );
    }
  }
  const at = clock.now().toISOString();
  findLeaving(sqlite, studentIds, new Date(`${leftBefore}T00:00:00+08:00`).toISOString());
  const counts = countLeaving(sqlite);
  if (counts.students === 0) throw new ApplicationError('retention.nobody', '沒有可以清除的學生，請重新整理後再選一次。');
  const entry = entryOf(connection, input, counts);
  const id = keepPurge(connection, input, counts, masterKey, at);
  schoolSettings(connection).set('retention.purging', true);
  deleteLeaving(sqlite, at);
  sqlite.prepare("delete from school_settings where key = 'retention.purging'").run();
  const log = auditLog(sqlite);
  if (input.callId !== null) log.endCall(input.callId);
  log.append(entry, at);
  return { id, students: counts.students, counts };
}

/** What is told of it, while the names are still here to be struck out of the reason. */
function entryOf({ sqlite }: SqliteConnection, { studentIds, reason, keptYears, accountName, again }: PurgeInput, counts: PurgeCounts) {
  const { students, attachments, transferFiles, workbooks, ...rows } = counts;
  const records = Object.values(rows).reduce((sum, each) => sum + each, 0);
  const what = `${students} 位離校學生的 ${records} 筆資料、${attachments + transferFiles + workbooks} 個檔案`;
  return {
    accountName,
    operation: 'retention.purge',
    action: 'purge',
    module: 'S0226S',
    summary: again
      ? `還原的備份帶回先前清除的學生，再次清除 ${what}`
      : struckOut(sqlite, `清除 ${what}；離校後保存 ${keptYears} 學年；原因：${reason}`, studentIds),
    studentIds,
    studentCount: students,
    outcome: 'done',
  };
}

/** The purge itself, with its counts, and who is kept away from now on. One done again is the earlier one's. */
function keepPurge({ sqlite }: SqliteConnection, input: PurgeInput, counts: PurgeCounts, masterKey: Uint8Array, at: string): string {
  const { studentIds, keptYears, reason, accountName, again } = input;
  const id = randomUUID();
  if (again) return id;
  sqlite
    .prepare(
      'insert into leaver_purges (id, created_at, created_by, reason, kept_years, student_count, counts) values (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(id, at, accountName, struckOut(sqlite, reason, studentIds), keptYears, counts.students, JSON.stringify(counts));
  const purged = purgedStudents(sqlite, masterKey);
  const keepAway = sqlite.prepare('insert or ignore into purged_students (id_hash, leaver_purge_id) values (?, ?)');
  for (const studentId of studentIds) keepAway.run(purged.hashOf(studentId), id);
  return id;
}
