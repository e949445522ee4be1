import type { Sqlite } from '../../../db/connection.ts';
import type { TransferEventKind } from '../../../domain/transfer-case.ts';

/**
 * What making, deleting, importing and taking back transfer files does to the cases of their students. Called inside the transaction that
 * does it, so that a case never says what is not so.
 */

/** Who did it and when (UTC, ISO). */
export interface Doing {
  at: string;
  accountName: string;
}

/** Writes the history. @returns the prepared writer of one event */
export function eventWriter(
  sqlite: Sqlite,
): (caseId: string, doing: Doing, kind: TransferEventKind, details: Record<string, unknown>) => void {
  const insert = sqlite.prepare(
    'insert into transfer_case_events (transfer_case_id, at, recorded_by, kind, details) values (?, ?, ?, ?, ?)',
  );
  return (caseId, { at, accountName }, kind, details) => {
    insert.run(caseId, at, accountName, kind, JSON.stringify(details));
  };
}

/** Lets a leaver's case show its newest file; not once one was handed over, which it then shows. */
function newestFileShower(sqlite: Sqlite): (caseId: string) => void {
  const show = sqlite.prepare(
    `update transfer_cases set (transfer_out_file_id, file_name, file_made_at) = (
       select f.id, f.file_name, f.created_at from transfer_out_students t join transfer_out_files f on f.id = t.transfer_out_file_id
       where t.transfer_case_id = transfer_cases.id order by f.created_at desc, f.file_name desc limit 1)
     where id = ? and handed_over_on is null`,
  );
  return (caseId) => {
    show.run(caseId);
  };
}

/**
 * A transfer file was made; call once for each of its students, after its rows are there. Who has not left yet gets no case by it: the file
 * joins the case that the register brings (migration 0004). A case that nothing was to be done for is taken up again.
 */
export function fileMade(sqlite: Sqlite, doing: Doing): (file: { id: string; fileName: string; md5: string }, studentId: string) => void {
  const find = sqlite.prepare<[string], { id: string; outcome: string | null }>(
    `select k.id, k.outcome from current_transfer_cases k join students s on s.id = k.student_id
     where k.student_id = ? and k.direction = 'out' and s.status = 'transferredOut'`,
  );
  const link = sqlite.prepare('update transfer_out_students set transfer_case_id = ? where transfer_out_file_id = ? and student_id = ?');
  const reopen = sqlite.prepare('update transfer_cases set finished_at = null, outcome = null, unneeded_reason = null where id = ?');
  const showNewest = newestFileShower(sqlite);
  const record = eventWriter(sqlite);
  return ({ id, fileName, md5 }, studentId) => {
    const found = find.get(studentId);
    if (!found) return;
    link.run(found.id, id, studentId);
    record(found.id, doing, 'fileMade', { fileName, md5 });
    if (found.outcome === 'unneeded') {
      reopen.run(found.id);
      record(found.id, doing, 'reopened', {});
    }
    showNewest(found.id);
  };
}

/**
 * A transfer file is going to be deleted; call before its row goes. What it was made for and not handed over is without it, or with the one
 * before, again; what was handed over stays so, since the other school has it.
 */
export function fileRemoved(sqlite: Sqlite, fileId: string, doing: Doing): void {
  const cases = sqlite
    .prepare<[string], { id: string; fileName: string }>(
      `select t.transfer_case_id as id, f.file_name as fileName
       from transfer_out_students t join transfer_out_files f on f.id = t.transfer_out_file_id
       where t.transfer_out_file_id = ? and t.transfer_case_id is not null`,
    )
    .all(fileId);
  const unlink = sqlite.prepare('update transfer_out_students set transfer_case_id = null where transfer_out_file_id = ?');
  const record = eventWriter(sqlite);
  const showNewest = newestFileShower(sqlite);
  unlink.run(fileId);
  for (const { id, fileName } of cases) {
    record(id, doing, 'fileRemoved', { fileName });
    showNewest(id);
  }
}

/** An import completed a student. His newest arrival is finished by it, also one that nothing was thought to come for. */
export function importCompleted(sqlite: Sqlite, doing: Doing): (imported: { id: string; fileName: string }, studentId: string) => void {
  const find = sqlite
    .prepare<[string], string>(
      `select id from current_transfer_cases
       where student_id = ? and direction = 'in' and (outcome is null or outcome = 'unneeded')`,
    )
    .pluck();
  const finish = sqlite.prepare(
    "update transfer_cases set finished_at = ?, outcome = 'imported', unneeded_reason = null, transfer_in_id = ? where id = ?",
  );
  const record = eventWriter(sqlite);
  return ({ id, fileName }, studentId) => {
    const caseId = find.get(studentId);
    if (caseId === undefined) return;
    finish.run(doing.at, id, caseId);
    record(caseId, doing, 'imported', { fileName });
  };
}

/**
 * An import was taken back, of all its students or of one. A case that it finished is open again as it was before, or, where another import
 * completed the same student (`transfer_in_students.completed`), stands on that one.
 */
export function importUndone(
  sqlite: Sqlite,
  { transferInId, studentId }: { transferInId: string; studentId?: string },
  doing: Doing,
): void {
  const cases = sqlite
    .prepare<[object], { id: string; studentId: string; fileName: string }>(
      `select k.id, k.student_id as studentId, i.file_name as fileName from transfer_cases k join transfer_ins i on i.id = k.transfer_in_id
       where k.transfer_in_id = @transferInId and k.outcome = 'imported' and (@studentId is null or k.student_id = @studentId)`,
    )
    .all({ transferInId, studentId: studentId ?? null });
  const another = sqlite.prepare<[string, string], { id: string; createdAt: string }>(
    `select i.id, i.created_at as createdAt from transfer_in_students t join transfer_ins i on i.id = t.transfer_in_id
     where t.student_id = ? and t.completed = 1 and i.id <> ?
       and not exists (select 1 from transfer_cases k where k.transfer_in_id = i.id and k.student_id = t.student_id)
     order by i.created_at desc limit 1`,
  );
  const stand = sqlite.prepare('update transfer_cases set transfer_in_id = ?, finished_at = ? where id = ?');
  const reopen = sqlite.prepare('update transfer_cases set transfer_in_id = null, finished_at = null, outcome = null where id = ?');
  const record = eventWriter(sqlite);
  for (const { id, studentId: whose, fileName } of cases) {
    const other = another.get(whose, transferInId);
    if (other) stand.run(other.id, other.createdAt, id);
    else reopen.run(id);
    record(id, doing, 'importUndone', { fileName });
  }
}
