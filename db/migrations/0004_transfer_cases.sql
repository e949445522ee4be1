-- Leavers and arrivals until the portfolio is where it belongs. Cases come into being with the moves themselves: the triggers below follow
-- `students`, whoever writes it. A later migration that rebuilds `students` has to make them again. transfer_cases was never filled before.

DROP TABLE "transfer_cases";
CREATE TABLE "transfer_cases" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "student_id" TEXT NOT NULL,
  "direction" TEXT NOT NULL,
  "moved_on" TEXT NOT NULL,
  "opened_at" TEXT NOT NULL,
  "other_school_code" TEXT,
  "other_school_name" TEXT,
  "school_named" INTEGER NOT NULL DEFAULT 0,
  "transfer_out_file_id" TEXT,
  "file_name" TEXT,
  "file_made_at" TEXT,
  "handed_over_on" TEXT,
  "handed_over_how" TEXT,
  "handed_over_to" TEXT,
  "password_told_on" TEXT,
  "password_told_how" TEXT,
  "acknowledged_on" TEXT,
  "acknowledged_by" TEXT,
  "requests" TEXT NOT NULL DEFAULT '[]',
  "received_on" TEXT,
  "received_how" TEXT,
  "transfer_in_id" TEXT,
  "finished_at" TEXT,
  "outcome" TEXT,
  "unneeded_reason" TEXT,
  "remark" TEXT,
  FOREIGN KEY ("student_id") REFERENCES "students" ("id"),
  FOREIGN KEY ("transfer_out_file_id") REFERENCES "transfer_out_files" ("id") ON DELETE SET NULL,
  FOREIGN KEY ("transfer_in_id") REFERENCES "transfer_ins" ("id") ON DELETE SET NULL
) STRICT;
CREATE INDEX "transfer_cases_by_student" ON "transfer_cases" ("student_id", "direction");
CREATE INDEX "transfer_cases_by_direction" ON "transfer_cases" ("direction", "finished_at", "moved_on");
CREATE INDEX "transfer_cases_by_file" ON "transfer_cases" ("transfer_out_file_id");
CREATE INDEX "transfer_cases_by_import" ON "transfer_cases" ("transfer_in_id");

CREATE TABLE "transfer_case_events" (
  "sequence" INTEGER PRIMARY KEY NOT NULL,
  "transfer_case_id" TEXT NOT NULL,
  "at" TEXT NOT NULL,
  "recorded_by" TEXT,
  "kind" TEXT NOT NULL,
  "details" TEXT NOT NULL,
  FOREIGN KEY ("transfer_case_id") REFERENCES "transfer_cases" ("id")
) STRICT;
CREATE INDEX "transfer_case_events_by_case" ON "transfer_case_events" ("transfer_case_id", "sequence");
CREATE TRIGGER "transfer_case_events_kept" BEFORE DELETE ON "transfer_case_events"
  BEGIN SELECT RAISE(ABORT, 'the history of a transfer is never deleted'); END;
CREATE TRIGGER "transfer_case_events_unchanged" BEFORE UPDATE ON "transfer_case_events"
  BEGIN SELECT RAISE(ABORT, 'the history of a transfer is never changed'); END;
CREATE TRIGGER "transfer_cases_kept" BEFORE DELETE ON "transfer_cases"
  BEGIN SELECT RAISE(ABORT, 'a transfer is never forgotten'); END;

-- The case of a student's newest move in each direction that the register stands by.
CREATE VIEW "current_transfer_cases" AS
  SELECT * FROM "transfer_cases" k WHERE k."outcome" IS NOT 'withdrawn' AND NOT EXISTS (
    SELECT 1 FROM "transfer_cases" l WHERE l."student_id" = k."student_id" AND l."direction" = k."direction" AND l."outcome" IS NOT 'withdrawn'
      AND (l."opened_at", l."id") > (k."opened_at", k."id"));

-- When and how a file was handed over is told student by student: one file may hold several, who go to different people.
ALTER TABLE "transfer_out_files" DROP COLUMN "handed_over_at";
ALTER TABLE "transfer_out_files" DROP COLUMN "handed_over_to";
ALTER TABLE "transfer_out_files" DROP COLUMN "acknowledged_at";
ALTER TABLE "transfer_out_students" ADD COLUMN "transfer_case_id" TEXT REFERENCES "transfer_cases" ("id");
CREATE INDEX "transfer_out_students_by_case" ON "transfer_out_students" ("transfer_case_id");

-- A new case takes along what was done before the register knew of the move: files made, an import completed, of no earlier case.
CREATE TRIGGER "transfer_case_opened" AFTER INSERT ON "transfer_cases"
BEGIN
  INSERT INTO "transfer_case_events" ("transfer_case_id", "at", "kind", "details")
    VALUES (NEW."id", NEW."opened_at", 'opened', json_object('movedOn', NEW."moved_on", 'schoolCode', NEW."other_school_code"));
  UPDATE "transfer_out_students" SET "transfer_case_id" = NEW."id"
    WHERE NEW."direction" = 'out' AND "student_id" = NEW."student_id" AND "transfer_case_id" IS NULL;
  INSERT INTO "transfer_case_events" ("transfer_case_id", "at", "recorded_by", "kind", "details")
    SELECT NEW."id", f."created_at", f."created_by", 'fileMade', json_object('fileName', f."file_name", 'md5', f."md5")
    FROM "transfer_out_students" t JOIN "transfer_out_files" f ON f."id" = t."transfer_out_file_id"
    WHERE t."transfer_case_id" = NEW."id" ORDER BY f."created_at", f."file_name";
  UPDATE "transfer_cases" SET ("transfer_out_file_id", "file_name", "file_made_at") = (
      SELECT f."id", f."file_name", f."created_at"
      FROM "transfer_out_students" t JOIN "transfer_out_files" f ON f."id" = t."transfer_out_file_id"
      WHERE t."transfer_case_id" = NEW."id" ORDER BY f."created_at" DESC, f."file_name" DESC LIMIT 1)
    WHERE "id" = NEW."id" AND NEW."direction" = 'out';
  UPDATE "transfer_cases" SET "transfer_in_id" = i."id", "finished_at" = i."created_at", "outcome" = 'imported'
    FROM (
      SELECT i."id", i."created_at" FROM "transfer_in_students" t JOIN "transfer_ins" i ON i."id" = t."transfer_in_id"
      WHERE t."student_id" = NEW."student_id" AND t."completed" = 1
        AND NOT EXISTS (SELECT 1 FROM "transfer_cases" k WHERE k."transfer_in_id" = i."id" AND k."student_id" = NEW."student_id")
      ORDER BY i."created_at" DESC LIMIT 1) i
    WHERE "transfer_cases"."id" = NEW."id" AND NEW."direction" = 'in';
  INSERT INTO "transfer_case_events" ("transfer_case_id", "at", "recorded_by", "kind", "details")
    SELECT NEW."id", i."created_at", i."created_by", 'imported', json_object('fileName', i."file_name")
    FROM "transfer_cases" k JOIN "transfer_ins" i ON i."id" = k."transfer_in_id" WHERE k."id" = NEW."id";
END;

-- Those who had moved before this version.
INSERT INTO "transfer_cases" ("id", "student_id", "direction", "moved_on", "opened_at", "other_school_code")
  SELECT lower(hex(randomblob(16))), "id", CASE "status" WHEN 'transferredOut' THEN 'out' ELSE 'in' END,
    coalesce("status_changed_on", date('now', '+8 hours')), strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), "other_school_code"
  FROM "students" WHERE "status" IN ('transferredOut', 'transferredIn') ORDER BY "status_changed_on", "student_number";

CREATE TRIGGER "transfer_case_of_new_student" AFTER INSERT ON "students" WHEN NEW."status" IN ('transferredOut', 'transferredIn')
BEGIN
  INSERT INTO "transfer_cases" ("id", "student_id", "direction", "moved_on", "opened_at", "other_school_code")
    VALUES (lower(hex(randomblob(16))), NEW."id", CASE NEW."status" WHEN 'transferredOut' THEN 'out' ELSE 'in' END,
      coalesce(NEW."status_changed_on", date('now', '+8 hours')), strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), NEW."other_school_code");
END;

-- Another status. Where the register takes a leaving back before anything was handed over, or no longer knows a school that an arrival came
-- from, the case is withdrawn; an arrival who is only 在學 by now still waits for his portfolio. The same move again opens the case
-- again, any other is a case of its own.
CREATE TRIGGER "transfer_case_of_status" AFTER UPDATE OF "status" ON "students" WHEN NEW."status" IS NOT OLD."status"
BEGIN
  INSERT INTO "transfer_case_events" ("transfer_case_id", "at", "kind", "details")
    SELECT "id", strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'withdrawn', json_object('status', NEW."status")
    FROM "transfer_cases" WHERE "student_id" = NEW."id" AND "finished_at" IS NULL AND (
      ("direction" = 'out' AND "handed_over_on" IS NULL AND OLD."status" = 'transferredOut')
      OR ("direction" = 'in' AND "received_on" IS NULL AND OLD."status" = 'transferredIn' AND NEW."status" = 'enrolled' AND NEW."other_school_code" IS NULL));
  UPDATE "transfer_cases" SET "finished_at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), "outcome" = 'withdrawn'
    WHERE "student_id" = NEW."id" AND "finished_at" IS NULL AND (
      ("direction" = 'out' AND "handed_over_on" IS NULL AND OLD."status" = 'transferredOut')
      OR ("direction" = 'in' AND "received_on" IS NULL AND OLD."status" = 'transferredIn' AND NEW."status" = 'enrolled' AND NEW."other_school_code" IS NULL));
  INSERT INTO "transfer_case_events" ("transfer_case_id", "at", "kind", "details")
    SELECT "id", strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'reopened', '{}'
    FROM "transfer_cases" WHERE "student_id" = NEW."id" AND "outcome" = 'withdrawn'
      AND "direction" = CASE NEW."status" WHEN 'transferredOut' THEN 'out' WHEN 'transferredIn' THEN 'in' END
      AND "moved_on" = coalesce(NEW."status_changed_on", date('now', '+8 hours'));
  UPDATE "transfer_cases" SET "finished_at" = NULL, "outcome" = NULL
    WHERE "student_id" = NEW."id" AND "outcome" = 'withdrawn'
      AND "direction" = CASE NEW."status" WHEN 'transferredOut' THEN 'out' WHEN 'transferredIn' THEN 'in' END
      AND "moved_on" = coalesce(NEW."status_changed_on", date('now', '+8 hours'));
  INSERT INTO "transfer_cases" ("id", "student_id", "direction", "moved_on", "opened_at", "other_school_code")
    SELECT lower(hex(randomblob(16))), NEW."id", "direction", "moved_on", strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), NEW."other_school_code"
    FROM (SELECT CASE NEW."status" WHEN 'transferredOut' THEN 'out' ELSE 'in' END AS "direction",
      coalesce(NEW."status_changed_on", date('now', '+8 hours')) AS "moved_on") m
    WHERE NEW."status" IN ('transferredOut', 'transferredIn') AND NOT EXISTS (
      SELECT 1 FROM "transfer_cases" k WHERE k."student_id" = NEW."id" AND k."direction" = m."direction" AND k."moved_on" = m."moved_on");
END;

-- Another day: the move's own, corrected; or, when what it owed is settled and it lies a month and more later, another move.
CREATE TRIGGER "transfer_case_of_day" AFTER UPDATE OF "status_changed_on" ON "students"
WHEN NEW."status" IN ('transferredOut', 'transferredIn') AND NEW."status" IS OLD."status"
  AND NEW."status_changed_on" IS NOT NULL AND NEW."status_changed_on" IS NOT OLD."status_changed_on"
BEGIN
  INSERT INTO "transfer_cases" ("id", "student_id", "direction", "moved_on", "opened_at", "other_school_code")
    SELECT lower(hex(randomblob(16))), NEW."id", "direction", NEW."status_changed_on", strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), NEW."other_school_code"
    FROM "current_transfer_cases"
    WHERE "student_id" = NEW."id" AND "direction" = CASE NEW."status" WHEN 'transferredOut' THEN 'out' ELSE 'in' END
      AND ("finished_at" IS NOT NULL OR "handed_over_on" IS NOT NULL)
      AND julianday(NEW."status_changed_on") - julianday("moved_on") > 30;
  INSERT INTO "transfer_case_events" ("transfer_case_id", "at", "kind", "details")
    SELECT "id", strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'dayCorrected', json_object('before', "moved_on", 'movedOn', NEW."status_changed_on")
    FROM "current_transfer_cases"
    WHERE "student_id" = NEW."id" AND "direction" = CASE NEW."status" WHEN 'transferredOut' THEN 'out' ELSE 'in' END
      AND "moved_on" <> NEW."status_changed_on";
  UPDATE "transfer_cases" SET "moved_on" = NEW."status_changed_on"
    WHERE "moved_on" <> NEW."status_changed_on" AND "id" IN (SELECT "id" FROM "current_transfer_cases"
      WHERE "student_id" = NEW."id" AND "direction" = CASE NEW."status" WHEN 'transferredOut' THEN 'out' ELSE 'in' END);
END;

-- Another school: as the register has it, until the office named one itself, handed the file over or is done.
CREATE TRIGGER "transfer_case_of_school" AFTER UPDATE OF "other_school_code" ON "students"
WHEN NEW."status" IN ('transferredOut', 'transferredIn') AND NEW."status" IS OLD."status" AND NEW."other_school_code" IS NOT OLD."other_school_code"
BEGIN
  INSERT INTO "transfer_case_events" ("transfer_case_id", "at", "kind", "details")
    SELECT "id", strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'schoolNamed', json_object('schoolCode', NEW."other_school_code")
    FROM "current_transfer_cases"
    WHERE "student_id" = NEW."id" AND "direction" = CASE NEW."status" WHEN 'transferredOut' THEN 'out' ELSE 'in' END
      AND "school_named" = 0 AND "handed_over_on" IS NULL AND "finished_at" IS NULL AND "other_school_code" IS NOT NEW."other_school_code";
  UPDATE "transfer_cases" SET "other_school_code" = NEW."other_school_code"
    WHERE "school_named" = 0 AND "handed_over_on" IS NULL AND "finished_at" IS NULL AND "id" IN (SELECT "id" FROM "current_transfer_cases"
      WHERE "student_id" = NEW."id" AND "direction" = CASE NEW."status" WHEN 'transferredOut' THEN 'out' ELSE 'in' END);
END;
