import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test';

/** What every end-to-end test stands on: the program on a fresh trial school, and a clerk who has signed in. */

const root = resolve(dirname(import.meta.filename), '../..');

export interface TrialOptions {
  students?: number;
  years?: number;
  seed?: number;
  schoolCode?: string;
  schoolName?: string;
  withoutPortfolios?: boolean;
  /** So many entries of six years ago at the beginning of its audit log. */
  oldAuditEntries?: number;
  /** True: an empty directory, in which the program itself makes its trial school at its first start. */
  firstStart?: boolean;
}

export interface Office {
  page: Page;
  context: BrowserContext;
  /** The data directory; the sample files of the arrivals are in it too. */
  directory: string;
  /** The administrator's password after the change at the first sign-in. */
  password: string;
  close: () => Promise<void>;
}

/** Everything the made school depends on, so that a template never outlives the code that made it. */
function sourceHash(options: TrialOptions): string {
  const hash = createHash('sha256').update(JSON.stringify(options)).update(new Date().toISOString().slice(0, 10));
  for (const folder of ['db', 'domain', 'main/application', 'main/central', 'main/features', 'main/platform']) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) hash.update(entry.name).update(readFileSync(join(entry.parentPath, entry.name)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** A trial school of its own for a test: made once for its options, then copied. */
export function makeTrial(options: TrialOptions): string {
  const templates = join(tmpdir(), 'portfolio-e2e');
  const template = join(templates, sourceHash(options));
  if (!existsSync(template)) {
    mkdirSync(templates, { recursive: true });
    const making = mkdtempSync(join(templates, 'making-'));
    execFileSync(process.execPath, [join(root, 'tests/e2e/make-trial.ts'), making, JSON.stringify(options)], {
      stdio: 'inherit',
      env: plainEnvironment(),
    });
    renameSync(making, template);
  }
  const directory = mkdtempSync(join(tmpdir(), 'portfolio-office-'));
  cpSync(template, directory, { recursive: true });
  return directory;
}

/** Without what Playwright sets for its own loader, and without a first password: the office chooses its own. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _loader, PORTFOLIO_PASSWORD: _password, ...rest } = process.env;
  return rest;
}

/** Starts the program as `npm start` does and answers the address it prints. */
export async function startProgram(directory: string): Promise<{ program: ChildProcess; url: string }> {
  const program = spawn(process.execPath, [join(root, 'scripts/start.ts'), '--data', directory, '--port', '0', '--no-open'], {
    cwd: root,
    env: plainEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: program.stdout! })) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(line) ?? [];
    if (url) return { program, url };
  }
  throw new Error(`the program ended before it opened (exit code ${program.exitCode})`);
}

export async function stopProgram(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null) return;
  const ended = new Promise((done) => program.once('exit', done));
  program.kill('SIGTERM');
  await ended;
}

/**
 * Opens a fresh trial school (60 students of three years unless told) and signs in for the first time, with the
 * change of the first password, as a clerk would.
 */
export async function openOffice(browser: Browser, options: TrialOptions = {}): Promise<Office> {
  const directory = options.firstStart ? mkdtempSync(join(tmpdir(), 'portfolio-office-')) : makeTrial(options);
  const { program, url } = await startProgram(directory);
  const context = await browser.newContext({ acceptDownloads: true, permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  const password = 'Taipei-portfolio-109';
  await listenToCaptcha(page);
  await page.goto(url);
  await signInFirst(page, password);
  return {
    page,
    context,
    directory,
    password,
    close: async () => {
      await context.close();
      await stopProgram(program);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** What the window reads aloud is caught instead of spoken: the test hears the 驗證碼 as a clerk who cannot see it does. */
export async function listenToCaptcha(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.speechSynthesis.speak = (speech) => {
      document.documentElement.dataset.heard = speech.text;
      speech.dispatchEvent(new Event('end'));
    };
  });
}

/** Types account, password and 驗證碼 on the sign-in page. Needs `listenToCaptcha` before the page was opened. */
export async function signIn(page: Page, password: string): Promise<void> {
  await page.getByLabel('密碼', { exact: true }).fill(password);
  await enterCaptcha(page);
  await page.getByRole('button', { name: '登入' }).click();
}

async function enterCaptcha(page: Page): Promise<void> {
  await page.getByRole('img', { name: /驗證碼圖片/ }).waitFor();
  await page.getByRole('button', { name: '朗讀驗證碼' }).click();
  const root = page.locator('html');
  await expect(root).toHaveAttribute('data-heard', /./);
  const heard = (await root.getAttribute('data-heard')) ?? '';
  await page.getByLabel('驗證碼', { exact: true }).fill(heard.replace(/[^A-Za-z]/g, ''));
}

/** The first sign-in of the trial school: its password from the page, then one of one's own. */
export async function signInFirst(page: Page, password: string): Promise<void> {
  await page.getByRole('button', { name: '帶入' }).click();
  await enterCaptcha(page);
  await page.getByRole('button', { name: '登入' }).click();
  await page.getByLabel('新密碼', { exact: true }).fill(password);
  await page.getByLabel('再輸入一次新密碼').fill(password);
  await page.getByRole('button', { name: '儲存新密碼並進入' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '首頁' })).toBeVisible();
}

/** Goes to a screen by its address. */
export async function openScreen(page: Page, path: string, title: string): Promise<void> {
  await page.evaluate((hash) => {
    window.location.hash = hash;
  }, path);
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
}

/** Picks an option of a select by its label. */
export async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).last().click();
  const list = page.locator('.ant-select-dropdown:visible');
  await list.getByTitle(option, { exact: true }).click();
  // It fades: what comes next must not see the list half gone.
  await expect(list).toHaveCount(0);
}

/** Waits until everything that fades or slides has done so; what turns for as long as something is awaited is not waited for. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const passing = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY);
    await Promise.allSettled(passing.map(({ finished }) => finished));
  });
}

/** Nothing that axe calls serious or critical (WCAG 2.2 A and AA) is on the screen. */
export async function expectAccessible(page: Page): Promise<void> {
  await settled(page);
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`);
  expect(serious).toEqual([]);
}

/** What a download brought, as bytes. */
export async function downloaded(page: Page, start: () => Promise<void>): Promise<{ name: string; bytes: Buffer; path: string }> {
  const waiting = page.waitForEvent('download');
  await start();
  const download = await waiting;
  const path = await download.path();
  return { name: download.suggestedFilename(), bytes: readFileSync(path), path };
}
