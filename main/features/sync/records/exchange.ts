import type { RecordOf } from '../../../central/resources.ts';
import { type RecordWriter, termColumns, upsert, type WriterContext } from './writer.ts';

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
    }),
  };
}

/** 提交結果: what was handed in and what came of it. */
export function submissionResultWriter(context: WriterContext): RecordWriter<'submission-results'> {
  return {
    missing: () => [],
    write: upsert<RecordOf<'submission-results'>>(context, 'submissions', {
      kind: (submission) => submission.kind,
      ...termColumns,
      batch: (submission) => submission.batch,
      submission_file_id: (submission) => submission.submissionFileId,
      status_text: (submission) => submission.statusText,
      processing_status: (submission) => submission.processingStatus,
      roster_name: (submission) => submission.rosterName,
      submitted_by: (submission) => submission.submittedBy,
      submitted_at: (submission) => submission.submittedAt,
      result_received_at: (submission) => submission.resultReceivedAt,
    }),
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
