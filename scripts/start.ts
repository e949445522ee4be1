/**
 * `npm start`: builds what is not built, makes the trial school at the first start, and opens the program: in
 * Electron where its binary and a display are there, otherwise in a browser, saying why.
 *
 *   npm start -- [--data DIR] [--port N] [--no-open]
 */
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { reportOf } from '../main/platform/errors.ts';
import { programRoot } from '../main/platform/resources.ts';
import { buildIfStale } from './build-if-stale.ts';
import { fetchElectron, hasDisplay, installedChromium, installedElectron, isRoot } from './desktop.ts';
import { ensureTrialSchool } from './trial-directory.ts';

const { values } = parseArgs({
  options: { data: { type: 'string' }, port: { type: 'string' }, 'no-open': { type: 'boolean', default: false } },
});
const dataDirectory = resolve(values.data ?? join(programRoot, '.trial'));
const say = (line: string) => process.stdout.write(`${line}\n`);
/** A window that fails this soon did not start (a library is missing, no GPU): then the browser serves. */
const startupTime = 10_000;

/** Opens the Electron window and, when it is closed, ends; answers why it could not open. */
async function openInElectron(): Promise<string> {
  if (values['no-open']) return '指定了 --no-open';
  if (!hasDisplay()) return '這裡沒有圖形桌面';
  if (isRoot()) return '以 root 身分執行時 Electron 不能啟用沙箱';
  let electron = installedElectron();
  if (!electron) {
    say('下載 Electron（約 110 MB，只需一次）…');
    electron = fetchElectron();
  }
  if (!electron) return '無法取得 Electron 執行檔';
  const began = performance.now();
  const window = spawn(electron, [programRoot, '--data', dataDirectory], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => window.kill(signal));
  const code = await new Promise<number>((done) => {
    window.on('error', () => done(1));
    window.on('exit', (exitCode) => done(exitCode ?? 0));
  });
  if (code !== 0 && performance.now() - began < startupTime) return 'Electron 無法在這台電腦啟動';
  process.exit(code);
}

function openChromium(url: string): boolean {
  const chromium = values['no-open'] || !hasDisplay() || isRoot() ? null : installedChromium();
  if (!chromium) return false;
  const window = spawn(chromium, [`--app=${url}`, '--window-size=1366,768'], { stdio: 'ignore', detached: true });
  window.on('error', () => say('瀏覽器無法啟動，請自行開啟上面的網址。'));
  window.unref();
  return true;
}

async function openInBrowser(why: string): Promise<void> {
  // The bundle, not the sources: it starts in half the time.
  const bundle: string = '../out/main/browser.js';
  const browser = (await import(bundle)) as typeof import('../main/browser/browser.ts');
  const opened = await browser.openInBrowser({ dataDirectory, ...(values.port ? { port: Number(values.port) } : {}) });
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    void opened.close().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', stop);
  say(`${why}，改以瀏覽器開啟：`);
  say(opened.host.url);
  if (!openChromium(opened.host.url)) say('請在這台電腦的瀏覽器開啟上面的網址（只能使用一次）。按 Ctrl+C 結束。');
  const failure = await opened.backend.whenStarted;
  if (failure) say(`${failure.message}（${failure.code}）`);
}

try {
  buildIfStale(say);
  await ensureTrialSchool(dataDirectory, say);
  await openInBrowser(await openInElectron());
} catch (error) {
  const { code, message } = reportOf(error);
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
    process.stderr.write(`埠號 ${values.port} 已被使用，請以 --port 指定其他埠號。\n`);
  } else {
    process.stderr.write(code === 'internal' ? `${(error as Error).stack}\n` : `${message}（${code}）\n`);
  }
  process.exit(1);
}
