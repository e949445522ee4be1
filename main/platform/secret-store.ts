import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ApplicationError, type ErrorReport, reportOf } from './errors.ts';

/**
 * Where the one master key of a data directory is kept: Electron's safeStorage in the shell (main/shell), an
 * owner-only file elsewhere.
 */
export interface SecretStore {
  /** For `doctor`: how well the key is protected, in Chinese. */
  description: string;
  load: () => Promise<Uint8Array | null>;
  save: (secret: Uint8Array) => Promise<void>;
}

/** A key that is replaced stays beside the new one: whoever finds out that it was the right one has it still. */
export function keepFormerKey(path: string): void {
  if (!existsSync(path)) return;
  let number = 1;
  while (existsSync(`${path}.former-${number}`)) number += 1;
  renameSync(path, `${path}.former-${number}`);
}

/** The key in `<data directory>/secret.key`, mode 0600. */
export function keyFileStore(dataDirectory: string): SecretStore {
  const path = join(dataDirectory, 'secret.key');
  return {
    description: '金鑰保存在僅限本人讀取的檔案（此環境沒有作業系統金鑰保管庫）',
    load: async () => {
      if (!existsSync(path)) return null;
      if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
      return new Uint8Array(Buffer.from(readFileSync(path, 'utf8').trim(), 'base64'));
    },
    save: async (secret) => {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(`${path}.new`, `${Buffer.from(secret).toString('base64')}\n`, { mode: 0o600, flush: true });
      keepFormerKey(path);
      renameSync(`${path}.new`, path);
    },
  };
}

/**
 * The master key of a data directory, made at first use. A database without its key is never replaced by an empty one.
 * @throws `secrets.lost` when a database is there but its key is not
 */
export async function loadMasterKey(store: SecretStore, dataDirectory: string): Promise<Uint8Array> {
  const kept = await store.load();
  if (kept?.length === 32) return kept;
  if (existsSync(join(dataDirectory, 'portfolio.db'))) {
    throw new ApplicationError(
      'secrets.lost',
      '找不到這個資料庫的金鑰，資料庫沒有變動。請以備份的復原金鑰還原，或在原本的電腦與使用者帳號下開啟。',
    );
  }
  const made = new Uint8Array(randomBytes(32));
  await store.save(made);
  return made;
}

/**
 * The master key, or a new one that is not kept yet where the directory's own is lost: with it a backup can take the school's place.
 * @throws what `loadMasterKey` throws but for `secrets.lost`, `secrets.sealed`
 */
export async function masterKeyOrNew(
  store: SecretStore,
  dataDirectory: string,
): Promise<{ masterKey: Uint8Array; keyLost?: ErrorReport; keepKey?: SecretStore['save'] }> {
  try {
    return { masterKey: await loadMasterKey(store, dataDirectory) };
  } catch (error) {
    const keyLost = reportOf(error);
    if (keyLost.code !== 'secrets.lost' && keyLost.code !== 'secrets.sealed') throw error;
    return { masterKey: new Uint8Array(randomBytes(32)), keyLost, keepKey: store.save };
  }
}

/** Keys for single purposes, derived from the master key, so that none serves two. */
export function deriveKey(
  masterKey: Uint8Array,
  purpose: 'database' | 'attachments' | 'staging' | 'filePasswords' | 'trialCity' | 'auditAnchor' | 'purgedStudents' | 'backups',
): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', masterKey, new Uint8Array(0), `portfolio ${purpose} v1`, 32));
}

/** Encrypts a short text with AES-256-GCM; base64 of nonce, tag and ciphertext. */
export function encryptText(text: string, key: Uint8Array): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
}

/** @throws when the text was not encrypted with this key or was changed */
export function decryptText(encrypted: string, key: Uint8Array): string {
  const bytes = Buffer.from(encrypted, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
}
