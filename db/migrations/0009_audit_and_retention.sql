-- 稽核紀錄 that can be proved and purged, the purge of leavers (保存期限), and away with fields that no screen needs.

-- What an operation is called, so that an entry reads the same when a later version no longer has it.
CREATE TABLE "audit_operations" (
  "name" TEXT PRIMARY KEY NOT NULL,
  "title" TEXT NOT NULL
) STRICT;

-- The entries that name a student: an index over audit_entries.student_ids, made from it.
CREATE TABLE "audit_subjects" (
  "student_id" TEXT NOT NULL,
  "sequence" INTEGER NOT NULL,
  PRIMARY KEY ("student_id", "sequence"),
  FOREIGN KEY ("sequence") REFERENCES "audit_entries" ("sequence") ON DELETE CASCADE
) STRICT;
CREATE INDEX "audit_subjects_by_entry" ON "audit_subjects" ("sequence");
INSERT INTO "audit_subjects" ("student_id", "sequence")
  SELECT DISTINCT subject.value, entry.sequence FROM "audit_entries" entry, json_each(entry.student_ids) subject;

-- Calls that may change something and have not ended yet: what a killed program leaves becomes an entry at the next start.
CREATE TABLE "audited_calls" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "started_at" TEXT NOT NULL,
  "process_id" INTEGER NOT NULL,
  "account_name" TEXT NOT NULL,
  "operation" TEXT NOT NULL,
  "action" TEXT NOT NULL,
  "module" TEXT,
  "summary" TEXT NOT NULL
) STRICT;

-- What stands for entries purged after their retention: where the chain had got to. Chained among themselves.
CREATE TABLE "audit_checkpoints" (
  "through_sequence" INTEGER PRIMARY KEY NOT NULL,
  "from_sequence" INTEGER NOT NULL,
  "entry_count" INTEGER NOT NULL,
  "first_at" TEXT NOT NULL,
  "last_at" TEXT NOT NULL,
  "last_hash" TEXT NOT NULL,
  "created_at" TEXT NOT NULL,
  "created_by" TEXT NOT NULL,
  "previous_hash" TEXT NOT NULL,
  "hash" TEXT NOT NULL
) STRICT;
CREATE TRIGGER "audit_checkpoints_no_update" BEFORE UPDATE ON "audit_checkpoints"
BEGIN SELECT RAISE(ABORT, 'audit checkpoints are never changed'); END;
CREATE TRIGGER "audit_checkpoints_no_delete" BEFORE DELETE ON "audit_checkpoints"
BEGIN SELECT RAISE(ABORT, 'audit checkpoints are never deleted'); END;

-- The gate opens up to one sequence, for the transaction of a purge (main/features/audit/purge-task.ts).
DROP TRIGGER "audit_entries_no_delete";
CREATE TRIGGER "audit_entries_no_delete" BEFORE DELETE ON "audit_entries"
WHEN NOT EXISTS (SELECT 1 FROM "school_settings" WHERE "key" = 'audit.purging' AND OLD."sequence" <= CAST("value" AS INTEGER))
BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END;
-- INSERT OR REPLACE would otherwise go round the two triggers above: SQLite fires none for the row it replaces.
CREATE TRIGGER "audit_entries_appended" BEFORE INSERT ON "audit_entries"
WHEN NEW."sequence" IS NOT (SELECT coalesce(max("sequence"), 0) + 1 FROM "audit_entries")
BEGIN SELECT RAISE(ABORT, 'audit entries are only appended'); END;

-- One purge of leavers: who, when, why, how much of what. Nobody's name.
CREATE TABLE "leaver_purges" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "created_at" TEXT NOT NULL,
  "created_by" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "kept_years" INTEGER NOT NULL,
  "student_count" INTEGER NOT NULL,
  "counts" TEXT NOT NULL
) STRICT;
CREATE INDEX "leaver_purges_by_time" ON "leaver_purges" ("created_at");

-- Who was purged, by a keyed hash of the city's id, so that the next synchronisation does not bring him back.
CREATE TABLE "purged_students" (
  "id_hash" TEXT PRIMARY KEY NOT NULL,
  "leaver_purge_id" TEXT NOT NULL,
  FOREIGN KEY ("leaver_purge_id") REFERENCES "leaver_purges" ("id")
) STRICT;
CREATE INDEX "purged_students_by_purge" ON "purged_students" ("leaver_purge_id");

-- Files whose rows a purge deleted and whose bytes are still to be: removed after the commit, or at the next start.
CREATE TABLE "files_to_remove" (
  "kind" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  PRIMARY KEY ("kind", "name")
) STRICT;

-- A workbook with a purged student in it is deleted whole; its hash stays, and it is not fetched again.
ALTER TABLE "attachments" ADD COLUMN "purged_at" TEXT;
-- Rows of purged students are deleted and counted: row_count still says how many were handed in.
ALTER TABLE "sent_rosters" ADD COLUMN "purged_rows" INTEGER NOT NULL DEFAULT 0;
DROP TRIGGER "sent_roster_rows_kept";
CREATE TRIGGER "sent_roster_rows_kept" BEFORE DELETE ON "sent_roster_rows"
WHEN NOT EXISTS (SELECT 1 FROM "school_settings" WHERE "key" = 'retention.purging')
BEGIN SELECT RAISE(ABORT, 'a sent row is never deleted'); END;
-- A transfer is never forgotten either, until the student's retention is over.
DROP TRIGGER "transfer_cases_kept";
CREATE TRIGGER "transfer_cases_kept" BEFORE DELETE ON "transfer_cases"
WHEN NOT EXISTS (SELECT 1 FROM "school_settings" WHERE "key" = 'retention.purging')
BEGIN SELECT RAISE(ABORT, 'a transfer is never forgotten'); END;
DROP TRIGGER "transfer_case_events_kept";
CREATE TRIGGER "transfer_case_events_kept" BEFORE DELETE ON "transfer_case_events"
WHEN NOT EXISTS (SELECT 1 FROM "school_settings" WHERE "key" = 'retention.purging')
BEGIN SELECT RAISE(ABORT, 'the history of a transfer is never deleted'); END;

-- Screens show how often, not what for, and of 心理測驗 nothing at all.
ALTER TABLE "rewards" DROP COLUMN "reason";
ALTER TABLE "rewards" DROP COLUMN "day";
ALTER TABLE "attendance" DROP COLUMN "day";
ALTER TABLE "psychological_tests" DROP COLUMN "test_name";
ALTER TABLE "psychological_tests" DROP COLUMN "taken_on";
