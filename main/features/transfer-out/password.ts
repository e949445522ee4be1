import { randomInt } from 'node:crypto';

/** Letters and digits without look-alikes (0 O o 1 l I): a password is also read out on the telephone. */
export const passwordCharacters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789';
export const passwordLength = 16;

/** 壓縮密碼 of one transfer file: 16 characters, about 93 bits, since WinZip's key derivation is quick to guess against. */
export function makeFilePassword(): string {
  return Array.from({ length: passwordLength }, () => passwordCharacters[randomInt(passwordCharacters.length)]).join('');
}
