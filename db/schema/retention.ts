import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { createdBy } from './columns.ts';

/** One purge of leavers: who, when, why, how much of what. Nobody's name. */
export const leaverPurges = sqliteTable(
  'leaver_purges',
  {
    id: text('id').primaryKey(),
    ...createdBy,
    reason: text('reason').notNull(),
    /** The office's 保存年數 at the time. */
    keptYears: integer('kept_years').notNull(),
    studentCount: integer('student_count').notNull(),
    /** Rows and files deleted by kind, JSON. */
    counts: text('counts').notNull(),
  },
  (table) => [index('leaver_purges_by_time').on(table.createdAt)],
);

/** Who was purged, by a keyed hash of the city's id, so that the next synchronisation does not bring him back. */
export const purgedStudents = sqliteTable(
  'purged_students',
  {
    idHash: text('id_hash').primaryKey(),
    leaverPurgeId: text('leaver_purge_id')
      .notNull()
      .references(() => leaverPurges.id),
  },
  (table) => [index('purged_students_by_purge').on(table.leaverPurgeId)],
);

/** Files whose rows a purge deleted and whose bytes are still to be: removed after the commit, or at the next start. */
export const filesToRemove = sqliteTable(
  'files_to_remove',
  {
    kind: text('kind', { enum: ['attachment', 'transferFile'] }).notNull(),
    /** SHA-256 of an attachment, file name of a transfer file. */
    name: text('name').notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.name] })],
);
