import fc from 'fast-check';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import PDFDocument from 'pdfkit';
import { describe, expect, test } from 'vitest';
import { fileKinds, fileOf, mediaTypes, recipeOf } from '../../db/sample/files/recipe.ts';
import { contentProblemOf } from '../../domain/file-content.ts';
import type { MediaType } from '../../domain/media-type.ts';

const sample = (kind: (typeof fileKinds)[number], serial: string) =>
  fileOf(recipeOf({ kind, seed: 3, serial, lines: ['國語文 學習成果', '讀書報告', '第二頁'] }));
const serial = fc.integer({ min: 0, max: 0xffffff }).map((number) => `lo-${number.toString(16)}`);

/** A PDF as another program writes it. */
function written(options: PDFKit.PDFDocumentOptions = {}): Promise<Buffer> {
  const document = new PDFDocument(options);
  const parts: Buffer[] = [];
  document.on('data', (part: Buffer) => parts.push(part));
  document.text('A certificate of 2026').addPage().text('Its second page');
  document.end();
  return new Promise((resolve) => document.on('end', () => resolve(Buffer.concat(parts))));
}

/** The same PDF with its cross-reference table as a stream, as PDF 1.5 and most of today's writers have it. */
function withCrossReferenceStream(content: Buffer): Buffer {
  const text = content.toString('latin1');
  const table = Number(/startxref\s+(\d+)/.exec(text)![1]);
  const [, count] = /xref\s+0 (\d+)/.exec(text.slice(table))!;
  const entries = [...text.slice(table).matchAll(/(\d{10}) (\d{5}) ([nf])/g)];
  const trailer = text.slice(text.indexOf('trailer', table) + 'trailer'.length, text.lastIndexOf('startxref')).trim();
  const size = Number(count) + 1;
  const index = Buffer.alloc(size * 6);
  for (const [number, [, offset, , use]] of entries.entries()) {
    index.writeUInt8(use === 'n' ? 1 : 0, number * 6);
    index.writeUInt32BE(use === 'n' ? Number(offset) : 0, number * 6 + 1);
    index.writeUInt8(use === 'n' ? 0 : 255, number * 6 + 5);
  }
  index.writeUInt8(1, (size - 1) * 6);
  index.writeUInt32BE(table, (size - 1) * 6 + 1);
  const dictionary = trailer.replace(/\/Size \d+/, `/Size ${size}`).replace('<<', `<< /Type /XRef /W [1 4 1] /Length ${index.length} `);
  return Buffer.concat([
    content.subarray(0, table),
    Buffer.from(`${size - 1} 0 obj\n${dictionary}\nstream\n`, 'latin1'),
    index,
    Buffer.from(`\nendstream\nendobj\nstartxref\n${table}\n%%EOF\n`, 'latin1'),
  ]);
}

/** Pages that another program counts in it. @throws its `PasswordException` */
async function pagesOf(content: Buffer, password?: string): Promise<number> {
  const loading = getDocument({ data: new Uint8Array(content), verbosity: 0, ...(password ? { password } : {}) });
  try {
    return (await loading.promise).numPages;
  } finally {
    await loading.destroy();
  }
}

describe('a whole file', () => {
  test.each(fileKinds)('%s as students upload it is fine', (kind) => {
    fc.assert(
      fc.property(serial, (each) => {
        expect(contentProblemOf(sample(kind, each), mediaTypes[kind])).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });

  test('a PDF of another writer is fine, with a table or a stream of cross-references, and with a little rubbish at its ends', async () => {
    const plain = await written();
    for (const content of [plain, withCrossReferenceStream(plain)]) {
      expect(await pagesOf(content)).toBe(2);
      expect(contentProblemOf(content, 'application/pdf')).toBeUndefined();
      expect(contentProblemOf(Buffer.concat([content, Buffer.alloc(300)]), 'application/pdf')).toBeUndefined();
      expect(contentProblemOf(Buffer.concat([Buffer.from('\ufeff\r\n'), content]), 'application/pdf')).toBeUndefined();
    }
  });
});

describe('a file cut off', () => {
  /** Bytes at the end without which a reader still has everything: a PDF's last line, an MP4's box of free space. */
  const wholeUntil: Record<string, (content: Buffer) => number> = {
    pdf: (content) => content.lastIndexOf('startxref') + 'startxref'.length,
    jpg: (content) => content.length,
    png: (content) => content.length,
    mp4: (content) => content.lastIndexOf('free') - 4,
  };

  test.each(['pdf', 'jpg', 'png', 'mp4'] as const)('%s is not whole, wherever it is cut', (kind) => {
    fc.assert(
      fc.property(serial, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (each, part) => {
        const content = sample(kind, each);
        // From its first bytes on, by which its kind is told.
        const cut = 12 + Math.floor(part * (wholeUntil[kind]!(content) - 12));
        expect([cut, contentProblemOf(content.subarray(0, cut), mediaTypes[kind])]).toEqual([cut, 'truncated']);
      }),
      { numRuns: 400 },
    );
  });

  test('an MP4 that ends behind its index, before its pictures, has nothing to play', () => {
    const box = (name: string, length: number) => {
      const bytes = Buffer.alloc(length);
      bytes.writeUInt32BE(length);
      bytes.write(name, 4, 'latin1');
      return bytes;
    };
    const [kind, index, pictures] = [box('ftyp', 24), box('moov', 400), box('mdat', 9000)];
    expect(contentProblemOf(Buffer.concat([kind, index, pictures]), 'video/mp4')).toBeUndefined();
    expect(contentProblemOf(Buffer.concat([kind, pictures, index]), 'video/mp4')).toBeUndefined();
    expect(contentProblemOf(Buffer.concat([kind, index]), 'video/mp4')).toBe('truncated');
    expect(contentProblemOf(Buffer.concat([kind, index, pictures.subarray(0, 5)]), 'video/mp4')).toBe('truncated');
    expect(contentProblemOf(Buffer.concat([kind, pictures]), 'video/mp4')).toBe('truncated');
  });

  test('of no bytes at all is empty, whatever it is called', () => {
    for (const kind of fileKinds) expect(contentProblemOf(new Uint8Array(), mediaTypes[kind])).toBe('empty');
  });

  test('no bytes make it throw', () => {
    fc.assert(
      fc.property(fc.constantFrom(...fileKinds), serial, fc.uint8Array({ maxLength: 40 }), fc.nat(4000), (kind, each, junk, at) => {
        const content = sample(kind, each);
        content.set(junk.subarray(0, Math.max(0, content.length - at)), Math.min(at, content.length));
        contentProblemOf(content, mediaTypes[kind]);
        contentProblemOf(junk, mediaTypes[kind]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a file under another name', () => {
  test('is of another kind than its record says', () => {
    for (const kind of fileKinds) {
      for (const other of fileKinds.filter((each) => each !== kind)) {
        expect([kind, other, contentProblemOf(sample(kind, 'lo-1'), mediaTypes[other])]).toEqual([kind, other, 'otherKind']);
      }
    }
  });

  test.each([
    ['a Word document', Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 6, 0, 8, 0, 0, 0, 33, 0, 0, 0])],
    ['an old Word document', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])],
    ['a page of the web', Buffer.from('<!DOCTYPE html><title>登入逾時</title>')],
    ['a photograph of a telephone that is no JPG', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')],
    ['one byte', Buffer.from([0xff])],
  ])('%s is no file of a portfolio', (_name, content) => {
    const types: MediaType[] = ['application/pdf', 'image/jpeg', 'image/png'];
    for (const type of types) expect(contentProblemOf(content, type)).toBe('otherKind');
  });
});

describe('a PDF with a password', () => {
  test.each(['1.3', '1.4', '1.6', '1.7', '1.7ext3'] as const)(
    'of PDF %s is locked, with a table or a stream of cross-references',
    async (pdfVersion) => {
      const locked = await written({ pdfVersion, userPassword: '0000' });
      for (const content of [locked, withCrossReferenceStream(locked)]) {
        await expect(pagesOf(content)).rejects.toMatchObject({ name: 'PasswordException' });
        expect(await pagesOf(content, '0000')).toBe(2);
        expect(contentProblemOf(content, 'application/pdf')).toBe('locked');
      }
    },
  );

  test('whose text only speaks of /Encrypt is not locked', async () => {
    const document = await written({ info: { Title: 'trailer /Encrypt 5 0 R' } });
    expect(contentProblemOf(document, 'application/pdf')).toBeUndefined();
  });
});
