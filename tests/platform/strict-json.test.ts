import { describe, expect, it } from 'vitest';
import { JsonFault, parseStrictJson } from '../../main/platform/strict-json.ts';

const limits = { depth: 5, values: 20 };
const parse = (text: string | Buffer, own = limits) => parseStrictJson(Buffer.from(text as string), own);

describe('JSON from a stranger', () => {
  it.each([
    ['[]'],
    ['{"a":{"a":1},"b":[{"a":1},{"a":2}],"":null}'],
    ['  [ true , -1.5e10 , "\\u5b78\\ud83d\\ude00\\n" ]\r\n'],
    ['{"__proto__":{"a":1},"constructor":2}'],
    ['[1e-999]'],
    ['"\\\\"'],
  ])('%s is what JSON.parse says it is', (text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it('may begin with a byte order mark', () => {
    expect(parse(Buffer.concat([Buffer.from('efbbbf', 'hex'), Buffer.from('{"名":1}')]))).toEqual({ 名: 1 });
  });

  it.each([
    ['{"a":1,"b":2,"a":1}', 'duplicateKey'],
    ['{"a":1,"\\u0061":1}', 'duplicateKey'],
    ['{"學\\u5e74":1,"\\u5b78年":1}', 'duplicateKey'],
    ['{"__proto__":1,"__proto__":2}', 'duplicateKey'],
    ['[[[[[[]]]]]]', 'tooDeep'],
    ['{"a":{"a":{"a":{"a":{"a":{}}}}}}', 'tooDeep'],
    [`[${'1,'.repeat(20)}1]`, 'tooManyValues'],
    [`[${'{},'.repeat(20)}1]`, 'tooManyValues'],
    ['[1e999]', 'number'],
    ['[-1E400]', 'number'],
    [`[${'9'.repeat(400)}]`, 'number'],
    ['["\\ud800"]', 'text'],
    ['["\\udc00\\ud800"]', 'text'],
    ['["\\ud800\\u0061"]', 'text'],
    ['{"\\ud800":1}', 'text'],
    ['[NaN]', 'syntax'],
    ['[Infinity]', 'syntax'],
    ["{'a':1}", 'syntax'],
    ['[1,]', 'syntax'],
    ['[1', 'syntax'],
    ['["abc', 'syntax'],
    ['["\\u12"]', 'syntax'],
    ['"a\\', 'syntax'],
    ['[1]]]]', 'syntax'],
    ['}{', 'syntax'],
    ['', 'syntax'],
    ['// a comment\n[]', 'syntax'],
    ['["a\nb"]', 'syntax'],
  ])('%s is refused: %s', (text, fault) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ name: 'JsonFault', fault }));
  });

  it.each([
    ['Big5', Buffer.from([0x5b, 0x22, 0xbe, 0xc7, 0x22, 0x5d])],
    ['UTF-16', Buffer.from('\ufeff["學"]', 'utf16le')],
    ['surrogates written as three bytes each', Buffer.from('5b22eda080edb08022 5d'.replace(' ', ''), 'hex')],
    ['an overlong quote', Buffer.from('5b22c0a2225d', 'hex')],
  ])('in %s is refused', (_what, bytes) => {
    expect(() => parse(bytes)).toThrow(JsonFault);
  });

  it('that would fill the memory is refused before it does', () => {
    const bomb = Buffer.from(`[${'[],'.repeat(20_000_000)}1]`);
    const heap = process.memoryUsage().heapUsed;
    expect(() => parseStrictJson(bomb, { depth: 64, values: 2_000_000 })).toThrow(expect.objectContaining({ fault: 'tooManyValues' }));
    expect(process.memoryUsage().heapUsed - heap).toBeLessThan(100 * 1024 * 1024);
  });

  it('of a megabyte of brackets, keys or escapes is looked at once', () => {
    const started = performance.now();
    const large = { depth: 64, values: 1_000_000 };
    expect(() => parse('['.repeat(1_000_000), large)).toThrow(expect.objectContaining({ fault: 'tooDeep' }));
    expect(() => parse(`[${'[],'.repeat(1_000_000)}1]`, large)).toThrow(expect.objectContaining({ fault: 'tooManyValues' }));
    expect(() => parse(`"${'\\'.repeat(1_000_000)}`, large)).toThrow(expect.objectContaining({ fault: 'syntax' }));
    const keys = Array.from({ length: 200_000 }, (_, index) => `"${index}":${index}`).join(',');
    expect(Object.keys(parse(`{${keys}}`, large) as object)).toHaveLength(200_000);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
