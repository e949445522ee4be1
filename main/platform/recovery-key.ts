import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { formatRecoveryKey, readRecoveryKey, recoveryAlphabet, recoverySecretLength } from '../../domain/recovery-key.ts';
import { ApplicationError } from './errors.ts';

/**
 * 復原金鑰: what opens a backup where the computer's own key is lost. The paper holds the private half; the program keeps the public one
 * only, which is enough to seal every later backup for it (X25519, HKDF-SHA-256, AES-256-GCM).
 */

/** What the program keeps of a recovery key. */
export interface RecoveryLock {
  /** Names the paper, `K7Q2-M9XA`: it stands on it and in every backup that it opens. */
  keyId: string;
  /** Raw X25519 public key, base64. */
  publicKey: string;
  /** UTC instant. */
  madeAt: string;
}

/** What was sealed for a recovery key. */
export interface SealedForRecovery {
  keyId: string;
  /** Raw public key made for this box alone, base64. */
  ephemeral: string;
  /** Nonce, tag and ciphertext, base64. */
  sealed: string;
}

/** DER of an X25519 key up to its raw bytes (RFC 8410): Node takes raw keys in no other form. */
const privatePrefix = Buffer.from('302e020100300506032b656e04220420', 'hex');
const publicPrefix = Buffer.from('302a300506032b656e032100', 'hex');

const publicKeyOf = (raw: Buffer): KeyObject => createPublicKey({ key: Buffer.concat([publicPrefix, raw]), format: 'der', type: 'spki' });
const rawOf = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' }).subarray(publicPrefix.length);

function privateKeyOf(secret: string): KeyObject {
  const seed = Buffer.from(hkdfSync('sha256', secret, new Uint8Array(0), 'portfolio recovery key v1', 32));
  return createPrivateKey({ key: Buffer.concat([privatePrefix, seed]), format: 'der', type: 'pkcs8' });
}

function idOf(rawPublicKey: Buffer): string {
  const digest = createHash('sha256').update(rawPublicKey).digest();
  const characters = [...digest.subarray(0, 8)].map((byte) => recoveryAlphabet[byte & 31]);
  return `${characters.slice(0, 4).join('')}-${characters.slice(4).join('')}`;
}

/** Makes a recovery key. @returns the words for the paper, kept nowhere, and what the program keeps */
export function makeRecoveryKey(now: Date): { text: string; lock: RecoveryLock } {
  const secret = [...randomBytes(recoverySecretLength)].map((byte) => recoveryAlphabet[byte & 31]).join('');
  const raw = rawOf(createPublicKey(privateKeyOf(secret)));
  return {
    text: formatRecoveryKey(secret),
    lock: { keyId: idOf(raw), publicKey: raw.toString('base64'), madeAt: now.toISOString() },
  };
}

/** The key of a box, from both halves of the exchange and the public keys that took part. */
const boxKey = (shared: Buffer, ephemeral: Buffer, recipient: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', shared, Buffer.concat([ephemeral, recipient]), 'portfolio recovery box v1', 32));

/** Seals a secret so that only the paper opens it. @param context bound to the box: it opens with the same only */
export function sealForRecovery(secret: Uint8Array, { keyId, publicKey }: RecoveryLock, context: string): SealedForRecovery {
  const recipient = Buffer.from(publicKey, 'base64');
  const pair = generateKeyPairSync('x25519');
  const ephemeral = rawOf(pair.publicKey);
  const shared = diffieHellman({ privateKey: pair.privateKey, publicKey: publicKeyOf(recipient) });
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', boxKey(shared, ephemeral, recipient), nonce).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(secret), cipher.final()]);
  return {
    keyId,
    ephemeral: ephemeral.toString('base64'),
    sealed: Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64'),
  };
}

/** A recovery key as it was typed in, ready to open boxes. */
export interface OpenedRecoveryKey {
  keyId: string;
  /** @returns null when the box was sealed for another key or was changed */
  open: (box: SealedForRecovery, context: string) => Buffer | null;
}

/**
 * Takes a recovery key as typed or scanned.
 * @throws `recoveryKey.length`, `recoveryKey.group` (details.group, from 1)
 */
export function takeRecoveryKey(typed: string): OpenedRecoveryKey {
  const reading = readRecoveryKey(typed);
  if (!('secret' in reading)) {
    throw reading.problem === 'length'
      ? new ApplicationError(
          'recoveryKey.length',
          `復原金鑰是 7 組、每組 5 個字，共 35 個字；輸入的有 ${reading.characters} 個字，請對照紙本再輸入。`,
          {
            characters: reading.characters,
          },
        )
      : new ApplicationError('recoveryKey.group', `復原金鑰第 ${reading.group} 組不正確，請對照紙本再輸入這一組。`, {
          group: reading.group,
        });
  }
  const privateKey = privateKeyOf(reading.secret);
  const recipient = rawOf(createPublicKey(privateKey));
  return {
    keyId: idOf(recipient),
    open: ({ ephemeral, sealed }, context) => {
      try {
        const raw = Buffer.from(ephemeral, 'base64');
        const bytes = Buffer.from(sealed, 'base64');
        const shared = diffieHellman({ privateKey, publicKey: publicKeyOf(raw) });
        const decipher = createDecipheriv('aes-256-gcm', boxKey(shared, raw, recipient), bytes.subarray(0, 12), { authTagLength: 16 })
          .setAAD(Buffer.from(context))
          .setAuthTag(bytes.subarray(12, 28));
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
      } catch {
        return null; // Another key, or changed bytes: GCM does not tell which, and neither opens.
      }
    },
  };
}
