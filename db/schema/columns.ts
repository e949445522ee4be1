import { integer, text } from 'drizzle-orm/sqlite-core';
import { submissionKinds } from '../../domain/portfolio.ts';
import { divisions, submissionBatches } from '../../domain/submission.ts';

/**
 * Columns of every record shared with the city: its id there, the city's version, and the tombstone. A record the
 * city deleted keeps its row with `deletedAt` set, so nothing is lost by a wrong deletion; screens read live rows.
 */
export const sharedRecord = {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  deletedAt: text('deleted_at'),
};

export const flag = (name: string) => integer(name, { mode: 'boolean' }).notNull().default(false);

export const term = {
  academicYear: integer('academic_year').notNull(),
  semester: integer('semester').notNull(),
};

/** Which roster a row is of: its kind, year or term, 梯次 and 部別. */
export const rosterScope = {
  kind: text('kind', { enum: submissionKinds }).notNull(),
  ...term,
  batch: text('batch', { enum: submissionBatches }).notNull(),
  division: text('division', { enum: divisions }).notNull(),
};

/** Audit of who and when, UTC ISO-8601. */
export const createdBy = {
  createdAt: text('created_at').notNull(),
  createdBy: text('created_by').notNull(),
};
