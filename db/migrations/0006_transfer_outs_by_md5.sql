-- A file that was made is known by its MD5, as whoever receives it checks it: a second hash over every byte served nobody. And what is about
-- to get its name is noted until its record is there, so that a kill in between leaves no file that nobody knows.

ALTER TABLE "transfer_out_files" DROP COLUMN "sha256";

CREATE TABLE "unrecorded_transfer_files" (
  "file_name" TEXT PRIMARY KEY NOT NULL,
  "inode" TEXT NOT NULL
) STRICT;
