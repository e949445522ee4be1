import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { keyFileStore, loadMasterKey } from '../../main/platform/secret-store.ts';
import { safeStorageStore } from '../../main/shell/secrets.ts';
import { standInElectron } from './stand-in-electron.ts';

const folder = mkdtempSync(join(tmpdir(), 'portfolio-secrets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const freshDirectory = () => mkdtempSync(join(folder, 'data-'));

describe('the master key of a data directory', () => {
  it('given a keyring, is sealed by it and comes back the same', async () => {
    const directory = freshDirectory();
    const { safeStorage } = standInElectron().electron;
    const key = await loadMasterKey(safeStorageStore(safeStorage, directory), directory);
    const kept = readFileSync(join(directory, 'secret.sealed'));
    expect(kept.includes(Buffer.from(key).toString('base64'))).toBe(false);
    expect(statSync(join(directory, 'secret.sealed')).mode & 0o777).toBe(0o600);
    expect(existsSync(join(directory, 'secret.key'))).toBe(false);
    expect(await loadMasterKey(safeStorageStore(safeStorage, directory), directory)).toEqual(key);
    expect(safeStorageStore(safeStorage, directory).description).toContain('作業系統的金鑰保管庫');
  });

  it('given no keyring (basic_text), is kept in an owner-only file, and the store says so', async () => {
    const directory = freshDirectory();
    const store = safeStorageStore(standInElectron({ keyring: false }).electron.safeStorage, directory);
    const key = await loadMasterKey(store, directory);
    expect(existsSync(join(directory, 'secret.sealed'))).toBe(false);
    expect(await keyFileStore(directory).load()).toEqual(key);
    expect(store.description).toContain('沒有作業系統金鑰保管庫');
  });

  it('given a directory made in a checkout, goes on with its key file', async () => {
    const directory = freshDirectory();
    const made = await loadMasterKey(keyFileStore(directory), directory);
    const { safeStorage } = standInElectron().electron;
    expect(await loadMasterKey(safeStorageStore(safeStorage, directory), directory)).toEqual(made);
  });

  it('given a key that another user sealed, refuses and leaves it as it is', async () => {
    const directory = freshDirectory();
    writeFileSync(join(directory, 'secret.sealed'), 'foreign');
    const { safeStorage } = standInElectron().electron;
    await expect(loadMasterKey(safeStorageStore(safeStorage, directory), directory)).rejects.toMatchObject({ code: 'secrets.sealed' });
    expect(readFileSync(join(directory, 'secret.sealed'), 'utf8')).toBe('foreign');
  });
});
