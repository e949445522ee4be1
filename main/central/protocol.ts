import { z } from 'zod';
import { submissionKinds } from '../../domain/portfolio.ts';

/**
 * What the city central API asks and answers beside its records (resources.ts): tokens, changes, submissions,
 * problems. Both the client and the embedded city check what they receive against these.
 */

/** A file is at most 10 MB (manual §3.2). */
export const largestFile = 10 * 1024 * 1024;
export const largestPage = 2000;
export const mostChanges = 500;

/** RFC 6749 §5.1. */
export const tokenAnswer = z.object({
  access_token: z.string().min(1),
  token_type: z.literal('Bearer'),
  /** Seconds. */
  expires_in: z.int().positive(),
});

export const schoolAnswer = z.object({ code: z.string(), name: z.string() });

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

/** A roster handed in; its workbook was put through `/files/{sha256}` before. */
export const submissionRequest = z.object({
  idempotencyKey,
  kind: z.enum(submissionKinds),
  academicYear: z.int().min(80).max(200),
  semester: z.int().min(0).max(2),
  batch: z.string().max(40),
  rosterName: z.string().max(255),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  submittedBy: z.string().max(200),
});
export type SubmissionRequest = z.output<typeof submissionRequest>;

export const submissionAnswer = z.object({ submissionFileId: z.string().min(1) });

/** RFC 9457 problem details; `code` is this API's own, stable name of the problem. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
});
export type Problem = z.output<typeof problem>;
