import { createCipheriv, createHash } from 'node:crypto';

/**
 * Whether an encrypted PDF opens all the same: many official certificates are locked against changes only, with an owner's password, and every reader
 * opens them with the empty user password. Told by the check value of the encryption dictionary (ISO 32000-2, 7.6.4); nothing is decrypted.
 */
export function opensWithoutPassword(content: Buffer): boolean {
  const text = content.toString('latin1');
  const encryption = encryptionDictionary(text);
  if (!encryption || !/\/Filter\s*\/Standard\b/.test(encryption)) return false;
  const revision = numberIn(encryption, 'R');
  const check = stringIn(encryption, 'U');
  if (revision === undefined || !check) return false;
  if (revision >= 5) {
    const salt = check.subarray(32, 40);
    const hash = revision === 5 ? createHash('sha256').update(salt).digest() : hardenedHash(Buffer.alloc(0), salt);
    return hash.equals(check.subarray(0, 32));
  }
  const owner = stringIn(encryption, 'O');
  const id = /\/ID\s*\[\s*/g;
  const ids = [...text.matchAll(id)].flatMap(({ index, 0: found }) => readString(text, index + found.length) ?? []);
  if (!owner) return false;
  return [...ids, Buffer.alloc(0)].some((first) => checksByRc4(encryption, revision, owner, first, check));
}

/** The dictionary that /Encrypt of a trailer names or holds; the last written one. */
function encryptionDictionary(text: string): string | undefined {
  const references = [...text.matchAll(/\/Encrypt\s*(?:(\d+)\s+(\d+)\s+R\b|<<)/g)];
  const reference = references.at(-1);
  if (!reference) return undefined;
  const [whole, number, generation] = reference;
  if (number === undefined) return balanced(text, reference.index + whole.length - 2);
  const object = [...text.matchAll(new RegExp(`(?:^|[\\r\\n\\s])${number}\\s+${generation}\\s+obj\\s*(?=<<)`, 'g'))].at(-1);
  return object && balanced(text, object.index + object[0].length);
}

/** From `<<` to the `>>` that closes it; strings are stepped over. */
function balanced(text: string, from: number): string | undefined {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '(') at = endOfLiteral(text, at);
    else if (text.startsWith('<<', at)) {
      depth += 1;
      at += 1;
    } else if (text.startsWith('>>', at)) {
      depth -= 1;
      at += 1;
      if (depth === 0) return text.slice(from, at + 1);
    }
  }
  return undefined;
}

/** Where the `)` of a literal string stands. */
function endOfLiteral(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '(') depth += 1;
    else if (text[at] === ')') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return text.length;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** The string, hexadecimal or literal, that begins at a place. */
function readString(text: string, at: number): Buffer | undefined {
  const hexadecimal = /^<([0-9A-Fa-f\s]*)>/.exec(text.slice(at, at + 1024))?.[1];
  if (hexadecimal !== undefined) return Buffer.from(hexadecimal.replace(/\s/g, ''), 'hex');
  if (text[at] !== '(') return undefined;
  const literal = text.slice(at + 1, endOfLiteral(text, at));
  const plain = literal.replace(/\\([0-7]{1,3}|\r\n|[\s\S])|\r\n?/g, (_whole, escaped: string | undefined) => {
    if (escaped === undefined) return '\n';
    if (/^[0-7]/.test(escaped)) return String.fromCharCode(Number.parseInt(escaped, 8) & 255);
    return /^[\r\n]/.test(escaped) ? '' : (escapes[escaped] ?? escaped);
  });
  return Buffer.from(plain, 'latin1');
}

function stringIn(dictionary: string, key: string): Buffer | undefined {
  const found = new RegExp(`/${key}\\s*(?=[<(])`).exec(dictionary);
  return found ? readString(dictionary, found.index + found[0].length) : undefined;
}

function numberIn(dictionary: string, key: string): number | undefined {
  const found = new RegExp(`/${key}\\s+(-?\\d+)`).exec(dictionary)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** What an empty password is filled up with (algorithm 2). */
const padding = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');
const md5 = (...parts: Uint8Array[]) => parts.reduce((hash, part) => hash.update(part), createHash('md5')).digest();

/** Revisions 2 to 4 (algorithms 2, 4 and 5). */
function checksByRc4(encryption: string, revision: number, owner: Buffer, id: Buffer, check: Buffer): boolean {
  const permissions = Buffer.alloc(4);
  permissions.writeInt32LE((numberIn(encryption, 'P') ?? 0) | 0);
  const open = revision >= 4 && /\/EncryptMetadata\s+false\b/.test(encryption) ? [Buffer.alloc(4, 255)] : [];
  let key = md5(padding, owner.subarray(0, 32), permissions, id, ...open);
  // Of revision 4 the length stands in the crypt filter, in bytes or bits as the writer had it; it is 128 bits.
  const length = revision === 2 ? 5 : revision === 4 ? 16 : Math.min(16, (numberIn(encryption, 'Length') ?? 40) / 8);
  if (revision >= 3) for (let round = 0; round < 50; round += 1) key = md5(key.subarray(0, length));
  key = key.subarray(0, length);
  if (revision === 2) return rc4(key, padding).equals(check.subarray(0, 32));
  let value = rc4(key, md5(padding, id));
  for (let round = 1; round <= 19; round += 1)
    value = rc4(
      key.map((byte) => byte ^ round),
      value,
    );
  return value.equals(check.subarray(0, 16));
}

/** OpenSSL 3 has it no more; here it only proves that a password is empty. */
function rc4(key: Uint8Array, content: Uint8Array): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index);
  const swap = (a: number, b: number) => {
    [state[a], state[b]] = [state[b]!, state[a]!];
  };
  for (let at = 0, other = 0; at < 256; at += 1) {
    other = (other + state[at]! + key[at % key.length]!) & 255;
    swap(at, other);
  }
  let [at, other] = [0, 0];
  return Buffer.from(
    content.map((byte) => {
      at = (at + 1) & 255;
      other = (other + state[at]!) & 255;
      swap(at, other);
      return byte ^ state[(state[at]! + state[other]!) & 255]!;
    }),
  );
}

/** Algorithm 2.B, of revision 6, for a user's password. */
export function hardenedHash(password: Buffer, salt: Buffer): Buffer {
  let key = createHash('sha256').update(password).update(salt).digest();
  for (let round = 0; ; round += 1) {
    const block = Buffer.concat([password, key]);
    const cipher = createCipheriv('aes-128-cbc', key.subarray(0, 16), key.subarray(16, 32)).setAutoPadding(false);
    const mixed = cipher.update(Buffer.concat(Array.from({ length: 64 }, () => block)));
    const sum = mixed.subarray(0, 16).reduce((total, byte) => total + byte, 0);
    key = createHash((['sha256', 'sha384', 'sha512'] as const)[sum % 3]!)
      .update(mixed)
      .digest();
    if (round >= 63 && mixed.at(-1)! <= round - 31) return key.subarray(0, 32);
  }
}
