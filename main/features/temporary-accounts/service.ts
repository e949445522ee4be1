import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { taipeiDay } from '../../../domain/roc-date.ts';
import type { FeatureServices } from '../../application/foundation.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { Handlers } from '../../application/router.ts';
import type { CityClient } from '../../central/client.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { workbookFileName } from '../../platform/workbook.ts';
import { type IssuedAccount, temporaryAccountGrid, type temporaryAccounts } from './contract.ts';
import type { NoticeInput } from './notice-task.ts';
import { type AccountOnFile, accountOf, hasAccountInUse, type MovedStudent, movedStudent, temporaryAccountSource } from './queries.ts';
import { expiryOn, tickingWindows } from './validity.ts';

type ListInput = z.output<(typeof temporaryAccounts)['operations']['list']['input']>;

/** Milliseconds that a notice with its password lies in the work folder, for as long as it takes to print it. */
const noticeLife = 10 * 60_000;

const exists = () =>
  new ApplicationError(
    'temporaryAccounts.exists',
    '這位學生已經有使用中的臨時帳號；忘記密碼請用「重設密碼」，要延長期限請用「延長」。清單中看不到時請先同步。',
  );
const unknown = () => new ApplicationError('temporaryAccounts.unknown', '找不到這個臨時帳號，請先同步後再試一次。');
const disabled = () => new ApplicationError('temporaryAccounts.disabled', '這個臨時帳號已停用，需要時請重新開通。');
const expired = () => new ApplicationError('temporaryAccounts.expired', '這個臨時帳號已到期，請先延長到期時間，或重新開通。');

const closedAtCity = () =>
  new ApplicationError('temporaryAccounts.expired', '市級系統上這個臨時帳號已到期或停用；剛才的延長還沒送出時請先同步，再重設密碼。');

/** What the city says of a request, in words for the office. */
const cityRefusals: Readonly<Record<string, () => ApplicationError>> = {
  'account.exists': exists,
  'account.unknown': unknown,
  'account.closed': closedAtCity,
  'password.replaced': () =>
    new ApplicationError('temporaryAccounts.passwordReplaced', '這個臨時帳號的密碼已在別處重設，請再按一次「重設密碼」。'),
  'student.unknown': () =>
    new ApplicationError('temporaryAccounts.studentUnknown', '市級系統沒有這位學生的資料，請先同步學籍及人員資料後再試一次。'),
};

/** 轉學生臨時帳號 (manual §3.17). The city makes accounts and passwords; the office extends and disables them like other shared data. */
export function temporaryAccountsHandlers(services: FeatureServices): Handlers<typeof temporaryAccounts> {
  const { foundation, connection, clock, settings, sync, tasks, directory, files, changed } = services;
  const { sqlite } = connection;
  const grid = gridHandlers(foundation, temporaryAccountGrid, (input: ListInput) => temporaryAccountSource(input, clock.now()));
  /**
   * Idempotency keys of requests whose answer never came, by what was asked: asked again they name the same request, so that an account the city
   * did open is answered with the password it was opened with. In memory only: with its key a password could be had again.
   */
  const unanswered = new Map<string, string>();

  /** Asks the city once for `what`. @throws `temporaryAccounts.…` where the city refuses, `sync.offline` and its like where it cannot be asked */
  const askOnce = async <Answer>(what: string, ask: (city: CityClient, idempotencyKey: string) => Promise<Answer>): Promise<Answer> => {
    const idempotencyKey = unanswered.get(what) ?? randomUUID();
    unanswered.set(what, idempotencyKey);
    const city = await sync.openCity();
    try {
      const answer = await sync.observed(() => ask(city, idempotencyKey));
      unanswered.delete(what);
      return answer;
    } catch (error) {
      if (!(error instanceof ApplicationError)) throw error;
      const refusal = cityRefusals[String(error.details.cityCode)];
      if (refusal) {
        unanswered.delete(what);
        throw refusal();
      }
      if (error.code === 'sync.offline') {
        throw new ApplicationError(
          'sync.offline',
          '無法連線到市級系統。臨時帳號與密碼由市級系統產生，離線時無法開通或重設；請確認網路後再試一次。',
          error.details,
          { cause: error },
        );
      }
      throw error;
    } finally {
      city.close();
    }
  };

  /** The answer with the password, and its notice made while the password is at hand. */
  const issued = async (record: AccountOnFile, student: MovedStudent, oneTimePassword: string): Promise<IssuedAccount> => {
    const schoolName = settings.get('school.name') ?? '';
    const folder = directory.makeWorkFolder('notice');
    try {
      const path = join(folder, 'notice.pdf');
      const { account, purpose, opensAt, expiresAt } = record;
      const input: NoticeInput = { path, schoolName, student, account, purpose, opensAt, expiresAt, oneTimePassword };
      const missingCharacters = await tasks.run<string>('temporaryAccounts.notice', input, {});
      const name = workbookFileName({ schoolName, term: student.studentNumber, title: '臨時帳號通知單', madeAt: clock.now() }, 'pdf');
      const notice = files.offer(path, name, 'application/pdf', true);
      setTimeout(() => void files.release(notice.token).then(() => rm(folder, { recursive: true, force: true })), noticeLife).unref();
      const { id: studentId, studentNumber } = student;
      const whose = { accountId: record.id, studentId, studentNumber, name: student.name };
      return { ...whose, account, opensAt, expiresAt, oneTimePassword, notice, missingCharacters };
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  };

  const studentOf = (id: string): MovedStudent => {
    const student = movedStudent(sqlite, id);
    if (!student) throw cityRefusals['student.unknown']!();
    return student;
  };

  return {
    ...grid,
    ticking: () => {
      const windows = tickingWindows(sqlite, clock.now());
      const closesAt = windows[0]?.closesAt ?? null;
      return { windows, closesAt, lastDay: closesAt && taipeiDay(new Date(closesAt)) };
    },

    open: async ({ studentId, purpose, expiresOn }, { accountName, signal }) => {
      const now = clock.now();
      const student = studentOf(studentId);
      const expiresAt = expiryOn(expiresOn, tickingWindows(sqlite, now), now);
      if (student.status !== 'transferredOut' && student.status !== 'transferredIn') {
        throw new ApplicationError(
          'temporaryAccounts.notTransferred',
          '臨時帳號只能開給轉出或轉入的學生；學籍異動還沒同步時，請先同步學籍及人員資料。',
        );
      }
      if (hasAccountInUse(sqlite, studentId, purpose, now)) throw exists();
      const { record, oneTimePassword } = await askOnce(`open ${studentId} ${purpose}`, (city, idempotencyKey) =>
        city.openTemporaryAccount(
          { idempotencyKey, studentId, purpose, opensAt: now.toISOString(), expiresAt, openedBy: accountName },
          signal,
        ),
      );
      await sync.keepRecord('temporary-accounts', record);
      changed('temporaryAccounts');
      return issued(record, student, oneTimePassword);
    },

    extend: async ({ id, expiresOn }, { accountName }) => {
      const now = clock.now();
      const expiresAt = expiryOn(expiresOn, tickingWindows(sqlite, now), now);
      const extended = await sync.changeShared(accountName, (records) => {
        const record = records.read('temporary-accounts', id);
        if (!record) throw unknown();
        if (record.status !== 'open') throw disabled();
        if (expiresAt <= record.expiresAt) {
          throw new ApplicationError('temporaryAccounts.notLater', '新的到期時間必須晚於目前的到期時間；要提早結束請用「停用」。', {
            expiresAt: record.expiresAt,
          });
        }
        if (hasAccountInUse(sqlite, record.studentId, record.purpose, now, id)) throw exists();
        records.save('temporary-accounts', { ...record, expiresAt });
        return record;
      });
      changed('temporaryAccounts');
      return { studentId: extended.studentId, account: extended.account, expiresAt };
    },

    disable: async ({ id }, { accountName }) => {
      const record = await sync.changeShared(accountName, (records) => {
        const before = records.read('temporary-accounts', id);
        if (!before) throw unknown();
        if (before.status === 'open') records.save('temporary-accounts', { ...before, status: 'disabled' });
        return before;
      });
      changed('temporaryAccounts');
      return { done: true, studentId: record.studentId, account: record.account };
    },

    renewPassword: async ({ id }, { signal }) => {
      const record = accountOf(sqlite, id);
      if (!record) throw unknown();
      if (record.status !== 'open') throw disabled();
      if (record.expiresAt <= clock.now().toISOString()) throw expired();
      const oneTimePassword = await askOnce(`password ${id}`, (city, idempotencyKey) =>
        city.renewTemporaryPassword(id, { idempotencyKey }, signal),
      );
      return issued(record, studentOf(record.studentId), oneTimePassword);
    },
  };
}
