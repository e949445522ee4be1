CREATE TABLE "accounts" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "name" TEXT NOT NULL UNIQUE,
  "display_name" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "teacher_id" TEXT,
  "password_hash" TEXT,
  "must_change_password" INTEGER NOT NULL DEFAULT 0,
  "enabled" INTEGER NOT NULL DEFAULT 0,
  "failed_sign_ins" INTEGER NOT NULL DEFAULT 0,
  "locked_until" TEXT,
  "last_signed_in_at" TEXT,
  FOREIGN KEY ("teacher_id") REFERENCES "teachers" ("id")
) STRICT;
CREATE INDEX "accounts_by_teacher" ON "accounts" ("teacher_id");

CREATE TABLE "attachments" (
  "sha256" TEXT PRIMARY KEY NOT NULL,
  "md5" TEXT NOT NULL,
  "bytes" INTEGER NOT NULL,
  "media_type" TEXT NOT NULL,
  "at_city" INTEGER NOT NULL DEFAULT 0,
  "damaged_at" TEXT
) STRICT;

CREATE TABLE "attendance" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "student_id" TEXT NOT NULL,
  "academic_year" INTEGER NOT NULL,
  "semester" INTEGER NOT NULL,
  "day" TEXT NOT NULL,
  "absence_code" TEXT NOT NULL,
  "periods" INTEGER NOT NULL,
  FOREIGN KEY ("student_id") REFERENCES "students" ("id")
) STRICT;
CREATE INDEX "attendance_by_student" ON "attendance" ("student_id", "academic_year", "semester");

CREATE TABLE "audit_entries" (
  "sequence" INTEGER PRIMARY KEY NOT NULL,
  "at" TEXT NOT NULL,
  "account_name" TEXT NOT NULL,
  "operation" TEXT NOT NULL,
  "action" TEXT NOT NULL,
  "module" TEXT,
  "summary" TEXT NOT NULL,
  "student_ids" TEXT NOT NULL,
  "student_count" INTEGER NOT NULL,
  "outcome" TEXT NOT NULL,
  "previous_hash" TEXT NOT NULL,
  "hash" TEXT NOT NULL
) STRICT;
CREATE INDEX "audit_entries_by_time" ON "audit_entries" ("at");
CREATE INDEX "audit_entries_by_account" ON "audit_entries" ("account_name", "at");
CREATE INDEX "audit_entries_by_operation" ON "audit_entries" ("operation", "at");

CREATE TABLE "autobiographies" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "student_id" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "content" TEXT NOT NULL,
  "document_sha256" TEXT,
  "document_name" TEXT,
  "media_sha256" TEXT,
  "media_name" TEXT,
  "updated_at" TEXT NOT NULL,
  FOREIGN KEY ("student_id") REFERENCES "students" ("id"),
  FOREIGN KEY ("document_sha256") REFERENCES "attachments" ("sha256"),
  FOREIGN KEY ("media_sha256") REFERENCES "attachments" ("sha256")
) STRICT;
CREATE INDEX "autobiographies_by_student" ON "autobiographies" ("student_id");
CREATE INDEX "autobiographies_by_document" ON "autobiographies" ("document_sha256");
CREATE INDEX "autobiographies_by_media" ON "autobiographies" ("media_sha256");

CREATE TABLE "backups" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "path" TEXT NOT NULL,
  "created_at" TEXT NOT NULL,
  "created_by" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "bytes" INTEGER NOT NULL,
  "verified_at" TEXT,
  "report" TEXT NOT NULL
) STRICT;

CREATE TABLE "cadres" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "student_id" TEXT NOT NULL,
  "academic_year" INTEGER NOT NULL,
  "semester" INTEGER NOT NULL,
  "unit_name" TEXT NOT NULL,
  "position_name" TEXT NOT NULL,
  "level_code" TEXT NOT NULL,
  "starts_on" TEXT NOT NULL,
  "ends_on" TEXT NOT NULL,
  "created_at" TEXT NOT NULL,
  "submitted_term" TEXT NOT NULL DEFAULT '0000',
  "source_school_code" TEXT NOT NULL,
  "source_unit_code" TEXT,
  "transfer_in_id" TEXT,
  "content_hash" TEXT,
  FOREIGN KEY ("student_id") REFERENCES "students" ("id")
) STRICT;
CREATE INDEX "cadres_by_student" ON "cadres" ("student_id", "academic_year", "semester");
CREATE INDEX "cadres_by_term" ON "cadres" ("academic_year", "semester");

CREATE TABLE "certification_stages" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "position" INTEGER NOT NULL,
  "kind" TEXT NOT NULL,
  "certifier_group_id" TEXT,
  FOREIGN KEY ("certifier_group_id") REFERENCES "certifier_groups" ("id")
) STRICT;
CREATE INDEX "certification_stages_by_group" ON "certification_stages" ("certifier_group_id");

CREATE TABLE "certifier_group_members" (
  "certifier_group_id" TEXT NOT NULL,
  "teacher_id" TEXT NOT NULL,
  PRIMARY KEY ("certifier_group_id", "teacher_id"),
  FOREIGN KEY ("certifier_group_id") REFERENCES "certifier_groups" ("id") ON DELETE CASCADE,
  FOREIGN KEY ("teacher_id") REFERENCES "teachers" ("id")
) STRICT;
CREATE INDEX "certifier_group_members_by_teacher" ON "certifier_group_members" ("teacher_id");

CREATE TABLE "certifier_groups" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "kind" TEXT NOT NULL,
  "name" TEXT NOT NULL
) STRICT;

CREATE TABLE "city_windows" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "purpose" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "academic_year" INTEGER NOT NULL,
  "semester" INTEGER NOT NULL,
  "starts_on" TEXT NOT NULL,
  "ends_on" TEXT NOT NULL
) STRICT;
CREATE INDEX "city_windows_by_kind" ON "city_windows" ("purpose", "kind", "academic_year", "semester");

CREATE TABLE "class_sections" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "academic_year" INTEGER NOT NULL,
  "semester" INTEGER NOT NULL,
  "grade" INTEGER NOT NULL,
  "code" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "sort_key" TEXT NOT NULL,
  "department_name" TEXT,
  "homeroom_teacher_id" TEXT,
  FOREIGN KEY ("homeroom_teacher_id") REFERENCES "teachers" ("id")
) STRICT;
CREATE INDEX "class_sections_by_term" ON "class_sections" ("academic_year", "semester", "sort_key");
CREATE INDEX "class_sections_by_code" ON "class_sections" ("academic_year", "semester", "code");
CREATE INDEX "class_sections_by_homeroom_teacher" ON "class_sections" ("homeroom_teacher_id");

CREATE TABLE "codes" (
  "code_table" TEXT NOT NULL,
  "code" TEXT NOT NULL,
  "label" TEXT NOT NULL,
  "valid_from_year" INTEGER NOT NULL,
  PRIMARY KEY ("code_table", "code", "valid_from_year")
) STRICT;

CREATE TABLE "confirmation_slips" (
  "serial" TEXT PRIMARY KEY NOT NULL,
  "student_id" TEXT NOT NULL,
  "academic_year" INTEGER NOT NULL,
  "semester" INTEGER NOT NULL,
  "printed_at" TEXT NOT NULL,
  "printed_by" TEXT NOT NULL,
  "due_date" TEXT NOT NULL,
  "returned_at" TEXT,
  "returned_by" TEXT,
  FOREIGN KEY ("student_id") REFERENCES "students" ("id")
) STRICT;
CREATE INDEX "confirmation_slips_by_student" ON "confirmation_slips" ("student_id", "printed_at");

CREATE TABLE "consultation_students" (
  "consultation_id" TEXT NOT NULL,
  "student_id" TEXT NOT NULL,
  PRIMARY KEY ("consultation_id", "student_id"),
  FOREIGN KEY ("consultation_id") REFERENCES "course_consultations" ("id") ON DELETE CASCADE,
  FOREIGN KEY ("student_id") REFERENCES "students" ("id")
) STRICT;
CREATE INDEX "consultation_students_by_student" ON "consultation_students" ("student_id");

CREATE TABLE "counselors" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "teacher_id" TEXT NOT NULL,
  "class_section_id" TEXT NOT NULL,
  "academic_year" INTEGER NOT NULL,
  "semester" INTEGER NOT NULL,
  FOREIGN KEY ("teacher_id") REFERENCES "teachers" ("id"),
  FOREIGN KEY ("class_section_id") REFERENCES "class_sections" ("id")
) STRICT;
CREATE INDEX "counselors_by_term" ON "counselors" ("academic_year", "semester", "teacher_id");
CREATE INDEX "counselors_by_class" ON "counselors" ("class_section_id");
CREATE INDEX "counselors_by_teacher" ON "counselors" ("teacher_id");

CREATE TABLE "course_consultations" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "academic_year" INTEGER NOT NULL,
  "semester" INTEGER NOT NULL,
  "teacher_account" TEXT,
  "counselor_name" TEXT NOT NULL,
  "place" TEXT,
  "kind" TEXT NOT NULL,
  "topic" TEXT NOT NULL,
  "content" TEXT NOT NULL,
  "held_on" TEXT NOT NULL,
  "created_at" TEXT NOT NULL
) STRICT;
CREATE INDEX "course_consultations_by_term" ON "course_consultations" ("academic_year", "semester");

CREATE TABLE "course_counselors" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "teacher_id" TEXT NOT NULL,
  "class_section_id" TEXT NOT NULL,
  "academic_year" INTEGER NOT NULL,
  "semester" INTEGER NOT NULL,
  FOREIGN KEY ("teacher_id") REFERENCES "teachers" ("id"),
  FOREIGN KEY ("class_section_id") REFERENCES "class_sections" ("id")
) STRICT;
CREATE INDEX "course_counselors_by_term" ON "course_counselors" ("academic_year", "semester", "teacher_id");
CREATE INDEX "course_counselors_by_class" ON "course_counselors" ("class_section_id");
CREATE INDEX "course_counselors_by_teacher" ON "course_counselors" ("teacher_id");

CREATE TABLE "course_offerings" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "academic_year" INTEGER NOT NULL,
  "semester" INTEGER NOT NULL,
  "class_section_id" TEXT,
  "course_code" TEXT NOT NULL,
  "course_name" TEXT NOT NULL,
  "subject_name" TEXT NOT NULL,
  "credits" REAL NOT NULL,
  "grade" INTEGER NOT NULL,
  "co_taught" INTEGER NOT NULL DEFAULT 0,
  FOREIGN KEY ("class_section_id") REFERENCES "class_sections" ("id")
) STRICT;
CREATE INDEX "course_offerings_by_term" ON "course_offerings" ("academic_year", "semester", "co_taught");
CREATE INDEX "course_offerings_by_class" ON "course_offerings" ("class_section_id");
CREATE INDEX "course_offerings_by_code" ON "course_offerings" ("course_code");

CREATE TABLE "course_records" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "student_id" TEXT NOT NULL,
  "academic_year" INTEGER NOT NULL,
  "semester" INTEGER NOT NULL,
  "course_offering_id" TEXT,
  "course_code" TEXT NOT NULL,
  "subject_name" TEXT NOT NULL,
  "credits" REAL NOT NULL,
  "grade" INTEGER NOT NULL,
  "kind" TEXT NOT NULL,
  "score" REAL,
  "passed" INTEGER,
  FOREIGN KEY ("student_id") REFERENCES "students" ("id"),
  FOREIGN KEY ("course_offering_id") REFERENCES "course_offerings" ("id")
) STRICT;
CREATE INDEX "course_records_by_student" ON "course_records" ("student_id", "academic_year", "semester");
CREATE INDEX "course_records_by_offering" ON "course_records" ("course_offering_id");

CREATE TABLE "deputy_certifiers" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "teacher_id" TEXT NOT NULL,
  "deputy_id" TEXT NOT NULL,
  "starts_on" TEXT NOT NULL,
  "ends_on" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  FOREIGN KEY ("teacher_id") REFERENCES "teachers" ("id"),
  FOREIGN KEY ("deputy_id") REFERENCES "teachers" ("id")
) STRICT;
CREATE INDEX "deputy_certifiers_by_teacher" ON "deputy_certifiers" ("teacher_id");
CREATE INDEX "deputy_certifiers_by_deputy" ON "deputy_certifiers" ("deputy_id");

CREATE TABLE "diverse_performances" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "student_id" TEXT NOT NULL,
  "category" INTEGER NOT NULL,
  "academic_year" INTEGER NOT NULL,
  "semester" INTEGER NOT NULL,
  "title" TEXT NOT NULL,
  "details" TEXT NOT NULL,
  "summary" TEXT NOT NULL,
  "document_sha256" TEXT,
  "document_name" TEXT,
  "media_sha256" TEXT,
  "media_name" TEXT,
  "external_link" TEXT,
  "uploaded_term" TEXT NOT NULL,
  "created_at" TEXT NOT NULL,
  "ticked_at" TEXT,
  "submitted_term" TEXT NOT NULL DEFAULT '0000',
  "source_school_code" TEXT NOT NULL,
  "source_unit_code" TEXT,
  "transfer_in_id" TEXT,
  "content_hash" TEXT,
  FOREIGN KEY ("student_id") REFERENCES "students" ("id"),
  FOREIGN KEY ("document_sha256") REFERENCES "attachments" ("sha256"),
  FOREIGN KEY ("media_sha256") REFERENCES "attachments" ("sha256")
) STRICT;
CREATE INDEX "diverse_performances_by_student" ON "diverse_performances" ("student_id", "academic_year", "category", "ticked_at", "deleted_at");
CREATE INDEX "diverse_performances_by_year" ON "diverse_performances" ("academic_year", "category");
CREATE INDEX "diverse_performances_by_document" ON "diverse_performances" ("document_sha256");
CREATE INDEX "diverse_performances_by_media" ON "diverse_performances" ("media_sha256");
CREATE INDEX "diverse_performances_by_import" ON "diverse_performances" ("transfer_in_id");

CREATE TABLE "enrollments" (
  "student_id" TEXT NOT NULL,
  "academic_year" INTEGER NOT NULL,
  "semester" INTEGER NOT NULL,
  "class_section_id" TEXT NOT NULL,
  "seat_number" INTEGER NOT NULL,
  PRIMARY KEY ("student_id", "academic_year", "semester"),
  FOREIGN KEY ("student_id") REFERENCES "students" ("id") ON DELETE CASCADE,
  FOREIGN KEY ("class_section_id") REFERENCES "class_sections" ("id")
) STRICT;
CREATE INDEX "enrollments_by_class" ON "enrollments" ("class_section_id", "seat_number");

CREATE TABLE "file_outbox" (
  "sha256" TEXT PRIMARY KEY NOT NULL,
  "created_at" TEXT NOT NULL,
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "last_error" TEXT
) STRICT;

CREATE TABLE "function_parameters" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "value" INTEGER
) STRICT;

CREATE TABLE "jobs" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "operation" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "state" TEXT NOT NULL,
  "account_name" TEXT NOT NULL,
  "process_id" INTEGER NOT NULL,
  "started_at" TEXT NOT NULL,
  "finished_at" TEXT,
  "result" TEXT,
  "error" TEXT
) STRICT;
CREATE INDEX "jobs_by_start" ON "jobs" ("started_at");
CREATE INDEX "jobs_by_state" ON "jobs" ("state");

CREATE TABLE "learning_outcomes" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "student_id" TEXT NOT NULL,
  "academic_year" INTEGER NOT NULL,
  "semester" INTEGER NOT NULL,
  "course_offering_id" TEXT,
  "course_code" TEXT NOT NULL,
  "subject_name" TEXT NOT NULL,
  "credits" REAL NOT NULL,
  "grade" INTEGER NOT NULL,
  "course_semester" INTEGER NOT NULL,
  "exchange" INTEGER NOT NULL DEFAULT 0,
  "retake" INTEGER NOT NULL DEFAULT 0,
  "retake_term" TEXT,
  "retake_method" TEXT,
  "makeup" INTEGER NOT NULL DEFAULT 0,
  "makeup_term" TEXT,
  "makeup_method" TEXT,
  "repeat" INTEGER NOT NULL DEFAULT 0,
  "repeat_term" TEXT,
  "before_transfer" INTEGER NOT NULL DEFAULT 0,
  "document_sha256" TEXT,
  "document_name" TEXT,
  "media_sha256" TEXT,
  "media_name" TEXT,
  "summary" TEXT NOT NULL,
  "state" TEXT NOT NULL,
  "uploaded_term" TEXT NOT NULL,
  "created_at" TEXT NOT NULL,
  "sent_for_certification_at" TEXT,
  "certifier_id" TEXT,
  "certifier_name" TEXT,
  "certified_at" TEXT,
  "certification_remark" TEXT,
  "ticked_at" TEXT,
  "submitted_term" TEXT NOT NULL DEFAULT '0000',
  "source_school_code" TEXT NOT NULL,
  "source_unit_code" TEXT,
  "transfer_in_id" TEXT,
  "content_hash" TEXT,
  FOREIGN KEY ("student_id") REFERENCES "students" ("id"),
  FOREIGN KEY ("course_offering_id") REFERENCES "course_offerings" ("id"),
  FOREIGN KEY ("document_sha256") REFERENCES "attachments" ("sha256"),
  FOREIGN KEY ("media_sha256") REFERENCES "attachments" ("sha256"),
  FOREIGN KEY ("certifier_id") REFERENCES "teachers" ("id")
) STRICT;
CREATE INDEX "learning_outcomes_by_student" ON "learning_outcomes" ("student_id", "academic_year", "semester", "state", "ticked_at", "deleted_at");
CREATE INDEX "learning_outcomes_by_term" ON "learning_outcomes" ("academic_year", "semester", "state");
CREATE INDEX "learning_outcomes_by_certifier" ON "learning_outcomes" ("certifier_id", "state", "academic_year", "semester");
CREATE INDEX "learning_outcomes_by_offering" ON "learning_outcomes" ("course_offering_id");
CREATE INDEX "learning_outcomes_by_document" ON "learning_outcomes" ("document_sha256");
CREATE INDEX "learning_outcomes_by_media" ON "learning_outcomes" ("media_sha256");
CREATE INDEX "learning_outcomes_by_import" ON "learning_outcomes" ("transfer_in_id");

CREATE TABLE "operation_windows" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "item" TEXT NOT NULL,
  "academic_year" INTEGER NOT NULL,
  "semester" INTEGER NOT NULL,
  "starts_on" TEXT NOT NULL,
  "start_hour" INTEGER NOT NULL,
  "ends_on" TEXT NOT NULL,
  "end_hour" INTEGER NOT NULL
) STRICT;
CREATE INDEX "operation_windows_by_term" ON "operation_windows" ("academic_year", "semester", "item");

CREATE TABLE "outbox" (
  "idempotency_key" TEXT PRIMARY KEY NOT NULL,
  "sequence" INTEGER NOT NULL UNIQUE,
  "resource" TEXT NOT NULL,
  "record_id" TEXT NOT NULL,
  "base_version" INTEGER NOT NULL,
  "operation" TEXT NOT NULL,
  "data" TEXT NOT NULL,
  "created_at" TEXT NOT NULL,
  "created_by" TEXT NOT NULL,
  "state" TEXT NOT NULL,
  "answer" TEXT,
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "settled_at" TEXT
) STRICT;
CREATE INDEX "outbox_by_state" ON "outbox" ("state", "sequence");
CREATE INDEX "outbox_by_record" ON "outbox" ("resource", "record_id");

CREATE TABLE "psychological_tests" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "student_id" TEXT NOT NULL,
  "test_name" TEXT NOT NULL,
  "taken_on" TEXT NOT NULL,
  FOREIGN KEY ("student_id") REFERENCES "students" ("id")
) STRICT;
CREATE INDEX "psychological_tests_by_student" ON "psychological_tests" ("student_id");

CREATE TABLE "receipt_confirmations" (
  "receipt_statement_id" TEXT NOT NULL,
  "student_id" TEXT NOT NULL,
  "answer" TEXT,
  "answered_at" TEXT,
  "remark" TEXT,
  PRIMARY KEY ("receipt_statement_id", "student_id"),
  FOREIGN KEY ("receipt_statement_id") REFERENCES "receipt_statements" ("id") ON DELETE CASCADE,
  FOREIGN KEY ("student_id") REFERENCES "students" ("id")
) STRICT;
CREATE INDEX "receipt_confirmations_by_student" ON "receipt_confirmations" ("student_id");

CREATE TABLE "receipt_statement_rows" (
  "receipt_statement_id" TEXT NOT NULL,
  "sheet" TEXT NOT NULL,
  "row_number" INTEGER NOT NULL,
  "student_id" TEXT,
  "record_id" TEXT,
  "row_values" TEXT NOT NULL,
  "comparison" TEXT NOT NULL,
  PRIMARY KEY ("receipt_statement_id", "sheet", "row_number"),
  FOREIGN KEY ("receipt_statement_id") REFERENCES "receipt_statements" ("id") ON DELETE CASCADE,
  FOREIGN KEY ("student_id") REFERENCES "students" ("id")
) STRICT;
CREATE INDEX "receipt_statement_rows_by_student" ON "receipt_statement_rows" ("student_id");

CREATE TABLE "receipt_statements" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "kind" TEXT NOT NULL,
  "academic_year" INTEGER NOT NULL,
  "semester" INTEGER NOT NULL,
  "created_at" TEXT NOT NULL,
  "created_by" TEXT NOT NULL,
  "confirm_from" TEXT NOT NULL,
  "confirm_until" TEXT NOT NULL
) STRICT;

CREATE TABLE "receive_records" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL DEFAULT 0,
  "deleted_at" TEXT,
  "origin" TEXT NOT NULL,
  "data_type" TEXT NOT NULL,
  "ip" TEXT NOT NULL,
  "received_at" TEXT NOT NULL,
  "bytes" INTEGER NOT NULL,
  "file_count" INTEGER NOT NULL,
  "all_received" INTEGER NOT NULL DEFAULT 0,
  "started_at" TEXT,
  "finished_at" TEXT,
  "status" TEXT NOT NULL,
  "rows" INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX "receive_records_by_time" ON "receive_records" ("received_at");
CREATE INDEX "receive_records_by_type" ON "receive_records" ("data_type", "received_at");

CREATE TABLE "rewards" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "student_id" TEXT NOT NULL,
  "academic_year" INTEGER NOT NULL,
  "semester" INTEGER NOT NULL,
  "day" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "times" INTEGER NOT NULL,
  "reason" TEXT NOT NULL,
  FOREIGN KEY ("student_id") REFERENCES "students" ("id")
) STRICT;
CREATE INDEX "rewards_by_student" ON "rewards" ("student_id", "academic_year", "semester");

CREATE TABLE "role_group_modules" (
  "role_group_id" TEXT NOT NULL,
  "module" TEXT NOT NULL,
  "can_create" INTEGER NOT NULL DEFAULT 0,
  "can_update" INTEGER NOT NULL DEFAULT 0,
  "can_delete" INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY ("role_group_id", "module"),
  FOREIGN KEY ("role_group_id") REFERENCES "role_groups" ("id") ON DELETE CASCADE
) STRICT;

CREATE TABLE "role_groups" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "code" TEXT NOT NULL UNIQUE,
  "name" TEXT NOT NULL,
  "enabled" INTEGER NOT NULL DEFAULT 0,
  "remark" TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE "role_members" (
  "role_group_id" TEXT NOT NULL,
  "account_id" TEXT NOT NULL,
  PRIMARY KEY ("role_group_id", "account_id"),
  FOREIGN KEY ("role_group_id") REFERENCES "role_groups" ("id") ON DELETE CASCADE,
  FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON DELETE CASCADE
) STRICT;
CREATE INDEX "role_members_by_account" ON "role_members" ("account_id");

CREATE TABLE "school_settings" (
  "key" TEXT PRIMARY KEY NOT NULL,
  "value" TEXT NOT NULL
) STRICT;

CREATE TABLE "students" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "student_number" TEXT NOT NULL,
  "identity" TEXT,
  "name" TEXT NOT NULL,
  "birth_date" TEXT NOT NULL,
  "sex" TEXT NOT NULL,
  "email" TEXT,
  "account" TEXT,
  "status" TEXT NOT NULL,
  "status_changed_on" TEXT,
  "entry_year" INTEGER NOT NULL,
  "other_school_code" TEXT,
  "current_class_id" TEXT,
  "current_seat_number" INTEGER,
  "current_grade" INTEGER,
  "current_class_sort_key" TEXT,
  FOREIGN KEY ("current_class_id") REFERENCES "class_sections" ("id")
) STRICT;
CREATE INDEX "students_by_number" ON "students" ("student_number");
CREATE INDEX "students_by_identity" ON "students" ("identity");
CREATE INDEX "students_by_name" ON "students" ("name");
CREATE INDEX "students_by_class" ON "students" ("current_class_sort_key", "current_seat_number", "student_number");
CREATE INDEX "students_by_status" ON "students" ("status", "current_class_sort_key", "current_seat_number");
CREATE INDEX "students_by_class_id" ON "students" ("current_class_id");

CREATE TABLE "submission_findings" (
  "id" INTEGER PRIMARY KEY NOT NULL,
  "submission_id" TEXT,
  "checked_at" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "academic_year" INTEGER NOT NULL,
  "semester" INTEGER NOT NULL,
  "severity" TEXT NOT NULL,
  "student_id" TEXT,
  "record_id" TEXT,
  "field" TEXT,
  "code" TEXT NOT NULL,
  "message" TEXT NOT NULL,
  "confirmed_by" TEXT,
  FOREIGN KEY ("submission_id") REFERENCES "submissions" ("id") ON DELETE CASCADE,
  FOREIGN KEY ("student_id") REFERENCES "students" ("id")
) STRICT;
CREATE INDEX "submission_findings_by_submission" ON "submission_findings" ("submission_id");
CREATE INDEX "submission_findings_by_term" ON "submission_findings" ("kind", "academic_year", "semester", "severity");
CREATE INDEX "submission_findings_by_student" ON "submission_findings" ("student_id");

CREATE TABLE "submission_rows" (
  "submission_id" TEXT NOT NULL,
  "sheet" TEXT NOT NULL,
  "row_number" INTEGER NOT NULL,
  "student_id" TEXT,
  "record_id" TEXT,
  "row_values" TEXT NOT NULL,
  PRIMARY KEY ("submission_id", "sheet", "row_number"),
  FOREIGN KEY ("submission_id") REFERENCES "submissions" ("id"),
  FOREIGN KEY ("student_id") REFERENCES "students" ("id")
) STRICT;
CREATE INDEX "submission_rows_by_student" ON "submission_rows" ("student_id");

CREATE TABLE "submissions" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "kind" TEXT NOT NULL,
  "academic_year" INTEGER NOT NULL,
  "semester" INTEGER NOT NULL,
  "batch" TEXT NOT NULL DEFAULT 'regular',
  "submission_file_id" TEXT,
  "status_text" TEXT NOT NULL,
  "processing_status" TEXT NOT NULL,
  "roster_name" TEXT,
  "submitted_by" TEXT NOT NULL,
  "submitted_at" TEXT NOT NULL,
  "result_received_at" TEXT,
  "sent_sha256" TEXT,
  "answer_sha256" TEXT,
  "archived_at" TEXT,
  "archived_by" TEXT
) STRICT;
CREATE INDEX "submissions_by_kind" ON "submissions" ("kind", "submitted_at");

CREATE TABLE "sync_cursors" (
  "resource" TEXT PRIMARY KEY NOT NULL,
  "cursor" TEXT NOT NULL,
  "last_started_at" TEXT,
  "last_finished_at" TEXT,
  "last_result" TEXT,
  "last_error" TEXT,
  "received" INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE "sync_problems" (
  "resource" TEXT NOT NULL,
  "record_id" TEXT NOT NULL,
  "found_at" TEXT NOT NULL,
  "message" TEXT NOT NULL,
  "waiting_record" TEXT,
  PRIMARY KEY ("resource", "record_id")
) STRICT;

CREATE TABLE "teachers" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "account" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "email" TEXT,
  "active" INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX "teachers_by_name" ON "teachers" ("name");
CREATE INDEX "teachers_by_account" ON "teachers" ("account");

CREATE TABLE "teaching_assignments" (
  "course_offering_id" TEXT NOT NULL,
  "teacher_id" TEXT NOT NULL,
  "reviewer" INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY ("course_offering_id", "teacher_id"),
  FOREIGN KEY ("course_offering_id") REFERENCES "course_offerings" ("id") ON DELETE CASCADE,
  FOREIGN KEY ("teacher_id") REFERENCES "teachers" ("id")
) STRICT;
CREATE INDEX "teaching_assignments_by_teacher" ON "teaching_assignments" ("teacher_id");

CREATE TABLE "temporary_accounts" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "version" INTEGER NOT NULL,
  "deleted_at" TEXT,
  "student_id" TEXT NOT NULL,
  "purpose" TEXT NOT NULL,
  "account" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "opens_at" TEXT NOT NULL,
  "expires_at" TEXT NOT NULL,
  "opened_by" TEXT NOT NULL,
  FOREIGN KEY ("student_id") REFERENCES "students" ("id")
) STRICT;
CREATE INDEX "temporary_accounts_by_student" ON "temporary_accounts" ("student_id");

CREATE TABLE "terms" (
  "academic_year" INTEGER NOT NULL,
  "semester" INTEGER NOT NULL,
  "current" INTEGER NOT NULL DEFAULT 0,
  "offered" INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY ("academic_year", "semester")
) STRICT;
CREATE UNIQUE INDEX "terms_one_current" ON "terms" ("current") WHERE "current" = 1;

CREATE TABLE "transfer_cases" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "student_id" TEXT NOT NULL,
  "direction" TEXT NOT NULL,
  "moved_on" TEXT NOT NULL,
  "other_school_code" TEXT,
  "file_made_at" TEXT,
  "handed_over_at" TEXT,
  "handed_over_how" TEXT,
  "finished_at" TEXT,
  FOREIGN KEY ("student_id") REFERENCES "students" ("id")
) STRICT;
CREATE UNIQUE INDEX "transfer_cases_by_student" ON "transfer_cases" ("student_id", "direction", "moved_on");
CREATE INDEX "transfer_cases_open" ON "transfer_cases" ("finished_at", "direction");

CREATE TABLE "transfer_in_students" (
  "transfer_in_id" TEXT NOT NULL,
  "position" INTEGER NOT NULL,
  "identity" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "student_id" TEXT,
  "completed" INTEGER NOT NULL DEFAULT 0,
  "counts" TEXT NOT NULL,
  "messages" TEXT NOT NULL,
  PRIMARY KEY ("transfer_in_id", "position"),
  FOREIGN KEY ("transfer_in_id") REFERENCES "transfer_ins" ("id") ON DELETE CASCADE,
  FOREIGN KEY ("student_id") REFERENCES "students" ("id")
) STRICT;
CREATE INDEX "transfer_in_students_by_student" ON "transfer_in_students" ("student_id");

CREATE TABLE "transfer_ins" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "created_at" TEXT NOT NULL,
  "created_by" TEXT NOT NULL,
  "file_name" TEXT NOT NULL,
  "bytes" INTEGER NOT NULL,
  "md5" TEXT NOT NULL,
  "sha256" TEXT NOT NULL,
  "sender_school_code" TEXT NOT NULL,
  "student_count" INTEGER NOT NULL,
  "completed_count" INTEGER NOT NULL,
  "unknown_content" TEXT,
  "md5_waived_reason" TEXT
) STRICT;
CREATE INDEX "transfer_ins_by_time" ON "transfer_ins" ("created_at");
CREATE INDEX "transfer_ins_by_hash" ON "transfer_ins" ("sha256");

CREATE TABLE "transfer_out_files" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "created_at" TEXT NOT NULL,
  "created_by" TEXT NOT NULL,
  "file_name" TEXT NOT NULL,
  "bytes" INTEGER NOT NULL,
  "md5" TEXT NOT NULL,
  "sha256" TEXT NOT NULL,
  "encrypted_password" TEXT NOT NULL,
  "format" TEXT NOT NULL,
  "student_count" INTEGER NOT NULL,
  "students" TEXT NOT NULL,
  "handed_over_at" TEXT,
  "handed_over_to" TEXT,
  "acknowledged_at" TEXT
) STRICT;
CREATE INDEX "transfer_out_files_by_time" ON "transfer_out_files" ("created_at");
CREATE UNIQUE INDEX "transfer_out_files_by_name" ON "transfer_out_files" ("file_name");

CREATE TABLE "transfer_out_students" (
  "transfer_out_file_id" TEXT NOT NULL,
  "student_id" TEXT NOT NULL,
  "counts" TEXT NOT NULL,
  PRIMARY KEY ("transfer_out_file_id", "student_id"),
  FOREIGN KEY ("transfer_out_file_id") REFERENCES "transfer_out_files" ("id") ON DELETE CASCADE,
  FOREIGN KEY ("student_id") REFERENCES "students" ("id")
) STRICT;
CREATE INDEX "transfer_out_students_by_student" ON "transfer_out_students" ("student_id");

-- The audit log is append-only. A purge after the retention period works through a setting that opens the gate for
-- one transaction (main/features/audit).
CREATE TRIGGER "audit_entries_no_update" BEFORE UPDATE ON "audit_entries"
BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
CREATE TRIGGER "audit_entries_no_delete" BEFORE DELETE ON "audit_entries"
WHEN NOT EXISTS (SELECT 1 FROM "school_settings" WHERE "key" = 'audit.purging')
BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END;
CREATE TRIGGER "submission_rows_no_update" BEFORE UPDATE ON "submission_rows"
BEGIN SELECT RAISE(ABORT, 'submitted rows are never changed'); END;
