-- may delete from backups
-- No version of the program has written to it.
DROP TABLE "backups";
CREATE TABLE "backups" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "created_at" TEXT NOT NULL,
  "created_by" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "content" TEXT NOT NULL,
  "file_name" TEXT NOT NULL,
  "saved_as" TEXT,
  "bytes" INTEGER NOT NULL,
  "file_count" INTEGER NOT NULL,
  "file_bytes" INTEGER NOT NULL,
  "recovery_key_id" TEXT,
  "verified_at" TEXT,
  "problem" TEXT,
  "missing_at" TEXT,
  "second_verified_at" TEXT,
  "second_problem" TEXT
) STRICT;
CREATE INDEX "backups_by_time" ON "backups" ("created_at");
CREATE INDEX "backups_by_verification" ON "backups" ("verified_at");
