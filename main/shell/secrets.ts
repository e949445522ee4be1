import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApplicationError } from '../platform/errors.ts';
import { keepFormerKey, keyFileStore, type SecretStore } from '../platform/secret-store.ts';
import type { ElectronApi } from './electron-api.ts';

type Safe = Pick<
  ElectronApi['safeStorage'],
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>;

/** Without a keyring, Linux would seal with a password that everyone can read in Chromium's source. */
async function canSeal(safeStorage: Safe): Promise<boolean> {
  if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') return false;
  return safeStorage.isAsyncEncryptionAvailable();
}

/**
 * The master key sealed by the operating system (Windows DPAPI, macOS Keychain, a Linux keyring) in
 * `<data directory>/secret.sealed`. A directory keeps the store it was made with: one with a key file (made in a
 * checkout, or where there is no keyring) goes on with it. Call after the app is ready.
 * @throws from `load`: `secrets.sealed` when the key was sealed by another user or computer
 */
export function safeStorageStore(safeStorage: Safe, dataDirectory: string): SecretStore {
  const path = join(dataDirectory, 'secret.sealed');
  const keyFile = keyFileStore(dataDirectory);
  const seal = async (text: string) => {
    const sealed = await safeStorage.encryptStringAsync(text);
    writeFileSync(`${path}.new`, sealed, { mode: 0o600, flush: true });
    renameSync(`${path}.new`, path);
  };
  return {
    get description() {
      return existsSync(path) ? '金鑰由作業系統的金鑰保管庫加密保存' : keyFile.description;
    },
    load: async () => {
      if (!existsSync(path)) return keyFile.load();
      try {
        const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(readFileSync(path));
        if (shouldReEncrypt) await seal(result);
        return new Uint8Array(Buffer.from(result, 'base64'));
      } catch (error) {
        throw new ApplicationError(
          'secrets.sealed',
          '這個資料庫的金鑰由另一個使用者帳號或電腦保管，無法開啟，資料沒有變動。請以原本的使用者帳號登入電腦，或以備份的復原金鑰還原。',
          {},
          { cause: error },
        );
      }
    },
    save: async (secret) => {
      keepFormerKey(path);
      if (await canSeal(safeStorage)) await seal(Buffer.from(secret).toString('base64'));
      else await keyFile.save(secret);
    },
  };
}
