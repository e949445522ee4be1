import PDFDocument from 'pdfkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openTrial, type Trial } from '../support/trial.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

let trial: Trial;
beforeAll(async () => {
  trial = await openTrial();
});
afterAll(() => trial.close());

function certificate(options: PDFKit.PDFDocumentOptions): Promise<Buffer> {
  const document = new PDFDocument(options);
  const parts: Buffer[] = [];
  document.on('data', (part: Buffer) => parts.push(part));
  document.text('A certificate');
  document.end();
  return new Promise((resolve) => document.on('end', () => resolve(Buffer.concat(parts))));
}

test('given certificates with a password, then the check finds the one that nobody can open, and not the one that nobody can change', async () => {
  const { connection, attachments, write } = trial.application.foundation;
  const { sqlite } = connection;
  const [changed, opened] = sqlite
    .prepare<[], string>(
      `select r.id from diverse_performances r join students s on s.id = r.student_id
       where r.academic_year = 114 and r.ticked_at is not null and r.deleted_at is null and r.document_sha256 is not null order by r.id limit 2`,
    )
    .pluck()
    .all();
  for (const [id, options] of [
    [changed!, { ownerPassword: 'the office that issued it' }],
    [opened!, { userPassword: '0000' }],
  ] as const) {
    const content = await certificate(options);
    await write(() => {
      const { sha256, md5, bytes } = attachments.put(content);
      sqlite
        .prepare("insert into attachments (sha256, md5, bytes, media_type, at_city) values (?, ?, ?, 'application/pdf', 1)")
        .run(sha256, md5, bytes);
      sqlite.prepare('update diverse_performances set document_sha256 = ? where id = ?').run(sha256, id);
    });
  }
  const { id: precheckId, errors } = await trial.runJob('submissions.check', { kind: 'performances', academicYear: 114, semester: 0 });
  expect(errors).toBe(1);
  const { rows } = await trial.call('submissions.findings', { kind: 'performances', precheckId });
  expect(rows.filter(({ severity }) => severity === 'error')).toEqual([
    expect.objectContaining({
      recordId: opened,
      code: 'file.unreadable',
      field: '證明文件連結',
      message: expect.stringContaining('設有密碼'),
    }),
  ]);
});
