/**
 * How a 復原金鑰 is written on paper: seven groups of four characters and a check character. Typed back by hand it says which group is
 * wrong. Pure: the secret comes from a cryptographic source elsewhere (main/platform/recovery-key.ts).
 */

/** Capitals and digits without 0 O 1 I, which are read for each other; 32 of them, so a character is five bits. */
export const recoveryAlphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** 28 characters are 140 bits, more than the curve behind them is worth. */
export const recoverySecretLength = 28;
const groupLength = 4;

/** Multiplies by x in the field of 32 elements (x⁵ = x² + 1). */
const timesX = (value: number): number => ((value << 1) & 31) ^ (value & 16 ? 0b00101 : 0);

/**
 * The check character of a group: a Reed–Solomon parity with the group's own place in it, so that every single wrong character, every
 * two that were exchanged, and two groups in each other's place are found.
 */
function checkOf(group: string, place: number): string {
  let parity = 0;
  // Horner's rule gives the first character the highest power; the check itself stands for x⁰.
  for (const character of group) parity = timesX(parity ^ recoveryAlphabet.indexOf(character));
  return recoveryAlphabet[parity ^ (place + 1)]!;
}

/** @param secret 28 characters of the alphabet @returns `ABCDE-FGHJK-…`, the fifth of each group its check character */
export function formatRecoveryKey(secret: string): string {
  const groups: string[] = [];
  for (let start = 0; start < secret.length; start += groupLength) {
    const group = secret.slice(start, start + groupLength);
    groups.push(group + checkOf(group, groups.length));
  }
  return groups.join('-');
}

export type RecoveryKeyReading = { secret: string } | { problem: 'length'; characters: number } | { problem: 'group'; group: number };

/**
 * Reads what was typed or scanned: any case, with or without hyphens and spaces, full-width forms.
 * @returns the secret, or how many characters there are instead of 35, or which group (from 1) is wrong
 */
export function readRecoveryKey(typed: string): RecoveryKeyReading {
  const characters = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '');
  const groups = recoverySecretLength / groupLength;
  if (characters.length !== groups * (groupLength + 1)) return { problem: 'length', characters: characters.length };
  let secret = '';
  for (let place = 0; place < groups; place += 1) {
    const start = place * (groupLength + 1);
    const group = characters.slice(start, start + groupLength);
    const known = [...group].every((character) => recoveryAlphabet.includes(character));
    if (!known || checkOf(group, place) !== characters[start + groupLength]) return { problem: 'group', group: place + 1 };
    secret += group;
  }
  return { secret };
}
