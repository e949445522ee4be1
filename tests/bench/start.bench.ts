import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from '@playwright/test';
import { build } from 'vite';
import { createTrialSchool } from '../../main/application/trial.ts';
import { answerRendererFile } from '../../main/platform/renderer-files.ts';
import { programRoot } from '../../main/platform/resources.ts';
import { keyFileStore, loadMasterKey } from '../../main/platform/secret-store.ts';
import { buildIfStale } from '../../scripts/build-if-stale.ts';
import type { Measure } from './row.ts';

/**
 * From the program's own code being loaded to a sign-in page that can be typed into, in a browser that is open
 * already, on a large school; against an empty page that Vite built, served and shown the same way.
 */

const repetitions = 5;
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function largeSchool(folder: string, students: number): Promise<string> {
  const dataDirectory = join(folder, 'school');
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const masterKey = await loadMasterKey(keyFileStore(dataDirectory), dataDirectory);
  await createTrialSchool({ dataDirectory, masterKey, students, years: 3, seed: 1, schoolCode: '999999', schoolName: '測試高中' });
  return dataDirectory;
}

async function emptyPage(folder: string): Promise<string> {
  const root = join(folder, 'empty');
  mkdirSync(root);
  writeFileSync(
    join(root, 'index.html'),
    '<!doctype html><html><head><title>empty</title></head><body><div id="root"></div><script type="module" src="./main.js"></script></body></html>',
  );
  writeFileSync(join(root, 'main.js'), "document.getElementById('root').innerHTML = '<input aria-label=\"ready\">';");
  await build({ root, logLevel: 'silent', build: { outDir: join(folder, 'empty-built') } });
  return join(folder, 'empty-built');
}

/** A page in a context of its own, without the cache of the one before. */
async function timeToControl(
  browser: Browser,
  open: () => Promise<{ url: string; close: () => Promise<void> }>,
  label: string,
): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const began = performance.now();
  const opened = await open();
  await page.goto(opened.url, { waitUntil: 'commit' });
  await page.getByLabel(label, { exact: true }).waitFor();
  const took = performance.now() - began;
  await context.close();
  await opened.close();
  return took;
}

export const measure: Measure = async (scale) => {
  buildIfStale(() => {});
  const folder = mkdtempSync(join(tmpdir(), 'portfolio-bench-start-'));
  const students = Math.max(60, Math.round(4000 * scale));
  const dataDirectory = await largeSchool(folder, students);
  const emptyDirectory = await emptyPage(folder);
  const browser = await chromium.launch({ executablePath: process.env.PORTFOLIO_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });

  const openProgram = async () => {
    const bundle: string = join(programRoot, 'out/main/browser.js');
    const { openInBrowser } = (await import(bundle)) as typeof import('../../main/browser/browser.ts');
    const { host, close } = await openInBrowser({ dataDirectory, port: 0 });
    return { url: host.url, close };
  };
  const openEmpty = async () => {
    const server = createServer((request, response) => {
      void answerRendererFile(emptyDirectory, request.url ?? '/').then(({ status, headers, body }) => {
        response.writeHead(status, headers);
        response.end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      close: () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    };
  };

  try {
    const first = await timeToControl(browser, openProgram, '密碼');
    await timeToControl(browser, openEmpty, 'ready');
    const program: number[] = [];
    const empty: number[] = [];
    for (let round = 0; round < repetitions; round += 1) {
      program.push(await timeToControl(browser, openProgram, '密碼'));
      empty.push(await timeToControl(browser, openEmpty, 'ready'));
    }
    return [
      {
        work: `start to a usable sign-in page, ${students} students`,
        figure: median(program),
        unit: 'ms',
        baseline: 'an empty Vite page served the same way',
        baselineFigure: median(empty),
        ratio: median(program) / median(empty),
        goal: '≤ 1,500 ms',
        note: `median of ${repetitions}; the very first ${Math.round(first)} ms; browser already open`,
      },
    ];
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
};
