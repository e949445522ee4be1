import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../../main/features/contract.ts';
import { type Packed, packForLinux, unpackProgram } from './pack.ts';

const run = promisify(execFile);
const enabled = '1'.charCodeAt(0);
const disabled = '0'.charCodeAt(0);

let packed: Packed;
let files: string[];
beforeAll(async () => {
  packed = await packForLinux();
  files = listPackage(packed.asar, { isPack: false });
}, 240_000);
afterAll(() => rmSync(packed.temporary, { recursive: true, force: true }));

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

describe('given the program packed for Linux', () => {
  it('then the archive holds what the program reads at run time', () => {
    for (const file of [
      '/package.json',
      '/out/main/shell.js',
      '/out/main/backend-worker.js',
      '/out/main/task-worker.js',
      '/out/main/archive-check-worker.js',
      '/out/main/archive-reader-worker.js',
      '/out/main/file-hash-worker.js',
      '/out/main/city-worker.js',
      '/out/main/cli.js',
      '/out/preload/electron.cjs',
      '/out/renderer/index.html',
      '/db/migrations/0001_initial.sql',
      '/db/migrations/0002_office_changes.sql',
      '/node_modules/@expo-google-fonts/noto-sans-tc/400Regular/NotoSansTC_400Regular.ttf',
      '/node_modules/@expo-google-fonts/noto-sans-tc/700Bold/NotoSansTC_700Bold.ttf',
      '/node_modules/@expo-google-fonts/chocolate-classical-sans/400Regular/ChocolateClassicalSans_400Regular.ttf',
    ]) {
      expect(files, file).toContain(file);
    }
    expect(files.filter((file) => file.endsWith('.ttf'))).toHaveLength(3);
  });

  it('then no sources, tests, secrets, trial data or libraries of the window are in it', () => {
    const unwanted = files.filter((file) =>
      /^\/(tests|scripts|docs|main|renderer|preload|domain|\.trial|\.ci|\.git|dist)(\/|$)|\.(ts|tsx|map|db|key|env)$|secret\.|\/\.env/.test(
        file,
      ),
    );
    expect(unwanted.filter((file) => !file.startsWith('/node_modules/'))).toEqual([]);
    const packages = new Set(files.map((file) => /^\/node_modules\/((@[^/]+\/)?[^/]+)/.exec(file)?.[1]));
    for (const name of ['react', 'antd', 'electron', 'vitest', 'typescript', 'pdfjs-dist']) expect(packages).not.toContain(name);
  });

  it('then only this platform’s binaries are there, outside the archive, and they can be started', () => {
    const binaries = filesBelow(packed.unpacked).sort();
    expect(binaries.filter((file) => !/license/i.test(file))).toEqual([
      'node_modules/7zip-bin/linux/x64/7zz',
      'node_modules/better-sqlite3/prebuilds/linux-x64.node',
    ]);
    expect(statSync(join(packed.unpacked, 'node_modules/7zip-bin/linux/x64/7zz')).mode & 0o111).toBe(0o111);
    expect(files.filter((file) => /\.(node|exe|dll|dylib)$/.test(file))).toEqual(['/node_modules/better-sqlite3/prebuilds/linux-x64.node']);
    expect(readdirSync(packed.locales).sort()).toEqual(['en-US.pak', 'zh-TW.pak']);
  });

  it('then the fuses are set: no Node, no inspector, only the checked archive', async () => {
    const fuses = await getCurrentFuseWire(packed.executable);
    expect(fuses).toMatchObject({
      [FuseV1Options.RunAsNode]: disabled,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: disabled,
      [FuseV1Options.EnableNodeCliInspectArguments]: disabled,
      [FuseV1Options.EnableCookieEncryption]: enabled,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: enabled,
      [FuseV1Options.OnlyLoadAppFromAsar]: enabled,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: disabled,
    });
  });

  it('then the preload knows every operation by name and nothing of their schemas', async () => {
    const program = unpackProgram(packed);
    const { stdout: preload } = await run('cat', [join(program, 'out/preload/electron.cjs')]);
    for (const name of operations.keys()) expect(preload).toContain(`"${name}"`);
    expect(preload).not.toContain('zod');
    expect(Buffer.byteLength(preload)).toBeLessThan(20_000);
  });

  it('when its backend is started from what was packed, then a trial school is made and its students are found', async () => {
    const program = unpackProgram(packed);
    const data = mkdtempSync(join(tmpdir(), 'portfolio-packed-'));
    const env = { PATH: process.env.PATH, HOME: data, PORTFOLIO_PASSWORD: '封裝測試-相思樹-77' };
    const cli = async (...args: string[]) => {
      const { stdout } = await run(
        process.execPath,
        [join(program, 'out/main/cli.js'), ...args, '--data', join(data, 'school'), '--json'],
        {
          env,
          cwd: data,
        },
      );
      return JSON.parse(stdout) as Record<string, unknown>;
    };
    try {
      expect(await cli('trial', 'create', '--students', '12', '--years', '1')).toMatchObject({ schoolCode: '999999', students: 12 });
      expect(existsSync(join(data, 'school', 'portfolio.db'))).toBe(true);
      const listed = (await cli('students', 'list')) as { total: number; rows: { name: string }[] };
      expect(listed.total).toBeGreaterThanOrEqual(12);
      expect(listed.rows[0]?.name).toMatch(/\p{Script=Han}/u);
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  }, 180_000);
});
