import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AnswerOf, InputOf, OperationName } from '../../main/features/contract.ts';
import { errorFrom, reportOf } from '../../main/platform/errors.ts';
import { readPdf } from '../slips/pdf-text.ts';
import { startTestCity, type TestCity } from '../support/city.ts';
import { type ConnectedOffice, connectOffice } from '../support/office.ts';
import { smallSchool, student } from '../support/small-school.ts';

/** Nine in the morning in Taipei; the ticking window closes at the end of 20 December. */
const morning = '2026-11-24T01:00:00.000Z';

const tickingWindow = (endsOn: string, endHour = 23) => ({
  resource: 'operation-windows' as const,
  record: { id: 'w1', item: 'tickOutcomes', academicYear: 115, semester: 0, startsOn: '2026-09-01', startHour: 0, endsOn, endHour } as {
    id: string;
  },
});

describe('given students who left and a ticking window that is open', () => {
  let city: TestCity;
  let office: ConnectedOffice;
  let now: Date;
  let lost: number;
  const clock = { now: () => now };

  beforeEach(async () => {
    now = new Date(morning);
    lost = 0;
    city = await startTestCity(
      [
        ...smallSchool(2),
        student(3, { status: 'transferredOut', statusChangedOn: '2026-08-20' }),
        student(4, { status: 'transferredIn', statusChangedOn: '2026-09-02' }),
        student(5, { status: 'transferredOut', statusChangedOn: '2024-02-10' }),
        tickingWindow('2026-12-20'),
      ],
      {
        clock,
        intervene: (request, answer) => {
          if (lost > 0 && request.url?.includes('/temporary-accounts')) {
            lost -= 1;
            request.socket.destroy();
          }
          return answer;
        },
      },
    );
    office = await connectOffice(city, clock);
    await office.application.synchronise({});
    expect((await office.application.signIn('desk', '999999adm', 'a password of the office')).ok).toBe(true);
  });
  afterEach(async () => {
    await office.close();
    await city.close();
  });

  const call = async <Name extends OperationName>(name: Name, input: InputOf<Name>): Promise<AnswerOf<Name>> => {
    const outcome = await office.application.call({ connectionId: 'desk' }, name, input);
    if (!outcome.ok) throw errorFrom(outcome.error);
    return outcome.data as AnswerOf<Name>;
  };
  const refusal = async (asked: Promise<unknown>) => {
    const report = reportOf(
      await asked.then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
    return [report.code, report.message];
  };
  const open = (studentId: string, expiresOn = '2026-12-20', purpose: 'transferredOut' | 'transferredIn' = 'transferredOut') =>
    call('temporaryAccounts.open', { studentId, purpose, expiresOn });
  const rows = async (everyone = false) => (await call('temporaryAccounts.list', { everyone })).rows;
  const states = async () => (await rows()).map(({ name, state }) => `${name} ${state}`);
  const inCity = (id: string) =>
    (
      JSON.parse(`[${city.store.page('temporary-accounts', 0, 100, false).items}]`) as { id: string; status: string; expiresAt: string }[]
    ).find((account) => account.id === id);

  test('leavers of this and the last year stand on top, with the purpose an account would have', async () => {
    expect((await rows()).map(({ name, purpose, state }) => [name, purpose, state])).toEqual([
      ['學生3', 'transferredOut', 'none'],
      ['學生4', 'transferredIn', 'none'],
    ]);
    expect((await rows(true)).map(({ name }) => name)).toEqual(['學生3', '學生5', '學生4']);
  });

  test('開通 gives an account, a password and a notice with both, and keeps the password nowhere', async () => {
    const issued = await open('s3');
    expect(issued).toMatchObject({
      account: '999999t1150003',
      opensAt: morning,
      expiresAt: '2026-12-20T15:59:59.999Z',
      missingCharacters: '',
    });
    const path = office.application.files.outgoingPath(issued.notice.token);
    const { pages } = await readPdf(path);
    expect(pages).toHaveLength(1);
    for (const part of ['測試高中', '1150003', '學生3', issued.account, issued.oneTimePassword, 'https://e-portfolio.cooc.tp.edu.tw'])
      expect(pages[0]!.text).toContain(part);
    expect(await rows()).toMatchObject([
      { name: '學生3', account: '999999t1150003', state: 'inUse', openedBy: '999999adm', hasAccountInUse: 1 },
      { name: '學生4', state: 'none' },
    ]);
    expect(inCity(issued.accountId)).toMatchObject({ status: 'open' });

    const { sqlite } = office;
    const tables = sqlite.prepare<[], string>("select name from sqlite_schema where type = 'table'").pluck().all();
    const kept = JSON.stringify(tables.map((table) => sqlite.prepare(`select * from ${table}`).raw().all()));
    expect(kept).toContain(issued.account);
    expect(kept).not.toContain(issued.oneTimePassword);
    const { logs } = office.application.foundation.directory;
    for (const name of readdirSync(logs)) expect(readFileSync(join(logs, name), 'utf8')).not.toContain(issued.oneTimePassword);
    expect(
      office.value("select action || ' ' || summary || ' ' || student_ids from audit_entries where operation = 'temporaryAccounts.open'"),
    ).toBe('reveal 開通轉學生臨時帳號 ["s3"]');
  });

  test('a second opening is refused here, and by the city where this office does not know of the first', async () => {
    await open('s3');
    expect((await refusal(open('s3')))[0]).toBe('temporaryAccounts.exists');
    const another = await connectOffice(city, clock);
    try {
      await another.application.synchronise({ resources: ['teachers', 'classes', 'students', 'operation-windows'] });
      await another.application.signIn('desk', '999999adm', 'a password of the office');
      const input = { studentId: 's3', purpose: 'transferredOut', expiresOn: '2026-12-20' };
      const outcome = await another.application.call({ connectionId: 'desk' }, 'temporaryAccounts.open', input);
      expect(outcome).toMatchObject({ ok: false, error: { code: 'temporaryAccounts.exists' } });
    } finally {
      await another.close();
    }
  });

  test('who has not moved gets none', async () => {
    expect((await refusal(open('s1')))[0]).toBe('temporaryAccounts.notTransferred');
  });

  test('an opening whose answer was lost is the same opening when it is asked for again', async () => {
    lost = 4;
    expect((await refusal(open('s3')))[0]).toBe('sync.offline');
    expect(await states()).toEqual(['學生3 none', '學生4 none']);
    const issued = await open('s3');
    expect(JSON.parse(`[${city.store.page('temporary-accounts', 0, 100, false).items}]`)).toHaveLength(1);
    expect(inCity(issued.accountId)).toBeDefined();
    expect(await states()).toEqual(['學生3 inUse', '學生4 none']);
  }, 20_000);

  test('without a line there is no account, and the sentence says why', async () => {
    lost = Number.POSITIVE_INFINITY;
    const [code, message] = await refusal(open('s3'));
    expect(code).toBe('sync.offline');
    expect(message).toContain('臨時帳號與密碼由市級系統產生，離線時無法開通');
    expect(await states()).toEqual(['學生3 none', '學生4 none']);
  }, 20_000);

  test('without an open window: the manual’s sentence', async () => {
    now = new Date('2026-12-20T15:59:59.999Z');
    expect((await call('temporaryAccounts.ticking', {})).lastDay).toBe('2026-12-20');
    now = new Date('2026-12-20T16:00:00.000Z');
    expect(await call('temporaryAccounts.ticking', {})).toEqual({ windows: [], closesAt: null, lastDay: null });
    expect(await refusal(open('s3'))).toEqual(['temporaryAccounts.noWindow', '學校未設定勾選時間，無法開通學生帳號。']);
  });

  test('no account outlives the window; 延長 goes to its end and follows it when the school sets it later', async () => {
    expect((await refusal(open('s3', '2026-12-21')))[0]).toBe('temporaryAccounts.beyondWindow');
    expect((await refusal(open('s3', '2026-11-23')))[0]).toBe('temporaryAccounts.beyondWindow');
    const { accountId } = await open('s3', '2026-12-01');
    now = new Date('2026-12-01T15:59:58.000Z');
    expect(await states()).toEqual(['學生3 inUse', '學生4 none']);
    now = new Date('2026-12-01T15:59:59.999Z');
    expect(await states()).toEqual(['學生3 expired', '學生4 none']);
    expect((await refusal(call('temporaryAccounts.renewPassword', { id: accountId })))[0]).toBe('temporaryAccounts.expired');

    now = new Date('2026-12-02T01:00:00.000Z');
    const extend = (expiresOn: string) => call('temporaryAccounts.extend', { id: accountId, expiresOn });
    expect((await refusal(extend('2026-12-21')))[0]).toBe('temporaryAccounts.beyondWindow');
    expect(await extend('2026-12-20')).toMatchObject({ expiresAt: '2026-12-20T15:59:59.999Z' });
    expect((await refusal(extend('2026-12-10')))[0]).toBe('temporaryAccounts.notLater');
    expect(await states()).toEqual(['學生3 inUse', '學生4 none']);

    const [shown] = city.store.change([
      {
        idempotencyKey: 'a later window',
        resource: 'operation-windows',
        id: 'w1',
        baseVersion: city.store.latest('operation-windows'),
        operation: 'update',
        data: tickingWindow('2027-01-10', 11).record as never,
      },
    ]);
    expect(shown).toMatchObject({ outcome: 'accepted' });
    await office.application.synchronise({});
    expect(await extend('2027-01-10')).toMatchObject({ expiresAt: '2027-01-10T03:59:59.999Z' });
    await office.application.synchronise({});
    expect(inCity(accountId)).toMatchObject({ expiresAt: '2027-01-10T03:59:59.999Z' });
  });

  test('停用 reaches the city, and a new account may be opened after it', async () => {
    const { accountId } = await open('s3');
    await call('temporaryAccounts.disable', { id: accountId });
    expect(await states()).toEqual(['學生3 disabled', '學生4 none']);
    expect((await refusal(call('temporaryAccounts.renewPassword', { id: accountId })))[0]).toBe('temporaryAccounts.disabled');
    expect((await refusal(call('temporaryAccounts.extend', { id: accountId, expiresOn: '2026-12-20' })))[0]).toBe(
      'temporaryAccounts.disabled',
    );
    await office.application.synchronise({ resources: [] });
    expect(inCity(accountId)).toMatchObject({ status: 'disabled' });
    expect((await open('s3')).account).toBe('999999t1150003-2');
  });

  test('two offices change one account: the later one meets the conflict and chooses', async () => {
    const { accountId } = await open('s3', '2026-12-01');
    const [current] = JSON.parse(`[${city.store.page('temporary-accounts', 0, 100, false).items}]`) as [{ id: string; version: number }];
    const { id, version, ...data } = current;
    city.store.change([
      {
        idempotencyKey: 'the other office',
        resource: 'temporary-accounts',
        id,
        baseVersion: version,
        operation: 'update',
        data: { ...data, status: 'disabled' },
      },
    ]);
    await call('temporaryAccounts.extend', { id: accountId, expiresOn: '2026-12-20' });
    await office.application.synchronise({ resources: [] });
    const { changes } = await call('sync.changes', { resources: ['temporary-accounts'] });
    expect(changes.map(({ state, label }) => [state, label])).toEqual([['conflict', '1150003 學生3的臨時帳號']]);
    await call('sync.settleChange', { resource: 'temporary-accounts', recordId: accountId, choice: 'theirs' });
    expect(await states()).toEqual(['學生3 disabled', '學生4 none']);
  });

  test('重設密碼 gives another password for the same account', async () => {
    const issued = await open('s3');
    const renewed = await call('temporaryAccounts.renewPassword', { id: issued.accountId });
    expect(renewed).toMatchObject({ accountId: issued.accountId, account: issued.account, studentId: 's3' });
    expect(renewed.oneTimePassword).not.toBe(issued.oneTimePassword);
  });
});
