import { randomBytes } from 'node:crypto';

/** Serials of papers that are handed out, signed and come back: 確認單 and 收訖明細確認單. */

/** Digits and letters that nobody takes for another (no I, L, O, U), all of them in a QR code's alphanumeric set. */
const serialAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * A new serial, `1151-7K3QF-9XZ2M`: the term, then 50 random bits; it names no one. Short enough for typing when a code
 * can't be scanned.
 */
export function newSerial(term: string): string {
  const letters = [...randomBytes(10)].map((byte) => serialAlphabet[byte & 31]).join('');
  return `${term}-${letters.slice(0, 5)}-${letters.slice(5)}`;
}

/** What the QR code says: the school too, so that a paper of another school is told from one that is unknown. */
export const qrTextOf = (schoolCode: string, serial: string) => `${schoolCode}/${serial}`;

/**
 * The serial in what a hand scanner typed, or a clerk: upper or lower case, full width, with any separators or none, O for 0 and I or
 * L for 1 (the alphabet has neither).
 * @returns undefined for what is no paper's code; `schoolCode` is null where only the serial was typed
 */
export function readSerial(text: string): { schoolCode: string | null; serial: string } | undefined {
  const letters = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '');
  if (letters.length !== 14 && letters.length !== 20) return undefined;
  const schoolCode = letters.length === 20 ? letters.slice(0, 6) : null;
  const plain = letters.slice(-14).replaceAll('O', '0').replace(/[IL]/g, '1');
  if (!/^\d{4}/.test(plain)) return undefined;
  return { schoolCode, serial: `${plain.slice(0, 4)}-${plain.slice(4, 9)}-${plain.slice(9)}` };
}
