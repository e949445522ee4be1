import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { answerOf, refusalOf, start } from './command-line.ts';

vi.setConfig({ testTimeout: 300_000 });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unfinished-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a trial school killed while it is made is refused by every command, and made anew by the next one', async () => {
  const data = join(folder, 'school');
  mkdirSync(data);
  writeFileSync(join(data, 'someone-else.txt'), 'not ours');
  const making = start(['trial', 'create', '--students', '400', '--seed', '5'], { data });
  // Killed at the worst: the database is there, the school is not.
  await vi.waitUntil(() => existsSync(join(data, 'portfolio.db')), { timeout: 120_000, interval: 5 });
  const ended = new Promise((done) => making.once('close', done));
  making.kill('SIGKILL');
  await ended;
  expect((await refusalOf(['students', 'list'], { data })).code).toBe('trial.unfinished');
  expect(await answerOf(['trial', 'create', '--students', '24', '--seed', '5'], { data })).toMatchObject({ students: 24 });
  expect(await answerOf(['students', 'list'], { data })).toMatchObject({ total: 24 });
  expect(readFileSync(join(data, 'someone-else.txt'), 'utf8')).toBe('not ours');
  expect(readdirSync(data)).not.toContain('trial.unfinished');
});
