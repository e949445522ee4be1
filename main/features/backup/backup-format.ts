import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ApplicationError } from '../../platform/errors.ts';
import { type OpenedRecoveryKey, type RecoveryLock, sealForRecovery } from '../../platform/recovery-key.ts';
import { deriveKey } from '../../platform/secret-store.ts';
import { backupReasons } from './contract.ts';

/**
 * The file a backup is (docs/backup.md):
 *
 *   magic, length and SHA-256 of the header │ header │ body, in sealed pieces │ manifest, sealed │ where the manifest stands
 *
 * The header is readable: whose, when, by what, and the file's own key, sealed for the office's computer and for the recovery key.
 * Everything else is sealed with that key, so that no byte can be changed, moved or left out unseen.
 */
export const magic = Buffer.from('PFBACKUP', 'latin1');
export const endMagic = Buffer.from('PFBK-END', 'latin1');
/** Newest format that this program writes and reads. */
export const formatNumber = 1;
/** Before the header: magic, its length (u32), its SHA-256. */
export const preambleBytes = magic.length + 4 + 32;
/** After the manifest: its place (u64), its length (u32), the end's magic. */
export const trailerBytes = 8 + 4 + endMagic.length;
export const mostHeaderBytes = 64 * 1024;
/** Bytes of the body that are sealed together: large enough to cost nothing, small enough that memory stays flat. */
export const pieceBytes = 1024 * 1024;
export const tagBytes = 16;

const base64 = z.base64();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const backupHeader = z.object({
  format: z.literal(formatNumber),
  id: z.uuid(),
  /** `whole`: the database and every file. `database`: its files lie in packs beside it. `files`: such a pack. */
  content: z.enum(['whole', 'database', 'files']),
  schoolCode: z.string(),
  schoolName: z.string(),
  /** UTC instant. */
  madeAt: z.iso.datetime(),
  madeBy: z.string(),
  reason: z.enum(backupReasons),
  applicationVersion: z.string(),
  keys: z.object({
    office: base64,
    recovery: z.object({ keyId: z.string(), ephemeral: base64, sealed: base64 }).nullable(),
  }),
});
export type BackupHeader = z.infer<typeof backupHeader>;

/** Where something stands in the body. */
const place = z.object({ offset: z.int(), bytes: z.int() });
export type Place = z.infer<typeof place>;

export const tableContent = z.object({ rows: z.int(), hash: sha256 });
export type TableContent = z.infer<typeof tableContent>;

/** SHA-256, bytes, place in the body of `pack`; pack -1 is this file itself. */
const fileEntry = z.tuple([sha256, z.int(), z.int(), z.int()]);
export type FileEntry = z.infer<typeof fileEntry>;

export const manifest = z.object({
  bodyBytes: z.int(),
  /** The office's database, encrypted with a key derived from this file's own; what each table held. Null of a pack. */
  database: place.extend({ tables: z.record(z.string(), tableContent), migrations: z.array(z.string()) }).nullable(),
  /** What the passwords of transfer files inside the database are encrypted with (base64), for a computer with another master key. */
  filePasswordsKey: base64.nullable(),
  /** The city that a trial school carries with it. */
  trialCity: place.nullable(),
  files: z.array(fileEntry),
  /** Packs that `files` points into, with the key of each: they lie in the folder `files` beside this one. */
  packs: z.array(z.object({ fileName: z.string().regex(/^[^/\\]+$/), id: z.uuid(), key: base64 })),
});
export type Manifest = z.infer<typeof manifest>;

export const damaged = (details: Record<string, unknown> = {}) =>
  new ApplicationError('backup.damaged', '這份備份已毀損或不完整，不能使用。請改用另一份備份。', details);

/** What was just written is not what is read back. */
export const notWritten = (details: Record<string, unknown>) =>
  new ApplicationError(
    'backup.notWritten',
    '備份寫到磁碟後讀回來的內容不同，這次備份不算數。磁碟可能有問題，請換一個位置再試一次。',
    details,
  );

/** Somebody chose a pack where a backup was asked for. */
export const notItself = () =>
  new ApplicationError('backup.notBackup', '這個檔案是備份的附件，不是備份本身。請選擇副檔名為 .portfolio-backup 的檔案。');

/** The keys of one backup file for its single purposes. */
export const derivedKey = (dataKey: Uint8Array, purpose: 'body' | 'manifest' | 'database' | 'trialCity'): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', dataKey, new Uint8Array(0), `portfolio backup ${purpose} v1`, 32));

const sealingContext = (id: string) => `portfolio backup ${id}`;

/** Makes a file's own key and seals it for those who may open the file. */
export function makeKeys(
  id: string,
  masterKey: Uint8Array,
  recovery: RecoveryLock | null,
): { dataKey: Uint8Array; keys: BackupHeader['keys'] } {
  const dataKey = new Uint8Array(randomBytes(32));
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(masterKey, 'backups'), nonce).setAAD(Buffer.from(sealingContext(id)));
  const body = Buffer.concat([cipher.update(dataKey), cipher.final()]);
  return {
    dataKey,
    keys: {
      office: Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64'),
      recovery: recovery && sealForRecovery(dataKey, recovery, sealingContext(id)),
    },
  };
}

/** What somebody has to open backups with. */
export interface Unlocking {
  masterKey?: Uint8Array | undefined;
  recoveryKey?: OpenedRecoveryKey | undefined;
  /** The school whose backups are expected; any where there is none yet. */
  schoolCode?: string | undefined;
}

function officeKeyOf({ id, keys }: BackupHeader, masterKey: Uint8Array): Uint8Array | null {
  try {
    const bytes = Buffer.from(keys.office, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', deriveKey(masterKey, 'backups'), bytes.subarray(0, 12), { authTagLength: tagBytes })
      .setAAD(Buffer.from(sealingContext(id)))
      .setAuthTag(bytes.subarray(12, 28));
    return new Uint8Array(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]));
  } catch {
    return null; // Made with another master key: GCM says no more than that.
  }
}

/**
 * A file's own key.
 * @throws `backup.otherSchool`, `backup.keyNeeded`, `backup.withoutRecovery`, `backup.otherRecoveryKey`
 */
export function unlock(header: BackupHeader, { masterKey, recoveryKey, schoolCode }: Unlocking): Uint8Array {
  if (schoolCode !== undefined && schoolCode !== header.schoolCode) {
    throw new ApplicationError(
      'backup.otherSchool',
      `這是 ${header.schoolName}（${header.schoolCode}）的備份，不是本校（${schoolCode}）的。請選擇本校的備份。`,
      { schoolCode: header.schoolCode },
    );
  }
  const ofOffice = masterKey && officeKeyOf(header, masterKey);
  if (ofOffice) return ofOffice;
  const { recovery } = header.keys;
  if (!recovery) {
    throw new ApplicationError(
      'backup.withoutRecovery',
      '這份備份是在另一台電腦（或遺失的金鑰）上製作的，當時還沒有復原金鑰，只能在原來的電腦開啟。',
    );
  }
  if (!recoveryKey) {
    throw new ApplicationError('backup.keyNeeded', `這份備份是用另一把電腦金鑰製作的，請輸入復原金鑰（編號 ${recovery.keyId}）再試一次。`, {
      keyId: recovery.keyId,
    });
  }
  const opened = recoveryKey.open(recovery, sealingContext(header.id));
  if (opened) return new Uint8Array(opened);
  throw new ApplicationError(
    'backup.otherRecoveryKey',
    `這份備份要用編號 ${recovery.keyId} 的復原金鑰開啟，輸入的是編號 ${recoveryKey.keyId}。請找出那一張，或改用較新的備份。`,
    { keyId: recovery.keyId, given: recoveryKey.keyId },
  );
}
