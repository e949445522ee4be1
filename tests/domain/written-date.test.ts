import { describe, expect, it } from 'vitest';
import { readDay, readInstant } from '../../domain/written-date.ts';

describe('a day as other systems write it', () => {
  it.each([
    '2020/07/17',
    '2020/7/17',
    '2020-07-17',
    '2020.07.17',
    '20200717',
    '109/07/17',
    '109.7.17',
    '1090717',
    '民國109年7月17日',
    '民國 109 年 7 月 17 日',
    '109年07月17日',
    '２０２０／０７／１７',
    ' 2020/07/17 ',
    '2020/07/17 00:00:00',
    '2020/7/17 上午 12:00:00',
    '2020-07-17T00:00:00',
    '2020-07-17T00:00:00.000',
    '2020-07-16T16:00:00Z',
    '2020-07-16T16:00:00.000Z',
    '2020-07-17T00:00:00+08:00',
    '/Date(1594915200000)/',
    '/Date(1594915200000+0800)/',
  ])('%s is 2020-07-17', (text) => {
    expect(readDay(text)).toBe('2020-07-17');
  });

  it.each([
    '',
    '  ',
    '0001/01/01',
    '0001-01-01T00:00:00',
    '0001/1/1 上午 12:00:00',
    '00010101',
    '/Date(-62135596800000)/',
    '/Date(-62135625600000+0800)/',
  ])('%j is none', (text) => {
    expect([readDay(text), readInstant(text)]).toEqual([null, null]);
  });

  it.each([
    '2020/02/30',
    '2020/13/01',
    '7/17',
    'yesterday',
    '17/07/2020',
    '2020',
    '/Date(x)/',
    '/Date(99999999999999999)/',
    '/Date(8640000000000000)/',
    '0000-12-31T00:00:00Z',
  ])('%s is no day', (text) => {
    expect([readDay(text), readInstant(text)]).toEqual([undefined, undefined]);
  });
});

describe('a time as other systems write it', () => {
  it.each([
    '2020-07-17 15:04:05',
    '2020/7/17 15:04:05',
    '2020/7/17 15:04:05.999',
    '2020-07-17T15:04:05',
    '2020-07-17T15:04:05.1234567',
    '2020-07-17T15:04:05+08:00',
    '2020-07-17T07:04:05Z',
    '2020-07-17T07:04:05.500Z',
    '2020/7/17 下午 03:04:05',
    '2020/7/17 03:04:05 PM',
    '109/07/17 15:04:05',
    '民國109年7月17日 15:04:05',
    '20200717150405',
    '/Date(1594969445678)/',
  ])('%s is 07:04:05 UTC', (text) => {
    expect(readInstant(text)).toBe('2020-07-17T07:04:05.000Z');
  });

  it('without a time is midnight in Taipei, and noon and midnight are where .NET puts them', () => {
    expect(readInstant('2020/07/17')).toBe('2020-07-16T16:00:00.000Z');
    expect(readInstant('2020/7/17 上午 12:30:00')).toBe('2020-07-16T16:30:00.000Z');
    expect(readInstant('2020/7/17 下午 12:30:00')).toBe('2020-07-17T04:30:00.000Z');
    expect(readInstant('2020/7/17 9:05')).toBe('2020-07-17T01:05:00.000Z');
  });

  it.each(['2020/07/17 25:00:00', '2020/07/17 10:61', '2020/07/17 下午 13:00', '2020/07/17 noon', '2020/07/17 上午 0:10'])(
    '%s is no time',
    (text) => {
      expect(readInstant(text)).toBeUndefined();
    },
  );
});
