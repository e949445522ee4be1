import { createHash, createHmac, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import type { Sqlite } from '../../../db/sqlite.ts';
import type { PasswordRequest, TemporaryAccountRequest } from '../protocol.ts';
import type { RecordOf } from '../resources.ts';

export type TemporaryAccount = RecordOf<'temporary-accounts'>;

/** What became of a request: the account with its one-time password, or the code of a problem. */
export type AccountFate = { record: TemporaryAccount; oneTimePassword: string } | { refusal: AccountRefusal };
export type AccountRefusal =
  | 'student.unknown'
  | 'account.period'
  | 'account.exists'
  | 'account.unknown'
  | 'account.closed'
  | 'password.replaced';

/**
 * 轉學生臨時帳號 (manual §3.17) at the city. A one-time password lies here only as a scrypt hash. It follows from a secret of this
 * city and the office's idempotency key, of which the city keeps no more than a hash: so the same request is answered with the
 * same password when its answer was lost on the line, and neither the store nor the office alone can find a password again.
 */
export interface CityAccounts {
  /** Opens an account; a request answered before is answered the same. */
  open: (request: TemporaryAccountRequest) => AccountFate;
  /** Gives an account that is still in use a new one-time password; the one before ends with it. */
  renewPassword: (id: string, request: PasswordRequest, now: Date) => AccountFate;
}

/** What the accounts need of the store's records. */
export interface AccountRecords {
  find: (resource: 'students' | 'temporary-accounts', id: string) => unknown;
  /** @returns the new version */
  put: (record: Omit<TemporaryAccount, 'version' | 'deleted'>) => number;
}

const schema = `
  CREATE TABLE IF NOT EXISTS account_passwords (account_id TEXT PRIMARY KEY NOT NULL, salt BLOB NOT NULL, hash BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS account_requests (key_hash BLOB PRIMARY KEY NOT NULL, account_id TEXT NOT NULL) STRICT;`;

/** Letters and digits that nobody takes for another: no 0 O 1 l I. */
const letters = 'ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789';

/** `Kc7w-9fQm-Rh3x`: twelve letters, 69 bits. */
function passwordOf(secret: string, idempotencyKey: string): string {
  const digest = createHmac('sha256', secret).update(idempotencyKey).digest();
  const letter = (index: number) => letters[digest.readUInt16BE(index * 2) % letters.length];
  return [0, 4, 8].map((from) => [0, 1, 2, 3].map((index) => letter(from + index)).join('')).join('-');
}

const hashOf = (password: string, salt: Buffer) => scryptSync(password, salt, 32, { N: 16384, r: 8, p: 1 });

export function cityAccounts(sqlite: Sqlite, schoolCode: string, { find, put }: AccountRecords): CityAccounts {
  sqlite.exec(schema);
  sqlite.prepare("insert or ignore into settings (key, value) values ('passwordSecret', ?)").run(randomBytes(32).toString('base64'));
  const secret = sqlite.prepare("select value from settings where key = 'passwordSecret'").pluck().get() as string;

  const requestOf = sqlite.prepare<[Buffer], string>('select account_id from account_requests where key_hash = ?').pluck();
  const keepRequest = sqlite.prepare('insert into account_requests (key_hash, account_id) values (?, ?)');
  const passwordHash = sqlite.prepare<[string], { salt: Buffer; hash: Buffer }>(
    'select salt, hash from account_passwords where account_id = ?',
  );
  const keepPassword = sqlite.prepare(
    `insert into account_passwords (account_id, salt, hash) values (?, ?, ?)
     on conflict (account_id) do update set salt = excluded.salt, hash = excluded.hash`,
  );
  const accountsOf = sqlite.prepare<[string], string>(
    `select data from records where resource = 'temporary-accounts' and deleted = 0 and json_extract(data, '$.studentId') = ?`,
  );

  const accountOf = (id: string) => find('temporary-accounts', id) as TemporaryAccount | undefined;
  const keyHash = (key: string) => createHash('sha256').update(key).digest();

  /** Gives the account the password of this request, and remembers that the request was answered. */
  const issue = (idempotencyKey: string, record: TemporaryAccount): AccountFate => {
    const oneTimePassword = passwordOf(secret, idempotencyKey);
    const salt = randomBytes(16);
    keepPassword.run(record.id, salt, hashOf(oneTimePassword, salt));
    keepRequest.run(keyHash(idempotencyKey), record.id);
    return { record, oneTimePassword };
  };

  /** The answer to a request that was answered before, while its password is the account's. */
  const answered = (idempotencyKey: string): AccountFate | undefined => {
    const id = requestOf.get(keyHash(idempotencyKey));
    if (id === undefined) return undefined;
    const record = accountOf(id);
    const kept = passwordHash.get(id);
    if (!record || !kept) return { refusal: 'account.unknown' };
    const oneTimePassword = passwordOf(secret, idempotencyKey);
    return timingSafeEqual(hashOf(oneTimePassword, kept.salt), kept.hash) ? { record, oneTimePassword } : { refusal: 'password.replaced' };
  };

  const open = ({ idempotencyKey, ...wanted }: TemporaryAccountRequest): AccountFate => {
    const student = find('students', wanted.studentId) as RecordOf<'students'> | undefined;
    if (!student) return { refusal: 'student.unknown' };
    if (wanted.expiresAt <= wanted.opensAt) return { refusal: 'account.period' };
    const before = accountsOf
      .pluck()
      .all(wanted.studentId)
      .map((data) => JSON.parse(data) as TemporaryAccount);
    const inUse = before.some(
      ({ purpose, status, expiresAt }) => purpose === wanted.purpose && status === 'open' && expiresAt > wanted.opensAt,
    );
    if (inUse) return { refusal: 'account.exists' };
    const name = `${schoolCode}t${student.studentNumber}`.toLowerCase();
    const record = {
      id: `temporary-${keyHash(idempotencyKey).toString('hex').slice(0, 24)}`,
      ...wanted,
      account: before.length === 0 ? name : `${name}-${before.length + 1}`,
      status: 'open' as const,
    };
    return issue(idempotencyKey, { ...record, version: put(record), deleted: false });
  };

  const renew = (id: string, idempotencyKey: string, now: Date): AccountFate => {
    const record = accountOf(id);
    if (!record) return { refusal: 'account.unknown' };
    if (record.status !== 'open' || record.expiresAt <= now.toISOString()) return { refusal: 'account.closed' };
    return issue(idempotencyKey, record);
  };

  return {
    open: (request) => sqlite.transaction(() => answered(request.idempotencyKey) ?? open(request)).immediate(),
    renewPassword: (id, { idempotencyKey }, now) =>
      sqlite.transaction(() => answered(idempotencyKey) ?? renew(id, idempotencyKey, now)).immediate(),
  };
}
