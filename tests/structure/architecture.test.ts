import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Operation } from '../../main/application/contract.ts';
import { demandsOf, functionModules } from '../../main/application/contract.ts';
import { features, operations } from '../../main/features/contract.ts';
import { screens } from '../e2e/screen-list.ts';

const root = resolve(import.meta.dirname, '../..');

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

/** Files of the project that a file imports, from the root; packages as they are written. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier]) =>
    specifier!.startsWith('.') ? relative(root, resolve(root, dirname(file), specifier!)) : specifier!,
  );
}

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

describe('the contract', () => {
  it.each([...operations].map(([name, operation]) => [name, operation] as const))(
    '%s says who may call it',
    (_name, operation: Operation) => {
      const { access } = operation;
      if (access === 'public' || access === 'signedIn') return;
      const rights = demandsOf(access);
      expect(rights.length).toBeGreaterThan(0);
      for (const { module, right } of rights) {
        expect(functionModules).toHaveProperty(module);
        expect(['view', 'create', 'update', 'delete']).toContain(right);
      }
    },
  );

  it('lets nobody in before sign-in but to sign in, to connect a fresh directory, or to bring back a school that cannot be opened', () => {
    const open = [...operations].filter(([, { access }]) => access === 'public').map(([name]) => name);
    expect(open.sort()).toEqual([
      'backup.rescue',
      'backup.rescueState',
      'session.newCaptcha',
      'session.readCaptchaAloud',
      'session.signIn',
      'session.status',
      'sync.connect',
    ]);
  });

  it('audits every command and job that touches students', () => {
    const silent = [...operations]
      .filter(([name, { kind, access, audit }]) => kind !== 'query' && access !== 'public' && !audit && !name.startsWith('jobs.'))
      .map(([name]) => name);
    expect(silent).toEqual(['sync.checkConnection']);
  });
});

describe('a feature has the same name everywhere', () => {
  /** Features whose screen is part of the frame itself. */
  const withoutScreenOfTheirOwn = new Map([
    ['jobs', 'renderer/app (the job tray)'],
    ['students', 'renderer/screens/transfer-out and the search of the frame'],
    ['session', 'renderer/screens/sign-in'],
  ]);

  it.each(features.map((feature) => kebab(feature.name)))('%s has its folder, its tests and its screen', (name) => {
    expect(existsSync(join(root, 'main/features', name, 'contract.ts'))).toBe(true);
    expect(existsSync(join(root, 'main/features', name, 'service.ts'))).toBe(true);
    expect(existsSync(join(root, 'tests', name)), `tests/${name}`).toBe(true);
    if (!withoutScreenOfTheirOwn.has(name)) expect(existsSync(join(root, 'renderer/screens', name)), `renderer/screens/${name}`).toBe(true);
  });

  it('and every folder of main/features is in the contract', () => {
    const folders = readdirSync(join(root, 'main/features'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(folders.sort()).toEqual(features.map((feature) => kebab(feature.name)).sort());
  });
});

describe('the gallery', () => {
  it('has every screen of the menu', () => {
    const registry = readFileSync(join(root, 'renderer/app/screens.tsx'), 'utf8');
    const paths = [...registry.matchAll(/^ {4}path: '([^':]+)',$/gm)].map(([, path]) => path!);
    expect(paths.length).toBeGreaterThan(15);
    expect(screens.map(({ path }) => path as string).sort()).toEqual(paths.sort());
  });
});

describe('import directions', () => {
  const all = ['domain', 'db', 'main', 'preload', 'renderer'].flatMap(sources);
  const broken = (wrong: (file: string, imported: string) => boolean) =>
    all.flatMap((file) =>
      importsOf(file)
        .filter((imported) => wrong(file, imported))
        .map((imported) => `${file} → ${imported}`),
    );

  it('only the shell and its preload know Electron', () => {
    expect(
      broken((file, imported) => /^electron(-store)?$/.test(imported) && !file.startsWith('main/shell/') && file !== 'preload/electron.ts'),
    ).toEqual([]);
  });

  it('the renderer sees of the main process only contracts', () => {
    expect(
      broken((file, imported) => file.startsWith('renderer/') && imported.startsWith('main/') && !/(^|[/-])contract\.ts$/.test(imported)),
    ).toEqual([]);
    expect(broken((file, imported) => file.startsWith('renderer/') && imported.startsWith('db/'))).toEqual([]);
  });

  it('contracts have no Node in them', () => {
    const nodeOrNative = /^(node:|better-sqlite3|drizzle-orm|axios|pdfkit|exceljs|electron)/;
    expect(broken((file, imported) => /(^|[/-])contract\.ts$/.test(file) && nodeOrNative.test(imported))).toEqual([]);
  });

  it('features reach each other only through contract and service', () => {
    const featureOf = (path: string) => /^main\/features\/([^/]+)\//.exec(path)?.[1];
    const publicFile = /\/(contract|service)\.ts$/;
    const exported = new Set([
      'main/features/students/counts.ts',
      'main/features/session/accounts.ts',
      'main/features/sync/outbox.ts',
      'main/features/submissions/layouts.ts',
      'main/features/transfer-cases/file-steps.ts',
    ]);
    expect(
      broken((file, imported) => {
        const from = featureOf(file);
        const to = featureOf(imported);
        return from !== undefined && to !== undefined && from !== to && !publicFile.test(imported) && !exported.has(imported);
      }),
    ).toEqual([]);
  });

  it('nothing behind the hosts knows a host', () => {
    const host = /^main\/(shell|browser|cli)\//;
    expect(
      broken(
        (file, imported) =>
          host.test(imported) && !host.test(file) && /^(main\/(application|features|central|platform)|db|domain|renderer)\//.test(file),
      ),
    ).toEqual([]);
  });
});
