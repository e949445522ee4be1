import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatRecoveryKey, readRecoveryKey, recoveryAlphabet, recoverySecretLength } from '../../domain/recovery-key.ts';
import { makeRecoveryKey, sealForRecovery, takeRecoveryKey } from '../../main/platform/recovery-key.ts';

const secret = fc
  .array(fc.constantFrom(...recoveryAlphabet), { minLength: recoverySecretLength, maxLength: recoverySecretLength })
  .map((characters) => characters.join(''));
const now = new Date('2026-11-24T01:00:00Z');

describe('given a 復原金鑰 on paper, when it is typed back', () => {
  test('then case, hyphens, spaces and full-width forms do not matter', () => {
    fc.assert(
      fc.property(secret, (words) => {
        const text = formatRecoveryKey(words);
        expect(text).toMatch(/^([A-HJ-NP-Z2-9]{5}-){6}[A-HJ-NP-Z2-9]{5}$/);
        const fullWidth = [...text].map((character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0)).join('');
        for (const typed of [text, text.toLowerCase(), text.replaceAll('-', ' '), text.replaceAll('-', ''), fullWidth]) {
          expect(readRecoveryKey(typed)).toEqual({ secret: words });
        }
      }),
    );
  });

  test('then one wrong character is found, and in which group', () => {
    fc.assert(
      fc.property(secret, fc.nat(34), fc.constantFrom(...recoveryAlphabet, '0', 'O', '1', 'I'), (words, place, wrong) => {
        const characters = [...formatRecoveryKey(words).replaceAll('-', '')];
        fc.pre(characters[place] !== wrong);
        characters[place] = wrong;
        expect(readRecoveryKey(characters.join(''))).toEqual({ problem: 'group', group: Math.floor(place / 5) + 1 });
      }),
    );
  });

  test('then two characters of a group, and two groups, in each other’s place are found', () => {
    fc.assert(
      fc.property(secret, fc.nat(6), fc.nat(4), fc.nat(4), (words, group, one, other) => {
        const groups = formatRecoveryKey(words).split('-');
        const characters = [...groups[group]!];
        fc.pre(characters[one] !== characters[other]);
        [characters[one], characters[other]] = [characters[other]!, characters[one]!];
        groups[group] = characters.join('');
        expect(readRecoveryKey(groups.join('-'))).toEqual({ problem: 'group', group: group + 1 });
      }),
    );
    fc.assert(
      fc.property(secret, fc.nat(6), fc.nat(6), (words, one, other) => {
        fc.pre(one !== other);
        const groups = formatRecoveryKey(words).split('-');
        [groups[one], groups[other]] = [groups[other]!, groups[one]!];
        expect(readRecoveryKey(groups.join('-'))).toEqual({ problem: 'group', group: Math.min(one, other) + 1 });
      }),
    );
  });

  test('then a missing character is told by the number of them', () => {
    expect(readRecoveryKey('ABCDE-FGHJK')).toEqual({ problem: 'length', characters: 10 });
    expect(() => takeRecoveryKey('ABCDE')).toThrowError(expect.objectContaining({ code: 'recoveryKey.length' }));
    expect(() => takeRecoveryKey('A'.repeat(35))).toThrowError(
      expect.objectContaining({ code: 'recoveryKey.group', details: { group: 1 } }),
    );
  });
});

describe('given a recovery key', () => {
  const data = Buffer.from('the key of a backup, 32 bytes ..');

  test('what is sealed with its public half opens with the paper, for the same backup only', () => {
    const { text, lock } = makeRecoveryKey(now);
    const box = sealForRecovery(data, lock, 'backup 1');
    const paper = takeRecoveryKey(text.toLowerCase());
    expect(paper.keyId).toBe(lock.keyId);
    expect(paper.open(box, 'backup 1')).toEqual(data);
    expect(paper.open(box, 'backup 2')).toBeNull();
    expect(takeRecoveryKey(makeRecoveryKey(now).text).open(box, 'backup 1')).toBeNull();
    for (const field of ['ephemeral', 'sealed'] as const) {
      const changed = Buffer.from(box[field], 'base64');
      changed[changed.length - 1]! ^= 1;
      expect(paper.open({ ...box, [field]: changed.toString('base64') }, 'backup 1')).toBeNull();
    }
  });

  test('what the program keeps tells nothing of the paper, and every box is another', () => {
    const { text, lock } = makeRecoveryKey(now);
    const kept = JSON.stringify(lock);
    for (const group of text.split('-')) expect(kept).not.toContain(group);
    expect(sealForRecovery(data, lock, 'a').sealed).not.toBe(sealForRecovery(data, lock, 'a').sealed);
    expect(makeRecoveryKey(now).text).not.toBe(text);
  });
});
