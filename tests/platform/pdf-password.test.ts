import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import fc from 'fast-check';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import PDFDocument from 'pdfkit';
import { describe, expect, test } from 'vitest';
import { contentProblemOf } from '../../domain/file-content.ts';
import { hardenedHash, opensWithoutPassword } from '../../main/platform/pdf-password.ts';

/** A PDF as another program writes it, encrypted; whether it opens without a password, a third program says. */
function written(options: PDFKit.PDFDocumentOptions): Promise<Buffer> {
  const document = new PDFDocument(options);
  const parts: Buffer[] = [];
  document.on('data', (part: Buffer) => parts.push(part));
  document.text('A certificate of 2026');
  document.end();
  return new Promise((resolve) => document.on('end', () => resolve(Buffer.concat(parts))));
}

async function opens(content: Buffer): Promise<boolean> {
  const loading = getDocument({ data: new Uint8Array(content), verbosity: 0 });
  try {
    const document = await loading.promise;
    const { items } = await (await document.getPage(1)).getTextContent();
    return items.map((item) => ('str' in item ? item.str : '')).join('') === 'A certificate of 2026';
  } catch (error) {
    if ((error as Error).name !== 'PasswordException') throw error;
    return false;
  } finally {
    await loading.destroy();
  }
}

/** The same PDF of revision 5 as one of revision 6: the check value and the wrapped key by the hash of 2.B. */
function asRevision6(content: Buffer, userPassword: string): Buffer {
  const password = Buffer.from(userPassword);
  const text = content.toString('latin1');
  const hexOf = (key: string) => new RegExp(`/${key} <([0-9a-f]+)>`, 'i').exec(text)![1]!;
  const check = Buffer.from(hexOf('U'), 'hex');
  const zero = Buffer.alloc(16);
  const oldKey = createHash('sha256').update(password).update(check.subarray(40, 48)).digest();
  const unwrap = createDecipheriv('aes-256-cbc', oldKey, zero).setAutoPadding(false);
  const fileKey = unwrap.update(Buffer.from(hexOf('UE'), 'hex'));
  const wrap = createCipheriv('aes-256-cbc', hardenedHash(password, check.subarray(40, 48)), zero).setAutoPadding(false);
  const newCheck = Buffer.concat([hardenedHash(password, check.subarray(32, 40)), check.subarray(32)]);
  const changed = text
    .replace(/\/R 5\b/, '/R 6')
    .replace(`<${hexOf('U')}>`, `<${newCheck.toString('hex')}>`)
    .replace(`<${hexOf('UE')}>`, `<${wrap.update(fileKey).toString('hex')}>`);
  return Buffer.from(changed, 'latin1');
}

const versions = ['1.3', '1.4', '1.6', '1.7', '1.7ext3'] as const;

describe.each(versions)('an encrypted PDF of version %s', (pdfVersion) => {
  test('that only changes are locked in opens without a password', async () => {
    const content = await written({ pdfVersion, ownerPassword: 'the school', permissions: { printing: 'highResolution' } });
    expect(contentProblemOf(content, 'application/pdf')).toBe('locked');
    expect(await opens(content)).toBe(true);
    expect(opensWithoutPassword(content)).toBe(true);
  });

  test('that a password opens does not', async () => {
    for (const options of [{ userPassword: '0000' }, { userPassword: '0000', ownerPassword: 'the school' }]) {
      const content = await written({ pdfVersion, ...options });
      expect(await opens(content)).toBe(false);
      expect(opensWithoutPassword(content)).toBe(false);
    }
  });
});

describe('an encrypted PDF of today', () => {
  test('(revision 6) is told by its own hash', async () => {
    const free = asRevision6(await written({ pdfVersion: '1.7ext3', ownerPassword: 'the school' }), '');
    expect([await opens(free), opensWithoutPassword(free)]).toEqual([true, true]);
    const locked = asRevision6(await written({ pdfVersion: '1.7ext3', userPassword: '0000' }), '0000');
    expect([await opens(locked), opensWithoutPassword(locked)]).toEqual([false, false]);
  });
});

test('with its strings written in parentheses it is the same', async () => {
  const literal = (hexadecimal: string) =>
    `(${[...Buffer.from(hexadecimal, 'hex')].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')})`;
  for (const userPassword of ['', '0000']) {
    const content = await written({ pdfVersion: '1.4', ownerPassword: 'the school', ...(userPassword ? { userPassword } : {}) });
    const changed = content.toString('latin1').replace(/\/([OU]) <([0-9a-f]+)>/gi, (_whole, key, value) => `/${key} ${literal(value)}`);
    expect(opensWithoutPassword(Buffer.from(changed, 'latin1'))).toBe(userPassword === '');
  }
});

test('no bytes make it throw, and what is no dictionary opens nothing', async () => {
  expect(opensWithoutPassword(Buffer.from('%PDF-1.7 trailer <</Encrypt 9 0 R>>'))).toBe(false);
  const content = await written({ pdfVersion: '1.4', userPassword: '0000' });
  fc.assert(
    fc.property(fc.nat(content.length - 1), fc.uint8Array({ minLength: 1, maxLength: 30 }), (at, junk) => {
      const changed = Buffer.from(content);
      changed.set(junk.subarray(0, changed.length - at), at);
      expect(opensWithoutPassword(changed)).toBe(false);
      opensWithoutPassword(changed.subarray(0, at));
    }),
    { numRuns: 300 },
  );
});
