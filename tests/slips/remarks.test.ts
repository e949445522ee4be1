import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultRemarks, layoutRemarks, remarkLimits, remarksFit, remarkWidth } from '../../domain/slip-remarks.ts';

describe('備註說明 of the confirmation slip', () => {
  test('given 45 full-width characters, when they are laid out, then they stand on one line and the 46th on the next', () => {
    expect(layoutRemarks('字'.repeat(45))).toEqual(['字'.repeat(45)]);
    expect(layoutRemarks('字'.repeat(46))).toEqual(['字'.repeat(45), '字']);
  });

  test('given half-width characters, when they are laid out, then two count as one', () => {
    expect(remarkWidth('上限為6件')).toBe(4.5);
    expect(layoutRemarks(`${'字'.repeat(44)}12`)).toHaveLength(1);
    expect(layoutRemarks(`${'字'.repeat(44)}123`)).toEqual(['字'.repeat(44), '123']);
  });

  test('given Enter in the text, when it is laid out, then lines break there and empty lines count, but not at the end', () => {
    expect(layoutRemarks('一\n\n二\r\n三\n\n')).toEqual(['一', '', '二', '三']);
    expect(layoutRemarks('')).toEqual([]);
  });

  test('given 28 lines of 45 characters, when the office saves them, then they fit; a 29th does not', () => {
    const full = Array.from({ length: 28 }, () => '字'.repeat(45)).join('\n');
    expect(remarksFit(full)).toBe(true);
    expect(remarksFit('字'.repeat(45 * 28))).toBe(true);
    expect(remarksFit(`${full}\n字`)).toBe(false);
    expect(remarksFit('字'.repeat(45 * 28 + 1))).toBe(false);
  });

  test('given punctuation at the end of a line, when it is laid out, then no line begins with a closing mark or ends with an opening one', () => {
    expect(layoutRemarks(`${'字'.repeat(45)}。後`)).toEqual(['字'.repeat(44), '字。後']);
    expect(layoutRemarks(`${'字'.repeat(44)}「後」`)).toEqual(['字'.repeat(44), '「後」']);
  });

  test('given the address in the third default remark, when it is laid out, then it is not cut', () => {
    const lines = layoutRemarks(defaultRemarks);
    expect(lines.filter((line) => line.includes('https://e-portfolio.cooc.tp.edu.tw'))).toHaveLength(1);
    expect(lines.length).toBeLessThan(12);
  });

  test('given any text, when it is laid out, then no line is too wide and no character is lost', () => {
    const pieces = fc.constantFrom('字', '，', '「', '」', 'a', '1', ' ', '\n', '。', '𠮷', 'é', 'https://example.tw/', '（', '…');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 400 }), (parts) => {
        const text = parts.join('');
        const lines = layoutRemarks(text);
        for (const line of lines) expect(remarkWidth(line)).toBeLessThanOrEqual(remarkLimits.lineWidth);
        expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
      }),
    );
  });
});
