import { z } from 'zod';
import { temporaryAccountPurposes } from '../../domain/office-settings.ts';
import { submissionKinds } from '../../domain/portfolio.ts';
import { divisions, submissionBatches } from '../../domain/submission.ts';
import { resourceSchemas } from './resources.ts';

/**
 * What the city central API asks and answers beside its records (resources.ts): tokens, changes, submissions,
 * problems. Both the client and the embedded city check what they receive against these.
 */

/** A file is at most 10 MB (manual §3.2). */
export const largestFile = 10 * 1024 * 1024;
/** A roster and its answer are workbooks of a whole school, and may be larger than a record's file. */
export const largestRoster = 64 * 1024 * 1024;
export const workbookMediaType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
export const largestPage = 2000;
export const mostChanges = 500;

/** RFC 6749 §5.1. */
export const tokenAnswer = z.object({
  access_token: z.string().min(1),
  token_type: z.literal('Bearer'),
  /** Seconds. */
  expires_in: z.int().positive(),
});

export const schoolAnswer = z.object({
  code: z.string(),
  name: z.string(),
  /** The address by which the national database fetches a file that a roster names: `{sha256}` and `{extension}` stand for the file's own. */
  fileLinks: z
    .string()
    .max(500)
    .regex(/^https:\/\/\S*\{sha256\}\S*$/),
});
export type SchoolAnswer = z.output<typeof schoolAnswer>;

const idempotencyKey = z.string().min(8).max(100);

/** One change of the office. `data` is the whole record without `version` and `deleted`; empty of a deletion. */
export const change = z.object({
  idempotencyKey,
  resource: z.string().max(100),
  id: z.string().min(1).max(64),
  /** The version the office saw; 0 of a record that it makes. */
  baseVersion: z.int().nonnegative(),
  operation: z.enum(['create', 'update', 'delete']),
  data: z.record(z.string(), z.unknown()),
});
export type Change = z.output<typeof change>;

export const changesRequest = z.object({ changes: z.array(change).min(1).max(mostChanges) });

/** What became of a change: the new version, the record as the city has it, or why not. */
export const changeFate = z.discriminatedUnion('outcome', [
  z.object({ idempotencyKey, outcome: z.literal('accepted'), version: z.int().positive() }),
  z.object({ idempotencyKey, outcome: z.literal('conflict'), current: z.record(z.string(), z.unknown()).nullable() }),
  z.object({ idempotencyKey, outcome: z.literal('refused'), code: z.string(), message: z.string() }),
]);
export type ChangeFate = z.output<typeof changeFate>;

export const changesAnswer = z.object({ results: z.array(changeFate) });

/** Parts that a resource's ids fall into, so that only what differs has to be named (summary.ts says how). */
export const summaryBuckets = 256;

/** The living records of a resource, by bucket: how many, and a fingerprint of their ids and versions. */
export const resourceSummary = z.object({
  /** Where the resource stands: the cursor of who has received all of it. */
  cursor: z.string().max(100),
  buckets: z.array(z.object({ count: z.int().nonnegative(), fingerprint: z.string().regex(/^[0-9a-f]{16}$/) })).length(summaryBuckets),
});
export type ResourceSummary = z.output<typeof resourceSummary>;

/** The living records of one bucket, without their content. */
export const bucketAnswer = z.object({
  cursor: z.string().max(100),
  items: z.array(z.object({ id: z.string().min(1).max(64), version: z.int().positive() })),
});
export type BucketAnswer = z.output<typeof bucketAnswer>;

/** Records asked for by their ids; each item is checked by whoever uses it. */
export const recordsAnswer = z.object({ items: z.array(z.unknown()) });
/** They stand in the address, which many servers take up to 16 kB of. */
export const mostRecords = 100;

/** A roster handed in; its workbook was put through `/files/{sha256}` before. */
export const submissionRequest = z.object({
  idempotencyKey,
  kind: z.enum(submissionKinds),
  academicYear: z.int().min(80).max(200),
  semester: z.int().min(0).max(2),
  batch: z.enum(submissionBatches),
  division: z.enum(divisions),
  /** 名冊別, `25`. */
  rosterCode: z.string().regex(/^\d{2}$/),
  rosterName: z.string().max(255),
  /** Data rows over all its sheets. */
  rows: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  submittedBy: z.string().max(200),
});
export type SubmissionRequest = z.output<typeof submissionRequest>;

/** Its FID, and the line that submission-results has of it from now on. */
export const submissionAnswer = z.object({ submissionFileId: z.string().min(1), record: resourceSchemas['submission-results'] });
export type SubmissionAnswer = z.output<typeof submissionAnswer>;

/**
 * Opens a 轉學生臨時帳號 (manual §3.17). Its idempotency key is as secret as the password that is answered to it: the office makes it
 * at random, sends it over TLS only and forgets it with the answer.
 */
export const temporaryAccountRequest = z.object({
  idempotencyKey,
  studentId: z.string().min(1).max(64),
  purpose: z.enum(temporaryAccountPurposes),
  opensAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  openedBy: z.string().min(1).max(200),
});
export type TemporaryAccountRequest = z.output<typeof temporaryAccountRequest>;

/** Given once; the student must change it at the first sign-in. */
const oneTimePassword = z.string().min(12).max(64);

export const temporaryAccountAnswer = z.object({ record: resourceSchemas['temporary-accounts'], oneTimePassword });
export type TemporaryAccountAnswer = z.output<typeof temporaryAccountAnswer>;

export const passwordRequest = z.object({ idempotencyKey });
export type PasswordRequest = z.output<typeof passwordRequest>;

export const passwordAnswer = z.object({ oneTimePassword });

/** RFC 9457 problem details; `code` is this API's own, stable name of the problem. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
});
export type Problem = z.output<typeof problem>;
