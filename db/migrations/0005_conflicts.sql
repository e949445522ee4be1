-- What an import did to each record, so that 明細 tells what was chosen, a record tells which import it came by, and an import can be taken back.

ALTER TABLE "transfer_ins" ADD COLUMN "undone_count" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "transfer_in_students" ADD COLUMN "undone_at" TEXT;
ALTER TABLE "transfer_in_students" ADD COLUMN "undone_by" TEXT;

CREATE TABLE "transfer_in_records" (
  "transfer_in_id" TEXT NOT NULL,
  "ordinal" INTEGER NOT NULL,
  "position" INTEGER NOT NULL,
  "resource" TEXT NOT NULL,
  "record_id" TEXT NOT NULL,
  "section" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "treatment" TEXT NOT NULL,
  "change_key" TEXT,
  PRIMARY KEY ("transfer_in_id", "ordinal"),
  FOREIGN KEY ("transfer_in_id") REFERENCES "transfer_ins" ("id") ON DELETE CASCADE
) STRICT;
CREATE INDEX "transfer_in_records_by_record" ON "transfer_in_records" ("record_id");

-- Of the imports before: every record that names its import was added by it.
INSERT INTO "transfer_in_records"
  SELECT r."import", row_number() OVER (PARTITION BY r."import" ORDER BY coalesce(s."position", 0), r."rank", r."id") - 1, coalesce(s."position", 0),
    r."resource", r."id", r."section", r."title", 'added', (SELECT min(o."idempotency_key") FROM "outbox" o
      WHERE o."resource" = r."resource" AND o."record_id" = r."id" AND o."operation" = 'create')
  FROM (
    SELECT "transfer_in_id" AS "import", 1 AS "rank", 'outcomes' AS "resource", "id", "student_id", '課程學習成果' AS "section", "subject_name" AS "title"
      FROM "learning_outcomes" WHERE "transfer_in_id" IS NOT NULL
    UNION ALL
    SELECT "transfer_in_id", 2, 'performances', "id", "student_id",
      CASE "category" WHEN 1 THEN '幹部經歷暨事蹟紀錄' WHEN 2 THEN '競賽參與紀錄' WHEN 3 THEN '檢定證照紀錄' WHEN 4 THEN '服務學習紀錄'
        WHEN 5 THEN '彈性學習時間紀錄' WHEN 6 THEN '團體活動時間紀錄' WHEN 7 THEN '職場學習紀錄' WHEN 8 THEN '作品成果紀錄'
        WHEN 9 THEN '大學及技專校院先修課程紀錄' ELSE '其他多元表現' END, "title"
      FROM "diverse_performances" WHERE "transfer_in_id" IS NOT NULL
    UNION ALL
    SELECT "transfer_in_id", 3, 'cadres', "id", "student_id", '校內幹部經歷', "unit_name" || ' ' || "position_name"
      FROM "cadres" WHERE "transfer_in_id" IS NOT NULL
  ) r
  JOIN "transfer_ins" i ON i."id" = r."import"
  LEFT JOIN "transfer_in_students" s ON s."transfer_in_id" = r."import" AND s."student_id" = r."student_id";
