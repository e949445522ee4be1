import { hash, randomBytes } from 'node:crypto';
import type { Trial } from './trial.ts';

export const videoBytes = 10 * 1024 * 1024;

/** MP4s by their first bytes, the rest as incompressible as real video; no two alike. The memory is the same each time. */
export function* videos(count: number): Generator<Buffer> {
  const content = randomBytes(videoBytes);
  Buffer.from('\0\0\0\x18ftypmp42', 'latin1').copy(content);
  for (let index = 0; index < count; index += 1) {
    content.writeUInt32LE(index, 64);
    yield content;
  }
}

/** Gives a student performances with a video of ten MiB each. @param onVideo is told of each */
export async function addVideos(
  { application: { foundation } }: Trial,
  studentId: string,
  count: number,
  onVideo: (content: Buffer, index: number) => void = () => {},
): Promise<void> {
  const { connection, attachments, write } = foundation;
  const addFile = connection.sqlite.prepare(
    "insert or ignore into attachments (sha256, md5, bytes, media_type, at_city) values (?, ?, ?, 'video/mp4', 1)",
  );
  const addRecord = connection.sqlite.prepare(
    `insert into diverse_performances (id, version, student_id, category, academic_year, semester, title, details, summary, media_sha256, media_name,
       uploaded_term, created_at, submitted_term, source_school_code)
     values (?, 1, ?, 8, 114, 1, '影片', ?, '', ?, '影片.mp4', '1141', '2025-10-01T01:00:00.000Z', '0000', '999999')`,
  );
  let index = 0;
  for (const content of videos(count)) {
    onVideo(content, index);
    await write(() => {
      const { sha256, md5, bytes } = attachments.put(content);
      addFile.run(sha256, md5, bytes);
      const details = JSON.stringify({ workName: `影片${index}`, workDate: '2025-10-01' });
      addRecord.run(`video-${hash('md5', studentId).slice(0, 8)}-${index}`, studentId, details, sha256);
    });
    index += 1;
  }
}
