-- The terms on offer become records shared with the city, a change of the office can be taken back, and the city can
-- name files it found damaged.

CREATE TABLE "terms_shared" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "academic_year" INTEGER NOT NULL,
  "semester" INTEGER NOT NULL,
  "current" INTEGER NOT NULL DEFAULT 0,
  "offered" INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO "terms_shared" SELECT "academic_year" || "semester", 0, NULL, "academic_year", "semester", "current", "offered" FROM "terms";
DROP TABLE "terms";
ALTER TABLE "terms_shared" RENAME TO "terms";
CREATE UNIQUE INDEX "terms_by_term" ON "terms" ("academic_year", "semester");
CREATE UNIQUE INDEX "terms_one_current" ON "terms" ("current") WHERE "current" = 1;

CREATE TABLE "damaged_files" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "found_at" TEXT NOT NULL
) STRICT;

ALTER TABLE "outbox" ADD COLUMN "before" TEXT;

-- 回條登錄: whether a slip that came back says what its reprint says, and the slips of a due date.
ALTER TABLE "confirmation_slips" ADD COLUMN "figures" TEXT NOT NULL DEFAULT '';
CREATE INDEX "confirmation_slips_by_due_date"
  ON "confirmation_slips" ("academic_year", "semester", "due_date", "student_id", "printed_at");
-- The few files known to be damaged are found without reading all that is known of files.
CREATE INDEX "attachments_damaged" ON "attachments" ("damaged_at") WHERE "damaged_at" IS NOT NULL;
