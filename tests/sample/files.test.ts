import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { crc32, inflateSync } from 'node:zlib';
import { JpegImage } from 'pdfjs-dist/image_decoders/pdf.image_decoders.mjs';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { TextItem } from 'pdfjs-dist/types/src/display/api.js';
import { describe, expect, test } from 'vitest';
import { sampleSchool } from '../../db/sample/index.ts';
import { mediaTypeOfContent, mediaTypes } from '../../domain/media-type.ts';
import type { FileReference } from '../../main/central/resources.ts';

const school = sampleSchool({ students: 60, years: 3, seed: 1, schoolCode: '999999', schoolName: '測試高中', today: '2026-11-24' });

interface Attachment {
  reference: FileReference;
  recipe: string;
  bytes: Buffer;
}

const attachments: Attachment[] = [];
for (const { record, files } of school.records()) {
  if (!('document' in record)) continue;
  const recipes = new Map(files.map(({ sha256, recipe }) => [sha256, recipe]));
  for (const reference of [record.document, record.media]) {
    if (!reference) continue;
    const recipe = recipes.get(reference.sha256)!;
    attachments.push({ reference, recipe, bytes: school.file(recipe) });
  }
}
/** Readers set their own spaces between the pieces of a line. */
const plain = (text: string) => text.replaceAll(/\s/g, '');
const ofType = (mediaType: string) => attachments.filter(({ reference }) => reference.mediaType === mediaType);

describe('attachments of the trial school', () => {
  test('given a recipe, when the file is made again, then its hashes and size are those that the record tells', () => {
    expect(attachments.length).toBeGreaterThan(1000);
    for (const { reference, bytes } of attachments) {
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(reference.sha256);
      expect(createHash('md5').update(bytes).digest('hex')).toBe(reference.md5);
      expect(bytes.length).toBe(reference.bytes);
    }
  });

  test('given all of them, when they are compared, then no two are the same', () => {
    expect(new Set(attachments.map(({ reference }) => reference.sha256)).size).toBe(attachments.length);
  });

  test('given their names and contents, when types are told by both, then they agree, and all five are there', () => {
    for (const { reference, bytes } of attachments) {
      expect(mediaTypeOfContent(bytes)).toBe(reference.mediaType);
      expect(reference.name).toMatch(new RegExp(`\\.${mediaTypes[reference.mediaType as keyof typeof mediaTypes].extension}$`));
      expect(reference.name).not.toMatch(/[/\\:*?"<>|]/);
    }
    expect(new Set(attachments.map(({ reference }) => reference.mediaType))).toEqual(new Set(Object.keys(mediaTypes)));
  });

  test('given something that is no recipe, then it is refused', () => {
    expect(() => school.file('exe|1|x|y')).toThrow(RangeError);
    expect(() => school.file('')).toThrow(RangeError);
  });

  test('given PDFs, when another program reads them, then the title and the serial stand there as text', async () => {
    const cMapUrl = fileURLToPath(new URL('../../node_modules/pdfjs-dist/cmaps/', import.meta.url));
    for (const { recipe, bytes } of ofType('application/pdf').slice(0, 20)) {
      const loading = getDocument({ data: new Uint8Array(bytes), cMapUrl, cMapPacked: true, verbosity: 0 });
      const document = await loading.promise;
      const { items } = await (await document.getPage(1)).getTextContent();
      const text = plain((items as TextItem[]).map(({ str }) => str).join(''));
      const [, seed, serial, ...lines] = recipe.split('|');
      for (const line of [`${seed}/${serial}`, ...lines]) expect(text).toContain(plain(line));
      await loading.destroy();
    }
  });

  test('given JPEGs, when they are decoded, then they are pictures of more than one colour', () => {
    for (const { bytes } of ofType('image/jpeg')) {
      const picture = new JpegImage();
      picture.parse(new Uint8Array(bytes));
      expect([picture.width, picture.height, picture.numComponents]).toEqual([96, 72, 3]);
      const pixels = picture.getData({ width: 96, height: 72, forceRGB: true, isSourcePDF: false });
      expect(pixels).toHaveLength(96 * 72 * 3);
      expect(new Set(pixels).size).toBeGreaterThan(8);
    }
  });

  test('given PNGs, when they are decoded, then every checksum holds and the pixels are all there', () => {
    for (const { bytes } of ofType('image/png')) {
      expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
      const chunks = new Map<string, Buffer>();
      for (let at = 8; at < bytes.length; ) {
        const length = bytes.readUInt32BE(at);
        expect(bytes.readUInt32BE(at + 8 + length)).toBe(crc32(bytes.subarray(at + 4, at + 8 + length)));
        chunks.set(bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, at + 8 + length));
        at += length + 12;
      }
      expect([...chunks.keys()]).toEqual(['IHDR', 'iTXt', 'PLTE', 'IDAT', 'IEND']);
      expect([chunks.get('IHDR')!.readUInt32BE(0), chunks.get('IHDR')!.readUInt32BE(4)]).toEqual([64, 48]);
      const pixels = inflateSync(chunks.get('IDAT')!);
      expect(pixels).toHaveLength(33 * 48);
      expect(new Set(pixels).size).toBeGreaterThan(2);
    }
  });

  test('given MP3s, when their frames are walked, then they follow each other to the end', () => {
    for (const { bytes } of ofType('audio/mpeg')) {
      expect(bytes.toString('latin1', 0, 3)).toBe('ID3');
      const tag = bytes.subarray(6, 10).reduce((size, byte) => size * 128 + byte, 0);
      let frames = 0;
      // MPEG-2 layer III, 16 kbit/s at 24 kHz: 48 bytes a frame.
      for (let at = 10 + tag; at < bytes.length; at += 48) {
        expect(bytes.readUInt16BE(at) & 0xfffe).toBe(0xfff2);
        frames += 1;
      }
      expect(frames).toBe(48);
    }
  });

  test('given MP4s, when their boxes are walked, then index and media are there and the last box ends with the file', () => {
    for (const { bytes } of ofType('video/mp4')) {
      const boxes: string[] = [];
      let at = 0;
      while (at < bytes.length) {
        boxes.push(bytes.toString('latin1', at + 4, at + 8));
        at += bytes.readUInt32BE(at);
      }
      expect(at).toBe(bytes.length);
      expect(boxes.filter((box) => box !== 'free')).toEqual(['ftyp', 'moov', 'mdat']);
    }
  });
});
