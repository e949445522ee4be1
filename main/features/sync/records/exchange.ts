import type { RecordOf } from '../../../central/resources.ts';
import { fileKnower, type RecordWriter, termColumns, upsert, type WriterContext } from './writer.ts';

/** 作業期限 and 提交期限 given by the city. */
export function cityWindowWriter(context: WriterContext): RecordWriter<'city-windows'> {
  return {
    missing: () => [],
    write: upsert<RecordOf<'city-windows'>>(context, 'city_windows', {
      purpose: (window) => window.purpose,
      kind: (window) => window.kind,
      ...termColumns,
      starts_on: (window) => window.startsOn,
      ends_on: (window) => window.endsOn,
      batch: (window) => window.batch,
    }),
  };
}

/** 代碼資料: the tables that codes of records are of. */
export function codeWriter(context: WriterContext): RecordWriter<'codes'> {
  return {
    missing: () => [],
    write: upsert<RecordOf<'codes'>>(context, 'codes', {
      code_table: (code) => code.table,
      code: (code) => code.code,
      label: (code) => code.label,
      valid_from_year: (code) => code.validFromYear,
    }),
  };
}

/** 提交結果: what was handed in and what came of it. 封存 is the office's own and is left as it is. */
export function submissionResultWriter(context: WriterContext): RecordWriter<'submission-results'> {
  const knowFile = fileKnower(context);
  const kept = context.sqlite.prepare<[string], { sha256: string | null; name: string | null }>(
    'select answer_sha256 as sha256, answer_name as name from submissions where id = ?',
  );
  // An answer that the office read in itself stays until the city has one.
  let answer: { sha256: string | null; name: string | null } | undefined;
  const write = upsert<RecordOf<'submission-results'>>(context, 'submissions', {
    kind: (submission) => submission.kind,
    ...termColumns,
    batch: (submission) => submission.batch,
    division: (submission) => submission.division,
    way: () => 'city',
    submission_file_id: (submission) => submission.submissionFileId,
    status_text: (submission) => submission.statusText,
    processing_status: (submission) => submission.processingStatus,
    roster_name: (submission) => submission.rosterName,
    submitted_by: (submission) => submission.submittedBy,
    submitted_at: (submission) => submission.submittedAt,
    result_received_at: (submission) => submission.resultReceivedAt,
    answer_sha256: () => answer?.sha256 ?? null,
    answer_name: () => answer?.name ?? null,
  });
  // A program that was killed between the city's taking a roster and noting it finds its own again by the workbook.
  const recognise = context.sqlite.prepare(
    `update sent_rosters set submission_id = @id
     where id = (select id from sent_rosters where sha256 = @sha256 and way = 'city' and submission_id is null order by created_at limit 1)
       and not exists (select 1 from sent_rosters where submission_id = @id)`,
  );
  return {
    missing: () => [],
    write: (submission) => {
      if (submission.answer) knowFile(submission.answer);
      answer = submission.answer ?? kept.get(submission.id);
      const written = write(submission);
      if (submission.rosterSha256) recognise.run({ id: submission.id, sha256: submission.rosterSha256 });
      return written;
    },
  };
}

/** 接收紀錄 of the city: what it received from the school (manual §3.10). */
export function receiptWriter(context: WriterContext): RecordWriter<'receipts'> {
  return {
    missing: () => [],
    write: upsert<RecordOf<'receipts'>>(context, 'receive_records', {
      origin: () => 'city',
      data_type: (receipt) => receipt.dataType,
      ip: (receipt) => receipt.ip,
      received_at: (receipt) => receipt.receivedAt,
      bytes: (receipt) => receipt.bytes,
      file_count: (receipt) => receipt.fileCount,
      all_received: (receipt) => receipt.allReceived,
      started_at: (receipt) => receipt.startedAt,
      finished_at: (receipt) => receipt.finishedAt,
      status: (receipt) => receipt.status,
    }),
  };
}
