/**
 * 身分證統一編號 and 居留證統一證號 (old and new form): one checksum, three shapes (domain.md §5).
 */
const letterValues: Record<string, number> = {
  A: 10,
  B: 11,
  C: 12,
  D: 13,
  E: 14,
  F: 15,
  G: 16,
  H: 17,
  I: 34,
  J: 18,
  K: 19,
  L: 20,
  M: 21,
  N: 22,
  O: 35,
  P: 23,
  Q: 24,
  R: 25,
  S: 26,
  T: 27,
  U: 28,
  V: 29,
  W: 32,
  X: 30,
  Y: 31,
  Z: 33,
};

export type IdentityKind = 'nationalId' | 'residentCertificate' | 'oldResidentCertificate';

/** Which of the three shapes a text has, whatever its checksum; undefined for none. */
export function identityKind(text: string): IdentityKind | undefined {
  if (/^[A-Z][12]\d{8}$/.test(text)) return 'nationalId';
  if (/^[A-Z][89]\d{8}$/.test(text)) return 'residentCertificate';
  if (/^[A-Z][A-D]\d{8}$/.test(text)) return 'oldResidentCertificate';
  return undefined;
}

/** True when the shape is known and the checksum holds. */
export function isValidIdentity(text: string): boolean {
  const kind = identityKind(text);
  if (!kind) return false;
  const letter = letterValues[text.charAt(0)]!;
  const second = kind === 'oldResidentCertificate' ? letterValues[text.charAt(1)]! % 10 : Number(text.charAt(1));
  const digits = [second, ...text.slice(2).split('').map(Number)];
  const weights = [8, 7, 6, 5, 4, 3, 2, 1, 1];
  const sum = digits.reduce((total, digit, index) => total + digit * weights[index]!, 0);
  return (Math.floor(letter / 10) + (letter % 10) * 9 + sum) % 10 === 0;
}

/**
 * Completes the first nine characters to a valid identity by its check digit. For invented students.
 */
export function withCheckDigit(firstNine: string): string {
  for (let digit = 0; digit <= 9; digit += 1) {
    if (isValidIdentity(`${firstNine}${digit}`)) return `${firstNine}${digit}`;
  }
  throw new RangeError('not the beginning of an identity number');
}

/** As the manual shows it on screens: `R2****1437`. */
export function maskIdentity(text: string): string {
  return text.length < 7 ? '*'.repeat(text.length) : `${text.slice(0, 2)}****${text.slice(-4)}`;
}
