import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { programRoot } from '../../main/platform/resources.ts';

const folder = mkdtempSync(join(tmpdir(), 'portfolio-start-'));
const dataDirectory = join(folder, 'trial');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Started {
  process: ChildProcess;
  lines: string[];
  /** The one-time address, once it was printed. */
  address: Promise<string>;
  /** Exit status, null when a signal ended it. */
  ended: Promise<number | null>;
}

/** `npm start`, the part after the dependencies are there. */
function start(...args: string[]): Started {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(programRoot, 'scripts/start.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '', PORTFOLIO_PASSWORD: '起始測試-相思樹-77' },
  });
  const lines: string[] = [];
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const address = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      lines.push(line);
      if (/^http:\/\/127\.0\.0\.1:\d+\/\?token=/.test(line)) resolve(line);
    });
    void ended.then((status) => reject(new Error(`ended with ${status}: ${lines.join('\n')}`)));
  });
  return { process: child, lines, address, ended };
}

describe('given a checkout, when someone starts the program', () => {
  it('then the trial school is made, one line says why it opens in a browser, and the address opens it', async () => {
    const first = start('--data', dataDirectory, '--port', '0');
    const opened = await fetch(await first.address, { redirect: 'manual' });
    expect(opened.status).toBe(303);
    const cookie = opened.headers.get('set-cookie')!.split(';')[0]!;
    const page = await fetch(new URL('/', await first.address), { headers: { cookie } });
    expect(await page.text()).toContain('學習歷程檔案校管理端');
    expect(first.lines.join('\n')).toMatch(/試用學校已建立/);
    if (process.platform === 'linux') expect(first.lines).toContain('這裡沒有圖形桌面，改以瀏覽器開啟：');

    first.process.kill('SIGTERM');
    expect(await first.ended).toBe(0);

    const again = start('--data', dataDirectory, '--port', '0');
    await again.address;
    expect(again.lines.join('\n')).not.toMatch(/試用學校/);
    again.process.kill('SIGINT');
    expect(await again.ended).toBe(0);
  }, 240_000);

  it('when the port that was asked for is taken, then it says so and ends', async () => {
    const first = start('--data', dataDirectory, '--port', '0');
    const { port } = new URL(await first.address);
    const second = start('--data', dataDirectory, '--port', port);
    second.address.catch(() => {});
    expect(await second.ended).toBe(1);
    first.process.kill('SIGTERM');
    expect(await first.ended).toBe(0);
  }, 120_000);
});
