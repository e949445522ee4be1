export interface PasswordHint {
  text: string;
  met: boolean;
}

/**
 * What a new password must be, ticked off while it is typed. Only to guide the typing: the backend's rules
 * (main/features/session/password-rules.ts) decide.
 */
export function passwordHints(typed: string, current: string, accountName: string): PasswordHint[] {
  const password = typed.normalize('NFKC');
  const given = password !== '';
  return [
    { text: '至少 10 個字元', met: [...password].length >= 10 },
    { text: '至少 4 種不同的字元', met: new Set(password.toLowerCase()).size >= 4 },
    { text: '不含帳號名稱', met: given && !password.toLowerCase().includes(accountName.toLowerCase()) },
    { text: '和目前的密碼不同', met: given && password !== current.normalize('NFKC') },
  ];
}
