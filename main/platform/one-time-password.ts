import { randomInt } from 'node:crypto';

/** Without i, l and o, which are read as digits. */
const letters = 'abcdefghjkmnpqrstuvwxyz';

/** `kamelu-4821-pifoza`-like: read from a screen or a slip of paper, typed once by hand, and changed at once. About 67 bits. */
export function makeOneTimePassword(): string {
  const word = () => Array.from({ length: 6 }, () => letters[randomInt(letters.length)]).join('');
  return `${word()}-${randomInt(1000, 10_000)}-${word()}`;
}
