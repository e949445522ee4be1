import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readArguments, UsageError } from '../../main/cli/arguments.ts';
import { commands } from '../../main/cli/run.ts';
import { defaultDataDirectory } from '../../main/platform/data-location.ts';
import { refusalOf, run } from './command-line.ts';

let empty: string;
beforeAll(() => {
  empty = mkdtempSync(join(tmpdir(), 'cli-usage-'));
});
afterAll(() => rmSync(empty, { recursive: true, force: true }));

describe('a line that is not understood', () => {
  test.each([
    ['no command', []],
    ['an unknown command', ['publish', 'everything']],
    ['an unknown option', ['students', 'list', '--everybody']],
    ['a number that is none', ['students', 'list', '--limit', 'many']],
    ['a missing argument', ['student', 'show']],
    ['an argument too many', ['doctor', 'please']],
    ['a missing option', ['slips', '--grade', '2', '--out', 'slips.pdf']],
    ['a day that does not exist', ['slips', '--grade', '2', '--deadline', '2026-02-30', '--out', 'slips.pdf']],
    ['a size the generator does not make', ['trial', 'create', '--students', '5001']],
    ['an unknown resource', ['sync', '--resource', 'grades']],
  ])('%s ends with status 2, the sentence on stderr and one JSON value', async (_case, args) => {
    const result = await run(args, { data: empty });
    expect(result.status).toBe(2);
    const { error } = result.json<{ error: { code: string; message: string } }>();
    expect(error.code).toBe('usage');
    expect(result.stderr).toContain(error.message);
    expect(readdirSync(empty)).toEqual([]);
  });

  test('a directory without a school is refused and left as it is', async () => {
    const school = mkdtempSync(join(tmpdir(), 'cli-usage-'));
    try {
      expect((await refusalOf(['students', 'list'], { data: school })).code).toBe('dataDirectory.empty');
      expect(readdirSync(school)).toEqual([]);
    } finally {
      rmSync(school, { recursive: true, force: true });
    }
  });
});

describe('help', () => {
  test('names every command with its usage', async () => {
    const help = await run(['--help'], { json: false });
    expect(help.status).toBe(0);
    for (const { name, summary } of commands) {
      expect(help.stdout).toContain(`  ${name}`);
      expect(help.stdout).toContain(summary);
    }
  });

  test('common options stand before or after the command alike', async () => {
    const before = await run(['--data', empty, 'students', 'list'], {});
    const after = await run(['students', 'list', '--data', empty], {});
    expect(before.json()).toEqual(after.json());
    expect(before.status).toBe(1);
  });
});

describe('ranges', () => {
  const range = (value: string) => readArguments(['--number', value], { number: 'value' }).range('number');
  test.each([
    ['101..105', { from: '101', to: '105' }],
    ['101..', { from: '101' }],
    ['..105', { to: '105' }],
    ['101', { from: '101', to: '101' }],
  ])('%s', (value, expected) => expect(range(value)).toEqual(expected));
  test('with no end at all is refused', () => expect(() => range('..')).toThrow(UsageError));
});

test('the data lies where each platform keeps it', () => {
  expect(defaultDataDirectory('win32', { APPDATA: 'C:\\Users\\office\\AppData\\Roaming' })).toContain('AppData');
  expect(defaultDataDirectory('linux', { XDG_CONFIG_HOME: '/home/office/.settings' })).toBe('/home/office/.settings/學習歷程校管理端/data');
  expect(defaultDataDirectory('darwin', {})).toContain('Library/Application Support');
});
