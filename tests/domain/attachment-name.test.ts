import { describe, expect, it } from 'vitest';
import { attachmentName } from '../../domain/attachment-name.ts';

const pdf = (given: string) => attachmentName(given, 'A123456789/多元表現/M01.pdf', 'application/pdf');

describe('the name of an attachment from elsewhere', () => {
  it.each([
    ['國語文心得.pdf', '國語文心得.pdf'],
    ['心得', '心得'],
    ['第1.2版 心得', '第1.2版 心得'],
    ['C:\\我的文件\\心得.pdf', '心得.pdf'],
    ['../../心得.pdf', '心得.pdf'],
    ['心\u0000得\n.pdf', '心得.pdf'],
    ['心得\u202efdp.exe', '心得fdp.exe.pdf'],
    ['報告.docx', '報告.docx.pdf'],
    ['照片.jpg', '照片.jpg.pdf'],
    ['心得.PDF', '心得.PDF'],
    ['', 'M01.pdf'],
    ['folder/', 'M01.pdf'],
  ])('%j is kept as %s', (given, kept) => {
    expect(pdf(given)).toBe(kept);
  });

  it('is no longer than anyone takes, ends as it did, and cuts no character', () => {
    const long = pdf(`${'𠮷'.repeat(200)}.pdf`);
    expect(long).toBe(`${'𠮷'.repeat(125)}.pdf`);
    expect(pdf(`${'長'.repeat(400)}.exe`)).toBe(`${'長'.repeat(247)}.exe.pdf`);
    expect(pdf('長'.repeat(400))).toBe('長'.repeat(255));
  });
});
