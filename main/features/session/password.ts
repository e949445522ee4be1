import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/**
 * The cost of a password today: 32 MB and, measured on two cores of a small office machine, 75 to 150 ms. Raising it
 * here is enough: older hashes are replaced at the next sign-in (`needsRehash`).
 */
const cost = { N: 2 ** 15, r: 8, p: 1 } as const;
const saltBytes = 16;
const keyBytes = 32;

const pattern = /^scrypt\$N=(\d+),r=(\d+),p=(\d+)\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)$/;

function derive(password: string, salt: Uint8Array, length: number, { N, r, p }: { N: number; r: number; p: number }): Promise<Buffer> {
  // The same password typed on another keyboard layout or system is the same text.
  const text = password.normalize('NFKC');
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
  return new Promise((resolve, reject) => {
    scrypt(text, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** Hashes a password off the main thread: `scrypt$N=32768,r=8,p=1$<salt>$<key>`, base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const key = await derive(password, salt, keyBytes, cost);
  return `scrypt$N=${cost.N},r=${cost.r},p=${cost.p}$${salt.toString('base64')}$${key.toString('base64')}`;
}

/**
 * Whether a password belongs to a hash, compared in constant time.
 * @param hash null for an account that has no password (or does not exist): false, after the same work
 */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const parts = hash === null ? null : pattern.exec(hash);
  if (!parts) {
    await derive(password, Buffer.alloc(saltBytes), keyBytes, cost);
    return false;
  }
  const expected = Buffer.from(parts[5]!, 'base64');
  const actual = await derive(password, Buffer.from(parts[4]!, 'base64'), expected.byteLength, {
    N: Number(parts[1]),
    r: Number(parts[2]),
    p: Number(parts[3]),
  });
  return timingSafeEqual(actual, expected);
}

/** True when a hash was made at another cost than today's, so that it should be made again while the password is at hand. */
export function needsRehash(hash: string): boolean {
  return !hash.startsWith(`scrypt$N=${cost.N},r=${cost.r},p=${cost.p}$`);
}
