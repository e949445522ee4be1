import { describe, expect, it } from 'vitest';
import { fileOf, recipeOf } from '../../db/sample/files/recipe.ts';
import { disguiseOf } from '../../domain/file-disguise.ts';
import { handMadeZip } from '../support/foreign-files/hand-made.ts';

const kinds = ['pdf', 'jpg', 'png', 'mp3', 'mp4'] as const;
const made = Object.fromEntries(kinds.map((kind) => [kind, fileOf(recipeOf({ kind, seed: 1, serial: 'a', lines: ['成果', '內容'] }))]));
const bytes = (text: string) => Buffer.from(text, 'latin1');
const zip = handMadeZip([{ name: 'Evil.class', content: bytes('\xca\xfe\xba\xbe'), protection: 'none' }]).bytes;
const mz = bytes('MZ\x90\x00\x03');

describe('a file of a record', () => {
  it.each(kinds)('that is a %s is what it says', (kind) => {
    expect(disguiseOf(made[kind]!)).toBeUndefined();
  });

  it('may be a PDF with space or a printer’s command in front', () => {
    expect(disguiseOf(Buffer.concat([bytes('\xef\xbb\xbf\r\n'), made.pdf!]))).toBeUndefined();
    expect(disguiseOf(Buffer.concat([bytes('\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n'), made.pdf!]))).toBeUndefined();
  });

  it('may be a PDF that holds an archive inside', () => {
    const cut = made.pdf!.byteLength - 60;
    expect(disguiseOf(Buffer.concat([made.pdf!.subarray(0, cut), zip, made.pdf!.subarray(cut)]))).toBeUndefined();
  });

  it('that is nothing a portfolio holds is no disguise', () => {
    expect(disguiseOf(bytes('just text'))).toBeUndefined();
    expect(disguiseOf(new Uint8Array())).toBeUndefined();
  });

  it.each([
    ['a program of Windows', mz],
    ['a program of Linux', bytes('\x7fELF\x02\x01')],
    ['a program of macOS', bytes('\xcf\xfa\xed\xfe\x07')],
    ['a script', bytes('#!/bin/sh\nrm -rf /\n')],
    ['a page', bytes('  <!DOCTYPE html><script>alert(1)</script>')],
    ['a page after a byte order mark', bytes('\xef\xbb\xbf<html>')],
    ['a picture that runs scripts', bytes('<?xml version="1.0"?><svg xmlns="x">')],
    ['an archive, as Word and Excel make', zip],
    ['an old Word document', bytes('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')],
    ['a page that begins as a PDF', bytes('%PDF-1.7\n<html><script>alert(1)</script></html>')],
  ])('that is %s is disguised', (_what, content) => {
    expect(disguiseOf(content)).toBe('disguised');
  });

  it.each([
    ['a program with a PDF behind it', Buffer.concat([mz, made.pdf!])],
    ['a page with a PDF behind it', Buffer.concat([bytes('<html><!--'), made.pdf!])],
    ['an archive with a PDF behind it', Buffer.concat([zip.subarray(0, 60), made.pdf!])],
    ['a GIF with a PDF behind it', Buffer.concat([bytes('GIF89a'), made.pdf!])],
    ...kinds.map((kind) => [`a ${kind} with an archive behind it`, Buffer.concat([made[kind]!, zip])] as [string, Buffer]),
  ])('that is also %s is a polyglot', (_what, content) => {
    expect(disguiseOf(content)).toBe('polyglot');
  });
});
