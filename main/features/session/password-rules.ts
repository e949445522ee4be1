import { ApplicationError } from '../../platform/errors.ts';

const shortest = 10;

/** `aaaaaaaaaa`, `ababababab`, `1234567890`, `zyxwvutsrq`: long, and guessed first. */
function isTrivial(password: string): boolean {
  const characters = [...password.toLowerCase()];
  if (new Set(characters).size < 4) return true;
  for (let unit = 1; unit <= 4; unit += 1) {
    if (characters.every((character, index) => character === characters[index % unit])) return true;
  }
  const steps = characters.slice(1).map((character, index) => character.codePointAt(0)! - characters[index]!.codePointAt(0)!);
  // 1234567890 ends with a step back from 9 to 0.
  return steps.filter((step) => step === 1 || step === -9).length === steps.length || steps.every((step) => step === -1);
}

/**
 * The rules of a new password: at least ten characters, another than before, without the account's name, not one
 * character or pattern again and again.
 * @throws `session.passwordWeak` saying which rule
 */
export function requireGoodPassword(newPassword: string, currentPassword: string, accountName: string): void {
  const refuse = (message: string, rule: string) => new ApplicationError('session.passwordWeak', message, { rule });
  const text = newPassword.normalize('NFKC');
  if ([...text].length < shortest) throw refuse(`新密碼至少要 ${shortest} 個字元，請再加長。`, 'length');
  if (text === currentPassword.normalize('NFKC')) throw refuse('新密碼不能和目前的密碼相同，請換一個。', 'same');
  if (text.toLowerCase().includes(accountName.toLowerCase())) throw refuse('新密碼不能含有帳號名稱，請換一個。', 'accountName');
  if (isTrivial(text)) throw refuse('新密碼不能是重複或連續的字元，請換一個不易猜到的密碼。', 'trivial');
}
