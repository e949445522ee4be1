import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classSortKey, toChineseNumeral } from '../../domain/class-order.ts';
import { identityKind, isValidIdentity, maskIdentity, withCheckDigit } from '../../domain/national-id.ts';
import {
  addDays,
  formatRocDateTime,
  formatRocDay,
  instantOfTaipei,
  isIsoDay,
  parseRocDay,
  taipeiDay,
  weekdayOf,
} from '../../domain/roc-date.ts';
import { describeTerm, formatTerm, parseTerm, termOfDate } from '../../domain/term.ts';

describe('ROC dates', () => {
  it('are shown as the manual shows them', () => {
    expect(formatRocDay('2020-07-17')).toBe('109/07/17');
    expect(formatRocDateTime('2020-07-17T01:59:16Z')).toBe('109/07/17 09:59:16');
    expect(formatRocDay('1911-12-31')).toBe('民國前 1/12/31');
    expect(formatRocDay('2010-01-02')).toBe('99/01/02');
    expect(weekdayOf('2020-09-26')).toBe('六');
  });

  it.each([
    '1090717',
    '109/7/17',
    '109/07/17',
    '109.7.17',
    '109-7-17',
    '109年7月17日',
    '民國109年7月17日',
    '１０９／７／１７',
    '2020/07/17',
    '20200717',
  ])('reads %s', (typed) => {
    expect(parseRocDay(typed)).toBe('2020-07-17');
  });

  it.each(['', '109/2/30', '1091332', '109/0/1', '昨天', '109/7', '7/17', '99999999'])('refuses %s', (typed) => {
    expect(parseRocDay(typed)).toBeUndefined();
  });

  it('knows every day there is, and no other', () => {
    const two = fc.integer({ min: 0, max: 99 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), two, two, (year, month, day) => {
        const text = [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');
        const date = new Date(`${text}T00:00:00Z`);
        expect([text, isIsoDay(text)]).toEqual([text, !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)]);
      }),
      { numRuns: 2000 },
    );
    for (let day = '2019-12-28'; day < '2021-01-04'; day = addDays(day, 1)) expect(isIsoDay(day)).toBe(true);
    for (const text of [
      '1900-02-29',
      '2023-02-29',
      '2024-02-30',
      '2024-04-31',
      '2024-00-10',
      '2024-13-01',
      '2024-1-1',
      '113-01-01',
      '',
      '2024-01-01 ',
    ]) {
      expect([text, isIsoDay(text)]).toEqual([text, false]);
    }
    for (const text of ['2000-02-29', '2024-02-29']) expect(isIsoDay(text)).toBe(true);
  });

  it('knows leap days: 113/2/29 is real, 114/2/29 is not', () => {
    expect(parseRocDay('113/2/29')).toBe('2024-02-29');
    expect(parseRocDay('114/2/29')).toBeUndefined();
  });

  it('come back from what they show, for every day of two centuries', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 80_000 }), (days) => {
        const day = addDays('1912-01-01', days);
        expect(parseRocDay(formatRocDay(day))).toBe(day);
      }),
    );
  });

  it('are of Taipei, not of the computer: the day turns at 16:00Z', () => {
    expect(taipeiDay(new Date('2026-11-24T15:59:59Z'))).toBe('2026-11-24');
    expect(taipeiDay(new Date('2026-11-24T16:00:00Z'))).toBe('2026-11-25');
    expect(instantOfTaipei('2026-11-25').toISOString()).toBe('2026-11-24T16:00:00.000Z');
  });
});

describe('terms', () => {
  it('turn in August and in February', () => {
    expect(termOfDate('2026-11-24')).toEqual({ academicYear: 115, semester: 1 });
    expect(termOfDate('2027-01-31')).toEqual({ academicYear: 115, semester: 1 });
    expect(termOfDate('2027-02-01')).toEqual({ academicYear: 115, semester: 2 });
    expect(termOfDate('2027-07-31')).toEqual({ academicYear: 115, semester: 2 });
    expect(termOfDate('2027-08-01')).toEqual({ academicYear: 116, semester: 1 });
  });

  it('are written 1091', () => {
    expect(formatTerm({ academicYear: 109, semester: 1 })).toBe('1091');
    expect(parseTerm('1091')).toEqual({ academicYear: 109, semester: 1 });
    expect(parseTerm('992')).toEqual({ academicYear: 99, semester: 2 });
    expect(parseTerm('1093')).toBeUndefined();
    expect(describeTerm({ academicYear: 109, semester: 0 })).toBe('109 學年度');
  });
});

describe('identities', () => {
  it.each(['A123456789', 'A800000005', 'A900000007', 'F800000000', 'F900000002', 'AA00000009', 'AB00000001', 'FC00000008', 'FD00000000'])(
    '%s is valid',
    (identity) => {
      expect(isValidIdentity(identity)).toBe(true);
    },
  );

  it.each(['A800000002', 'AB00000000', 'A123456788', 'a123456789', 'A12345678', 'A323456789', ''])('%s is not', (identity) => {
    expect(isValidIdentity(identity)).toBe(false);
  });

  it('know their kind, are masked as in the manual, and a wrong digit is always found', () => {
    expect(identityKind('A800000005')).toBe('residentCertificate');
    expect(identityKind('AB00000001')).toBe('oldResidentCertificate');
    expect(maskIdentity('R223451437')).toBe('R2****1437');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_999 }), fc.integer({ min: 1, max: 9 }), (serial, shift) => {
        const identity = withCheckDigit(`A1${String(serial).padStart(7, '0')}`);
        const wrong = identity.slice(0, 9) + ((Number(identity[9]) + shift) % 10);
        expect(isValidIdentity(identity)).toBe(true);
        expect(isValidIdentity(wrong)).toBe(false);
      }),
    );
  });
});

describe('classes are sorted as a school sorts them', () => {
  it('numerals by value', () => {
    const names = ['二年一班', '一年十一班', '一年二班', '一年十班', '一年一班', '三年二十班', '三年三班'];
    expect([...names].sort((a, b) => (classSortKey(a) < classSortKey(b) ? -1 : 1))).toEqual([
      '一年一班',
      '一年二班',
      '一年十班',
      '一年十一班',
      '二年一班',
      '三年三班',
      '三年二十班',
    ]);
    expect(classSortKey('109班') < classSortKey('110班')).toBe(true);
    expect([1, 10, 11, 20, 21].map(toChineseNumeral)).toEqual(['一', '十', '十一', '二十', '二十一']);
  });
});
