import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sqlite } from '../../../db/connection.ts';
import type { SubmissionWay } from '../../../domain/submission.ts';
import { workbookMediaType } from '../../application/grid-handlers.ts';
import type { Task, TaskContext } from '../../application/task-context.ts';
import type { StoredFile } from '../../platform/attachment-store.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { RosterScope } from './contract.ts';
import { type Roster, rosterOf } from './layouts.ts';
import { type RosterRow, rosterHash, rosterRows } from './roster-rows.ts';
import type { RosterSchool } from './roster-sources.ts';
import { rosterFileName, writeRosterWorkbook } from './roster-workbook.ts';

export interface ProduceRosterInput {
  scope: RosterScope;
  school: RosterSchool;
  precheckId: string;
  confirmWarnings: boolean;
  way: SubmissionWay;
  accountName: string;
  /** Status text that 提交紀錄 shows of an upload by hand until its answer is entered. */
  waitingText: string;
}

export interface ProducedRoster {
  sentRosterId: string;
  /** Of an upload by hand: its line in 提交紀錄. */
  submissionId: string | null;
  idempotencyKey: string;
  sha256: string;
  fileName: string;
  rosterName: string;
  rosterCode: string;
  rows: number;
  students: number;
}

interface CheckedBefore {
  errors: number;
  warnings: number;
  contentHash: string;
  sentRosterId: string | null;
}

const notChecked = () =>
  new ApplicationError('submissions.notChecked', '名冊在預檢之後有變動，或還沒有預檢。請再預檢一次，確認結果後再提交。');

/** @throws `submissions.notChecked`, `submissions.findings`, `submissions.warnings` */
function requireChecked(
  sqlite: Sqlite,
  { kind, academicYear, semester, batch, division }: RosterScope,
  id: string,
  confirmed: boolean,
): CheckedBefore {
  const precheck = sqlite
    .prepare<unknown[], CheckedBefore>(
      `select error_count as errors, warning_count as warnings, content_hash as contentHash, sent_roster_id as sentRosterId from prechecks
       where id = ? and kind = ? and academic_year = ? and semester = ? and batch = ? and division = ?`,
    )
    .get(id, kind, academicYear, semester, batch, division);
  if (!precheck) throw notChecked();
  const { errors, warnings } = precheck;
  if (errors > 0) {
    throw new ApplicationError('submissions.findings', `預檢還有 ${errors} 項錯誤，請先處理後再預檢一次。`, {
      errors,
      warnings,
      precheckId: id,
    });
  }
  if (warnings > 0 && !confirmed) {
    throw new ApplicationError('submissions.warnings', `預檢有 ${warnings} 項提醒，請逐項確認後再提交。`, { warnings, precheckId: id });
  }
  return precheck;
}

interface KeptRow {
  sheet: string;
  rowNumber: number;
  studentId: string;
  recordId: string;
  cells: string;
}

const keptRow = ({ sheet, rowNumber, record, cells }: RosterRow): KeptRow => ({
  sheet: sheet.name,
  rowNumber,
  studentId: String(record.studentId),
  recordId: String(record.recordId),
  cells: JSON.stringify(cells),
});

/**
 * Makes the workbook that is handed in and keeps it with its rows, once and for all: the rows must be those that were checked, to the cell. A roster that was
 * made before but never reached the city is taken up again instead, with its key, so that the city takes it once.
 */
export const run: Task<ProduceRosterInput, ProducedRoster> = async (input, context) => {
  const { scope, school, precheckId } = input;
  const { sqlite } = context.openReader();
  const precheck = requireChecked(sqlite, scope, precheckId, input.confirmWarnings);
  const roster = rosterOf(scope);
  const folder = context.directory.makeWorkFolder('roster');
  try {
    const path = join(folder, 'roster.xlsx');
    const hash = rosterHash(roster);
    const rows: KeptRow[] = [];
    sqlite.exec('begin');
    try {
      await writeRosterWorkbook(path, roster, school, rosterRows(sqlite, roster, school, 'written'), {
        signal: context.signal,
        onRow: (row) => {
          hash.add(row);
          rows.push(keptRow(row));
        },
        onProgress: (done) => context.report({ step: '製作名冊', done, total: 0, unit: '項' }),
      });
    } finally {
      sqlite.exec('rollback');
    }
    const contentHash = hash.digest();
    if (contentHash !== precheck.contentHash) throw notChecked();
    const content = await readFile(path);
    context.signal.throwIfAborted();
    const made = { roster, contentHash, rows, students: new Set(rows.map(({ studentId }) => studentId)).size };
    return await context.withWriteLease(() => keep(context, input, made, content));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

interface MadeRoster {
  roster: Roster;
  contentHash: string;
  rows: readonly KeptRow[];
  students: number;
}

function keep(context: TaskContext, input: ProduceRosterInput, made: MadeRoster, content: Buffer): ProducedRoster {
  const { sqlite } = context.openWriter();
  const { accountName, precheckId, way } = input;
  const { roster, contentHash } = made;
  const { kind, academicYear, semester, batch, division } = roster.scope;
  const at = context.clock.now().toISOString();
  const bind = (sentRosterId: string) =>
    sqlite
      .prepare(
        `update prechecks set sent_roster_id = ?, confirmed_by = case when warning_count > 0 then ? end, confirmed_at = case when warning_count > 0 then ? end
         where id = ?`,
      )
      .run(sentRosterId, accountName, at, precheckId);

  const unfinished = way === 'city' ? unfinishedRoster(sqlite, roster, contentHash) : undefined;
  if (unfinished) {
    bind(unfinished.sentRosterId);
    return { ...unfinished, submissionId: null, rows: made.rows.length, students: made.students };
  }
  const stored = context.openAttachments('write').put(content);
  return sqlite
    .transaction((): ProducedRoster => {
      knowFile(sqlite, stored);
      const sentRosterId = randomUUID();
      const idempotencyKey = randomUUID();
      const fileName = rosterFileName(roster, input.school.code);
      sqlite
        .prepare(
          `insert into sent_rosters (id, kind, academic_year, semester, batch, division, roster_code, roster_name, layout_year, way, created_at, created_by,
             file_name, sha256, row_count, student_count, content_hash, idempotency_key)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          sentRosterId,
          kind,
          academicYear,
          semester,
          batch,
          division,
          roster.code,
          roster.name,
          roster.layoutYear,
          way,
          at,
          accountName,
          fileName,
          stored.sha256,
          made.rows.length,
          made.students,
          contentHash,
          idempotencyKey,
        );
      const insert = sqlite.prepare(
        'insert into sent_roster_rows (sent_roster_id, sheet, row_number, student_id, record_id, cells) values (?, ?, ?, ?, ?, ?)',
      );
      for (const { sheet, rowNumber, studentId, recordId, cells } of made.rows) {
        insert.run(sentRosterId, sheet, rowNumber, studentId, recordId, cells);
      }
      bind(sentRosterId);
      const submissionId = way === 'manual' ? noteUpload(sqlite, roster, sentRosterId, { at, accountName, text: input.waitingText }) : null;
      const { sha256 } = stored;
      const counts = { rows: made.rows.length, students: made.students };
      return { sentRosterId, submissionId, idempotencyKey, sha256, fileName, rosterName: roster.name, rosterCode: roster.code, ...counts };
    })
    .immediate();
}

/** A roster of the same rows that was kept to be handed in, and whose answer never came. */
function unfinishedRoster(
  sqlite: Sqlite,
  { scope, name, code }: Roster,
  contentHash: string,
): Pick<ProducedRoster, 'sentRosterId' | 'idempotencyKey' | 'sha256' | 'fileName' | 'rosterName' | 'rosterCode'> | undefined {
  const found = sqlite
    .prepare<unknown[], { sentRosterId: string; idempotencyKey: string; sha256: string; fileName: string }>(
      `select id as sentRosterId, idempotency_key as idempotencyKey, sha256, file_name as fileName from sent_rosters
       where kind = ? and academic_year = ? and semester = ? and batch = ? and division = ? and way = 'city' and submission_id is null and content_hash = ?
       order by created_at desc limit 1`,
    )
    .get(scope.kind, scope.academicYear, scope.semester, scope.batch, scope.division, contentHash);
  return found && { ...found, rosterName: name, rosterCode: code };
}

/** The line of 提交紀錄 of a file that is uploaded by hand. */
function noteUpload(
  sqlite: Sqlite,
  { scope, name }: Roster,
  sentRosterId: string,
  { at, accountName, text }: { at: string; accountName: string; text: string },
): string {
  const id = randomUUID();
  sqlite
    .prepare(
      `insert into submissions (id, version, kind, academic_year, semester, batch, division, way, status_text, processing_status, roster_name, submitted_by,
         submitted_at) values (?, 0, ?, ?, ?, ?, ?, 'manual', ?, 'waiting', ?, ?, ?)`,
    )
    .run(id, scope.kind, scope.academicYear, scope.semester, scope.batch, scope.division, text, name, accountName, at);
  sqlite.prepare('update sent_rosters set submission_id = ? where id = ?').run(id, sentRosterId);
  return id;
}

/** Makes a workbook of ours known among the files; it is never evicted, since the city does not keep it for us. */
function knowFile(sqlite: Sqlite, { sha256, md5, bytes }: StoredFile): void {
  sqlite
    .prepare('insert or ignore into attachments (sha256, md5, bytes, media_type, at_city) values (?, ?, ?, ?, 0)')
    .run(sha256, md5, bytes, workbookMediaType);
}
