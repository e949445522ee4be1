import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withCheckDigit } from '../../domain/national-id.ts';
import type { FunctionModule, Right } from '../../main/application/contract.ts';
import { mayCall } from '../../main/application/sessions.ts';
import { transferCases } from '../../main/features/transfer-cases/contract.ts';
import { importUndone } from '../../main/features/transfer-cases/file-steps.ts';
import { reportOf } from '../../main/platform/errors.ts';
import { temporaryFolder } from '../support/directories.ts';
import { student } from '../support/small-school.ts';
import { arrived, enrolled, left, type MovingSchool, morning, openMovingSchool } from './office.ts';

const identity = (number: number) => withCheckDigit(`A2000000${number}`);
const person = (number: number, changes: Parameters<typeof student>[1]) =>
  student(number, { identity: identity(number), account: `s115000${number}`, ...changes });

let school: MovingSchool;
let now: Date;
beforeEach(async () => {
  now = new Date(morning);
  school = await openMovingSchool(
    [person(4, left('2026-10-20')), person(5, left('2026-11-01')), person(6, arrived('2026-11-02')), person(7, arrived('2026-11-03'))],
    { now: () => now },
  );
});
afterEach(() => school.close());

const row = async (name: string) => {
  const both = [...(await school.call('transferCases.leavers', {})).rows, ...(await school.call('transferCases.arrivals', {})).rows];
  return both.find((one) => one.name === name)!;
};
const id = async (name: string) => String((await row(name)).id);
const state = async (name: string) => (await row(name)).state;
const history = async (direction: 'out' | 'in', name: string) =>
  (await school.call('transferCases.details', { direction, id: await id(name) })).events
    .map(({ kind, recordedBy }) => `${kind}${recordedBy === null ? '' : ` ${recordedBy}`}`)
    .reverse();
const make = async (...numbers: number[]) =>
  (await school.runJob('transferOut.produce', { studentIds: numbers.map((number) => `s${number}`), oneFile: true })).files[0]!;
const handover = { direction: 'out', on: '2026-11-24', how: 'post', to: '桃園高中註冊組', password: null, remark: '' } as const;
const refusal = async (asked: Promise<unknown>) => {
  const report = reportOf(
    await asked.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
  return report.details.studentNumbers === undefined ? [report.code] : [report.code, report.details.studentNumbers];
};
const lastAudit = () => {
  const { sqlite } = school.office;
  return sqlite
    .prepare(
      "select action, module, summary, student_ids as students from audit_entries where action = 'change' order by sequence desc limit 1",
    )
    .get();
};

describe('given leavers', () => {
  test('one file for two, handed over at once and acknowledged by each: every step is shown, kept and audited', async () => {
    expect(await state('學生4')).toBe('withoutFile');
    const file = await make(4, 5);
    expect(await row('學生4')).toMatchObject({ state: 'fileMade', fileName: file.fileName, fileMadeAt: morning });
    const cases = [{ id: await id('學生4') }, { id: await id('學生5') }];
    expect(
      await school.call('transferCases.handOver', { ...handover, cases, password: { on: '2026-11-24', how: 'phone' }, remark: '掛號' }),
    ).toEqual({ studentIds: ['s4', 's5'] });
    expect(lastAudit()).toEqual({ action: 'change', module: 'S0219S', summary: '登記交付 2026-11-24 郵寄', students: '["s4","s5"]' });
    for (const name of ['學生4', '學生5'])
      expect(await row(name)).toMatchObject({
        state: 'handedOver',
        handedOverOn: '2026-11-24',
        handedOverHow: 'post',
        handedOverTo: '桃園高中註冊組',
        passwordToldOn: '2026-11-24',
        passwordToldHow: 'phone',
        remark: '掛號',
        open: 1,
      });
    await school.call('transferCases.acknowledge', {
      direction: 'out',
      ids: [await id('學生4')],
      on: '2026-11-24',
      by: '林組長',
      remark: '',
    });
    expect(await row('學生4')).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: '林組長',
      waitingDays: null,
      open: 0,
      remark: '掛號',
    });
    expect(await state('學生5')).toBe('handedOver');
    const by = '999999adm';
    expect(await history('out', '學生4')).toEqual([
      'opened',
      ...['fileMade', 'handedOver', 'passwordTold', 'acknowledged'].map((kind) => `${kind} ${by}`),
    ]);
    expect((await school.call('dashboard.overview', {})).leavers).toEqual({
      withoutFile: { count: 0, longestDays: 0 },
      fileMade: { count: 0, longestDays: 0 },
      handedOver: { count: 1, longestDays: 23 },
    });
  });

  test('the newest file is handed over unless another is named; a file made for the same leaver later does not undo it', async () => {
    const first = await make(4);
    now = new Date('2026-11-24T02:00:00.000Z');
    const second = await make(4);
    expect((await row('學生4')).fileName).toBe(second.fileName);
    const caseId = await id('學生4');
    await school.call('transferCases.handOver', { ...handover, cases: [{ id: caseId, fileId: first.id }] });
    expect(await row('學生4')).toMatchObject({ state: 'handedOver', fileName: first.fileName });
    now = new Date('2026-11-24T03:00:00.000Z');
    const third = await make(4);
    expect(await row('學生4')).toMatchObject({ state: 'handedOver', fileName: first.fileName });
    expect((await school.call('transferCases.details', { direction: 'out', id: caseId })).files.map(({ fileName }) => fileName)).toEqual(
      [third, second, first].map(({ fileName }) => fileName),
    );
    // Again: the first never arrived.
    await school.call('transferCases.handOver', { ...handover, how: 'inPerson', cases: [{ id: caseId }] });
    expect(await row('學生4')).toMatchObject({ state: 'handedOver', fileName: third.fileName, handedOverHow: 'inPerson' });
  });

  test('without a file, or of a case that is done, none of them is handed over', async () => {
    await make(4);
    const [four, five] = [await id('學生4'), await id('學生5')];
    expect(await refusal(school.call('transferCases.handOver', { ...handover, cases: [{ id: four }, { id: five }] }))).toEqual([
      'transferCases.noFile',
      ['1150005'],
    ]);
    expect(await state('學生4')).toBe('fileMade');
    await school.call('transferCases.markUnneeded', { direction: 'out', ids: [five], reason: 'abroad', remark: '' });
    expect(await refusal(school.call('transferCases.handOver', { ...handover, cases: [{ id: four }, { id: five }] }))).toEqual([
      'transferCases.finished',
      ['1150005'],
    ]);
    expect(
      await refusal(school.call('transferCases.acknowledge', { direction: 'out', ids: [four], on: '2026-11-24', by: '林', remark: '' })),
    ).toEqual(['transferCases.notHandedOver', ['1150004']]);
    expect(
      await refusal(
        school.call('transferCases.tellPassword', { direction: 'out', ids: [await id('學生6')], on: '2026-11-24', how: 'phone' }),
      ),
    ).toEqual(['transferCases.unknown']);
    expect(await state('學生4')).toBe('fileMade');
  });

  test('nothing is recorded for a day that has not come, nor before the step that it follows', async () => {
    await make(4);
    const cases = [{ id: await id('學生4') }];
    expect(await refusal(school.call('transferCases.handOver', { ...handover, cases, on: '2026-11-25' }))).toEqual([
      'transferCases.dayInFuture',
    ]);
    expect(await refusal(school.call('transferCases.handOver', { ...handover, cases, on: '2026-11-23' }))).toEqual([
      'transferCases.dayTooEarly',
      ['1150004'],
    ]);
    expect(
      await refusal(school.call('transferCases.handOver', { ...handover, cases, password: { on: '2026-11-25', how: 'phone' } })),
    ).toEqual(['transferCases.dayInFuture']);
    await school.call('transferCases.handOver', { ...handover, cases });
    const acknowledged = { direction: 'out' as const, ids: [cases[0]!.id], on: '2026-11-23', by: '林', remark: '' };
    expect(await refusal(school.call('transferCases.acknowledge', acknowledged))).toEqual(['transferCases.dayTooEarly', ['1150004']]);
    expect(await state('學生4')).toBe('handedOver');
  });

  test('deleting a file takes back what was not handed over, and nothing else', async () => {
    const first = await make(4, 5);
    now = new Date('2026-11-24T02:00:00.000Z');
    const second = await make(4);
    await school.call('transferCases.handOver', { ...handover, cases: [{ id: await id('學生5') }] });
    await school.call('transferOut.remove', { id: second.id });
    expect(await row('學生4')).toMatchObject({ state: 'fileMade', fileName: first.fileName });
    await school.call('transferOut.remove', { id: first.id });
    expect(await row('學生4')).toMatchObject({ state: 'withoutFile', fileName: null });
    // The other school has it: only the copy here is gone.
    expect(await row('學生5')).toMatchObject({ state: 'handedOver', fileName: first.fileName, fileId: null });
    expect(await history('out', '學生4')).toEqual([
      'opened',
      ...['fileMade', 'fileMade', 'fileRemoved', 'fileRemoved'].map((kind) => `${kind} 999999adm`),
    ]);
    await school.call('transferCases.handOver', { ...handover, to: '註冊組長', cases: [{ id: await id('學生5') }] });
    expect(await row('學生5')).toMatchObject({ handedOverTo: '註冊組長', fileName: first.fileName });
  });

  test('無須交付 needs a reason, can be taken back, and ends when a file is made after all', async () => {
    const ids = [await id('學生4')];
    const unneeded = (reason: 'cityMoves' | 'other') =>
      school.call('transferCases.markUnneeded', { direction: 'out', ids, reason, remark: '' });
    expect(await refusal(unneeded('other'))).toEqual(['transferCases.reasonMissing']);
    await unneeded('cityMoves');
    expect(await row('學生4')).toMatchObject({ state: 'unneeded', unneededReason: 'cityMoves', open: 0 });
    expect(lastAudit()).toMatchObject({ summary: '登記無須交付：轉入臺北市學校，由市級系統移轉' });
    await school.call('transferCases.takeBack', { direction: 'out', id: ids[0]! });
    expect(await row('學生4')).toMatchObject({ state: 'withoutFile', unneededReason: null, open: 1 });
    await unneeded('cityMoves');
    await make(4);
    expect(await row('學生4')).toMatchObject({ state: 'fileMade', unneededReason: null, open: 1 });
  });

  test('each step recorded by mistake is taken back, the last first', async () => {
    await make(4);
    const caseId = await id('學生4');
    await school.call('transferCases.handOver', { ...handover, cases: [{ id: caseId }], password: { on: '2026-11-24', how: 'phone' } });
    await school.call('transferCases.acknowledge', { direction: 'out', ids: [caseId], on: '2026-11-24', by: '林組長', remark: '' });
    const takeBack = () => school.call('transferCases.takeBack', { direction: 'out', id: caseId });
    await takeBack();
    expect(await row('學生4')).toMatchObject({ state: 'handedOver', acknowledgedOn: null, acknowledgedBy: null });
    await takeBack();
    expect(await row('學生4')).toMatchObject({ state: 'fileMade', handedOverOn: null, handedOverTo: null, passwordToldOn: null });
    expect(await refusal(takeBack())).toEqual(['transferCases.nothingToTakeBack']);
    await school.move(4, enrolled);
    expect(await refusal(takeBack())).toEqual(['transferCases.withdrawn']);
    expect((await history('out', '學生4')).slice(-3)).toEqual(['takenBack 999999adm', 'takenBack 999999adm', 'withdrawn']);
  });

  test('a file made before the register knew of the leaving belongs to it', async () => {
    await school.move(1, { identity: identity(1) });
    const file = await make(1);
    await school.move(1, left('2026-11-23'));
    expect(await row('學生1')).toMatchObject({ state: 'fileMade', fileName: file.fileName });
    expect(await history('out', '學生1')).toEqual(['opened', 'fileMade 999999adm']);
  });

  test('the states are counted, with the days of the one that waits longest and how many are overdue', async () => {
    await make(5);
    expect(await school.call('transferCases.summary', { direction: 'out' })).toEqual({
      states: { withoutFile: { count: 1, longestDays: 35 }, fileMade: { count: 1, longestDays: 23 } },
      overdue: 2,
    });
    // 21 days after the move is in time.
    now = new Date('2026-11-22T01:00:00.000Z');
    expect((await school.call('transferCases.summary', { direction: 'out' })).overdue).toBe(1);
  });
});

test('each direction is its own module’s, and a step needs the right to change', () => {
  const clerk = (...rights: [FunctionModule, Right[]][]) => ({
    accountId: 'c',
    accountName: 'clerk',
    displayName: '組員',
    administrator: false,
    rights: new Map(rights.map(([module, granted]) => [module, new Set(granted)])),
    mustChangePassword: false,
    locked: false,
    signedInAt: morning,
  });
  const { leavers, arrivals, details, handOver, receive, takeBack } = transferCases.operations;
  const may = (session: ReturnType<typeof clerk>) => ({
    seesLeavers: mayCall(session, leavers.access, {}),
    seesArrivals: mayCall(session, arrivals.access, {}),
    opensLeaver: mayCall(session, details.access, { direction: 'out' }),
    opensArrival: mayCall(session, details.access, { direction: 'in' }),
    handsOver: mayCall(session, handOver.access, { direction: 'out' }),
    receives: mayCall(session, receive.access, { direction: 'in' }),
    takesBackLeaver: mayCall(session, takeBack.access, { direction: 'out' }),
  });
  const none = {
    seesLeavers: false,
    seesArrivals: false,
    opensLeaver: false,
    opensArrival: false,
    handsOver: false,
    receives: false,
    takesBackLeaver: false,
  };
  expect(may(clerk())).toEqual(none);
  expect(may(clerk(['S0219S', ['view']]))).toEqual({ ...none, seesLeavers: true, opensLeaver: true });
  expect(may(clerk(['S0219S', ['view', 'update']]))).toEqual({
    ...none,
    seesLeavers: true,
    opensLeaver: true,
    handsOver: true,
    takesBackLeaver: true,
  });
  expect(may(clerk(['S0220S', ['view', 'update']]))).toEqual({ ...none, seesArrivals: true, opensArrival: true, receives: true });
});

describe('given arrivals', () => {
  /** The school before makes a file of the same students, and it is imported. */
  const importFrom = async (...numbers: number[]) => {
    const folder = temporaryFolder('from-before');
    const before = await openMovingSchool(numbers.map((number) => person(number, left('2026-10-01', '999999'))));
    try {
      const { files } = await before.runJob('transferOut.produce', { studentIds: numbers.map((number) => `s${number}`), oneFile: true });
      const { password, md5, fileName } = await before.call('transferOut.fileInformation', { id: files[0]!.id });
      const path = join(before.office.application.foundation.directory.transfers, fileName);
      const file = school.office.application.files.receive(path, fileName, false);
      return await school.runJob('transferIn.run', { file, md5, password });
    } finally {
      await before.close();
      folder.remove();
      rmSync(folder.path, { recursive: true, force: true });
    }
  };

  test('asked for twice, received, imported: the case is finished by the import', async () => {
    const ids = [await id('學生6')];
    const ask = (on: string) =>
      school.call('transferCases.request', { direction: 'in', ids, on, how: 'phone', whom: '桃園高中', remark: '' });
    await ask('2026-11-10');
    await ask('2026-11-20');
    expect(await row('學生6')).toMatchObject({ state: 'requested', requestedOn: '2026-11-20', requestCount: 2 });
    await school.call('transferCases.receive', { direction: 'in', ids, on: '2026-11-23', how: 'post', remark: '' });
    expect(lastAudit()).toMatchObject({ module: 'S0220S', students: '["s6"]' });
    expect(await row('學生6')).toMatchObject({ state: 'received', receivedOn: '2026-11-23', receivedHow: 'post', open: 1 });
    const done = await importFrom(6, 7);
    expect(done.completed).toBe(2);
    expect(await row('學生6')).toMatchObject({ state: 'imported', importedAt: morning, open: 0 });
    expect(await state('學生7')).toBe('imported');
    expect(await refusal(school.call('transferCases.takeBack', { direction: 'in', id: ids[0]! }))).toEqual(['transferCases.imported']);

    const { sqlite, application } = school.office;
    const undone = { transferInId: done.id!, studentId: 's6' };
    await application.foundation.write(() => importUndone(sqlite, undone, { at: morning, accountName: '999999adm' }));
    expect(await row('學生6')).toMatchObject({ state: 'received', importedAt: null, importedFile: null, open: 1 });
    expect(await state('學生7')).toBe('imported');
    expect((await history('in', '學生6')).slice(-2)).toEqual(['imported 999999adm', 'importUndone 999999adm']);
  });

  test('an import undone leaves a case done that another import completed as well', async () => {
    const [first, second] = [await importFrom(6), await importFrom(6)];
    const { sqlite, application } = school.office;
    const undo = (transferInId: string) =>
      application.foundation.write(() => {
        sqlite.prepare('update transfer_in_students set completed = 0 where transfer_in_id = ?').run(transferInId);
        importUndone(sqlite, { transferInId }, { at: morning, accountName: '999999adm' });
      });
    await undo(first.id!);
    expect(await state('學生6')).toBe('imported');
    await undo(second.id!);
    expect(await state('學生6')).toBe('expected');
    expect((await history('in', '學生6')).slice(1)).toEqual(
      ['imported', 'importUndone', 'importUndone'].map((kind) => `${kind} 999999adm`),
    );
  });

  test('each step is taken back, and 無須匯入 has reasons of its own', async () => {
    const ids = [await id('學生6')];
    await school.call('transferCases.request', { direction: 'in', ids, on: '2026-11-20', how: 'officialDocument', whom: '', remark: '' });
    await school.call('transferCases.receive', { direction: 'in', ids, on: '2026-11-23', how: 'post', remark: '' });
    await school.call('transferCases.markUnneeded', { direction: 'in', ids, reason: 'noPortfolio', remark: '' });
    expect(await row('學生6')).toMatchObject({ state: 'unneeded', unneededReason: 'noPortfolio' });
    const takeBack = () => school.call('transferCases.takeBack', { direction: 'in', id: ids[0]! });
    await takeBack();
    expect(await state('學生6')).toBe('received');
    await takeBack();
    expect(await state('學生6')).toBe('requested');
    await takeBack();
    expect(await row('學生6')).toMatchObject({ state: 'expected', requestedOn: null, requestCount: 0 });
    const wrong = { direction: 'in', ids, reason: 'notAtSchool', remark: '' };
    expect(await refusal(school.call('transferCases.markUnneeded', wrong as never))).toEqual(['input.invalid']);
  });
});
