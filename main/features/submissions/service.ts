import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { queryGrid } from '../../../db/grid-query.ts';
import { readStatusText } from '../../../domain/submission.ts';
import type { OutgoingFile } from '../../application/contract.ts';
import type { FeatureServices } from '../../application/foundation.ts';
import type { GridQuery } from '../../application/grid-contract.ts';
import { gridHandlers, workbookMediaType } from '../../application/grid-handlers.ts';
import { requireUnpurged } from '../../application/purged-files.ts';
import type { CallContext, Handlers } from '../../application/router.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { ReadAnswerInput, ReadAnswerResult } from './answer-task.ts';
import type { CheckResult } from './check-task.ts';
import {
  answerRowGrid,
  differenceGrid,
  findingGrid,
  type Precheck,
  type RosterScope,
  submissionGrid,
  type submissions,
} from './contract.ts';
import type { ExportRosterInput } from './export-task.ts';
import { batchName, type RosterSheet, rosterOf } from './layouts.ts';
import {
  answerRowSource,
  archivedAt,
  currentRoster,
  differenceSource,
  findingSource,
  lastSubmission,
  latestPrecheck,
  readPrecheck,
  requirePrecheck,
  requireSubmission,
  rosterChoices,
  rosterGrid,
  sentRosterOf,
  sheetColumns,
  submissionSource,
  windowOf,
} from './queries.ts';
import { unverifiedFiles } from './roster-files.ts';
import { countSheet, countStudents, type RosterSchool, sheetSource } from './roster-sources.ts';
import { rosterFileName } from './roster-workbook.ts';
import { createSending } from './sending.ts';

export { countUnsettled } from './queries.ts';

type RosterInput = z.output<(typeof submissions)['operations']['roster']['input']>;
type OfPrecheck = GridQuery & { kind: RosterScope['kind']; precheckId: string };
type OfSubmission = GridQuery & { kind: RosterScope['kind']; submissionId: string };

/** The scope alone, out of an input that holds more. */
const scopeOf = ({ kind, academicYear, semester, batch, division }: RosterScope): RosterScope => ({
  kind,
  academicYear,
  semester,
  batch,
  division,
});

/** 提交多元表現, 學習成果, 校內幹部經歷至中央資料庫 (manual §3.6, §3.9, §3.14). */
export function submissionsHandlers(services: FeatureServices): Handlers<typeof submissions> {
  const { foundation, connection, clock, settings, sync, tasks, directory, files, attachments, write, changed } = services;
  const { sqlite } = connection;
  const school = (): RosterSchool => ({
    code: settings.get('school.code') ?? '',
    name: settings.get('school.name') ?? '',
    fileLinks: settings.get('city.fileLinks') ?? null,
  });
  const sheetOf = (scope: RosterScope, name: string): RosterSheet => {
    const sheet = rosterOf(scope).sheets.find((each) => each.name === name);
    if (!sheet) throw new ApplicationError('submissions.noSheet', '這份名冊沒有這個工作表，請重新整理後再試一次。', { sheet: name });
    return sheet;
  };

  /** Files that the roster points at and that are not here are fetched; the city being out of reach leaves them unchecked, no more. @returns those it does not have */
  const fetchRosterFiles = async (scope: RosterScope, { signal, report }: CallContext): Promise<readonly string[]> => {
    const wanted = unverifiedFiles(sqlite, rosterOf(scope), school(), clock.now()).filter(({ sha256 }) => !attachments.has(sha256));
    if (wanted.length === 0) return [];
    report({ step: '下載附件', done: 0, total: wanted.length, unit: '件' });
    try {
      return await sync.fetchFilesThere(
        wanted.map(({ sha256 }) => sha256),
        { signal, onProgress: (done, total) => report({ step: '下載附件', done, total, unit: '件' }) },
      );
    } catch (error) {
      if (signal.aborted || !(error instanceof ApplicationError) || !error.code.startsWith('sync.')) throw error;
      services.log.warn('files of a roster stay unchecked', { code: error.code });
      return [];
    }
  };

  const check = async (scope: RosterScope, context: CallContext): Promise<Precheck> => {
    const { signal, report, accountName } = context;
    const missingFiles = await fetchRosterFiles(scope, context);
    const { precheckId } = await tasks.run<CheckResult>(
      'submissions.check',
      { scope, school: school(), missingFiles, accountName },
      { signal, onProgress: report },
    );
    changed('submissions');
    return readPrecheck(sqlite, precheckId);
  };

  const findings = gridHandlers(foundation, findingGrid, ({ kind, precheckId }: OfPrecheck) => {
    requirePrecheck(sqlite, kind, precheckId);
    return findingSource(precheckId);
  });
  const differences = gridHandlers(foundation, differenceGrid, ({ kind, precheckId }: OfPrecheck) => {
    requirePrecheck(sqlite, kind, precheckId);
    return differenceSource(precheckId);
  });
  const answerRows = gridHandlers(foundation, answerRowGrid, ({ kind, submissionId }: OfSubmission) => {
    requireSubmission(sqlite, kind, submissionId);
    return answerRowSource(submissionId);
  });

  return {
    ...gridHandlers(foundation, submissionGrid, ({ kind }: GridQuery & { kind: RosterScope['kind'] }) => submissionSource(kind)),
    choices: ({ kind }) => ({ rosters: rosterChoices(sqlite, kind), current: currentRoster(sqlite, kind, clock.now()) }),
    overview: (input) => {
      const scope = scopeOf(input);
      const roster = rosterOf(scope);
      const sources = roster.sheets.map((sheet) => sheetSource(roster, sheet, school()));
      const sheets = roster.sheets.map(({ name }, index) => ({ name, rows: countSheet(sqlite, sources[index]!) }));
      const last = lastSubmission(sqlite, scope);
      return {
        window: windowOf(sqlite, scope, clock.now()),
        rosterName: roster.name,
        rosterCode: roster.code,
        layoutYear: roster.layoutYear,
        sheets,
        rows: sheets.reduce((sum, { rows }) => sum + rows, 0),
        students: countStudents(sqlite, sources),
        precheck: latestPrecheck(sqlite, scope),
        last: last
          ? {
              id: last.id,
              processingStatus: last.processingStatus,
              statusText: last.statusText,
              submissionFileId: last.submissionFileId,
              submittedAt: last.submittedAt,
              way: last.way,
            }
          : null,
        archivedAt: archivedAt(sqlite, scope),
      };
    },
    sheet: ({ sheet, ...scope }) => ({ columns: sheetColumns(sheetOf(scope, sheet)) }),
    roster: ({ sheet, ...input }: RosterInput) => {
      const { grid, source } = rosterGrid(rosterOf(scopeOf(input)), sheetOf(scopeOf(input), sheet), school());
      return queryGrid(sqlite, grid, source, input);
    },
    exportRoster: async ({ evenWithErrors, ...input }, context) => {
      const scope = scopeOf(input);
      const { id, rows, students, errors, warnings } = await check(scope, context);
      if (errors > 0 && !evenWithErrors) {
        throw new ApplicationError('submissions.findings', `預檢有 ${errors} 項錯誤，沒有匯出。請先處理，或選擇「仍要匯出」供查對。`, {
          errors,
          warnings,
          precheckId: id,
        });
      }
      const folder = directory.makeWorkFolder('roster');
      try {
        const path = join(folder, 'roster.xlsx');
        const task: ExportRosterInput = { scope, school: school(), path };
        await tasks.run<number>('submissions.export', task, { signal: context.signal, onProgress: context.report });
        const file = files.offer(path, rosterFileName(rosterOf(scope), school().code), workbookMediaType, true);
        return { file, rows, students, errors, warnings, precheckId: id };
      } catch (error) {
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
    },
    check: (input, context) => check(scopeOf(input), context),
    findings: findings.list,
    exportFindings: findings.exportWorkbook,
    differences: differences.list,
    exportDifferences: differences.exportWorkbook,
    waiveIdentity: async ({ studentId, reason }, { accountName }) => {
      await write(() => {
        const known = sqlite.prepare<[string], number>('select 1 from students where id = ? and deleted_at is null').pluck().get(studentId);
        if (!known) throw new ApplicationError('student.unknown', '找不到這位學生，請重新整理後再試一次。', { studentId });
        sqlite
          .prepare(
            `insert into identity_waivers (student_id, reason, created_at, created_by) values (?, ?, ?, ?)
             on conflict (student_id) do update set reason = excluded.reason, created_at = excluded.created_at, created_by = excluded.created_by`,
          )
          .run(studentId, reason, clock.now().toISOString(), accountName);
      });
      changed('submissions');
      return { done: true };
    },
    withdrawWaiver: async ({ studentId }) => {
      await write(() => sqlite.prepare('delete from identity_waivers where student_id = ?').run(studentId));
      changed('submissions');
      return { done: true };
    },
    ...createSending(services, school),
    recordResult: async ({ kind, id, submissionFileId, statusText, resultReceivedAt }) => {
      const read = readStatusText(statusText);
      if (!read) {
        throw new ApplicationError('submissions.unreadStatus', '看不出這段處理狀態是通過還是錯誤，請把國教署網站顯示的文字整段貼上。', {
          statusText,
        });
      }
      await write(() => {
        requireManual(sqlite, kind, id);
        sqlite
          .prepare(
            `update submissions set submission_file_id = ?, status_text = ?, processing_status = ?, roster_name = coalesce(?, roster_name), result_received_at = ?
             where id = ?`,
          )
          .run(
            submissionFileId,
            statusText,
            read.processingStatus,
            read.rosterName,
            read.processingStatus === 'waiting' ? null : (resultReceivedAt ?? clock.now().toISOString()),
            id,
          );
      });
      changed('submissions', 'dashboard');
      return { processingStatus: read.processingStatus, rosterName: read.rosterName };
    },
    readAnswer: async ({ kind, id, file }, { signal, report }) => {
      const submission = requireSubmission(sqlite, kind, id);
      if (!file && submission.answerSha256 !== null && !attachments.has(submission.answerSha256)) {
        await sync.fetchFiles([submission.answerSha256], { signal });
      }
      const input: ReadAnswerInput = { kind, submissionId: id, file: file ? files.incomingPath(file.token) : null };
      const result = await tasks.run<ReadAnswerResult>('submissions.readAnswer', input, { signal, onProgress: report });
      if (file) await files.release(file.token);
      changed('submissions', 'dashboard');
      return result;
    },
    detail: ({ kind, id }) => {
      const { answerSha256, answerName, answerReadAt, ...submission } = requireSubmission(sqlite, kind, id);
      const sent = sentRosterOf(sqlite, id);
      const counted = sqlite
        .prepare<[string], { rows: number; unmatched: number }>(
          'select count(*) as rows, count(*) - count(record_id) as unmatched from submission_answer_rows where submission_id = ?',
        )
        .get(id)!;
      return {
        ...submission,
        batchName: batchName(submission),
        sent: sent
          ? {
              fileName: sent.fileName,
              sha256: sent.sha256,
              bytes: sent.bytes,
              rows: sent.rows,
              students: sent.students,
              warnings: sent.warnings,
              confirmedBy: sent.confirmedBy,
            }
          : null,
        answer: answerSha256 === null ? null : { name: answerName ?? '檢核結果', readAt: answerReadAt, ...counted },
      };
    },
    answerRows: answerRows.list,
    exportAnswerRows: answerRows.exportWorkbook,
    downloadSent: ({ kind, id }) => {
      requireSubmission(sqlite, kind, id);
      const sent = sentRosterOf(sqlite, id);
      if (!sent) {
        throw new ApplicationError(
          'submissions.noSentFile',
          '這筆不是由這台電腦提交的，本機沒有提交的名冊；請到提交的電腦或市級系統下載。',
          { id },
        );
      }
      return { file: offerStored(sent.sha256, sent.fileName, workbookMediaType), students: sent.students };
    },
    downloadAnswer: async ({ kind, id }, { signal }) => {
      const { answerSha256, answerName } = requireSubmission(sqlite, kind, id);
      if (answerSha256 === null)
        throw new ApplicationError('submissions.noAnswer', '這筆提交還沒有檢核結果檔，請稍後同步後再試一次。', { id });
      await sync.fetchFiles([answerSha256], { signal });
      const mediaType = sqlite.prepare<[string], string>('select media_type from attachments where sha256 = ?').pluck().get(answerSha256)!;
      const students = sqlite
        .prepare<[string], number>('select count(distinct student_id) from submission_answer_rows where submission_id = ?')
        .pluck()
        .get(id)!;
      return { file: offerStored(answerSha256, answerName ?? '檢核結果.xlsx', mediaType), students };
    },
    archive: async ({ kind, id }, { accountName }) => {
      await write(() => {
        const { processingStatus } = requireSubmission(sqlite, kind, id);
        if (processingStatus !== 'accepted') {
          throw new ApplicationError('submissions.notAccepted', '檢核無誤的提交才能封存；請先處理檢核錯誤並重新提交。', { id });
        }
        sqlite
          .prepare('update submissions set archived_at = coalesce(archived_at, ?), archived_by = coalesce(archived_by, ?) where id = ?')
          .run(clock.now().toISOString(), accountName, id);
      });
      changed('submissions', 'dashboard');
      return { done: true };
    },
    unarchive: async ({ kind, id }) => {
      await write(() => {
        requireSubmission(sqlite, kind, id);
        sqlite.prepare('update submissions set archived_at = null, archived_by = null where id = ?').run(id);
      });
      changed('submissions', 'dashboard');
      return { done: true };
    },
  };

  /** A workbook out of the store, read piece by piece; nothing of it touches the disk. */
  function offerStored(sha256: string, name: string, mediaType: string): OutgoingFile {
    requireUnpurged(sqlite, [sha256]);
    return files.offerContent(
      { bytes: attachments.size(sha256), read: (start, length) => attachments.slice(sha256, start, length) },
      name,
      mediaType,
    );
  }
}

/** @throws `submissions.ofCity` for a submission whose result comes from the city by itself */
function requireManual(sqlite: FeatureServices['connection']['sqlite'], kind: RosterScope['kind'], id: string): void {
  if (requireSubmission(sqlite, kind, id).way === 'manual') return;
  throw new ApplicationError('submissions.ofCity', '經由市級系統提交的結果會由同步取得，不需要自行登錄；請執行同步作業。', { id });
}
