import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FunctionModule } from '../../main/application/contract.ts';
import { dashboardHandlers } from '../../main/features/dashboard/service.ts';
import { openTrial, type Trial } from '../support/trial.ts';

let trial: Trial;
beforeAll(async () => {
  trial = await openTrial();
});
afterAll(() => trial.close());

const seenBy = async (...modules: FunctionModule[]) => {
  const session = {
    accountId: 'clerk',
    accountName: 'clerk',
    displayName: '組員',
    administrator: false,
    rights: new Map(modules.map((module) => [module, new Set(['view'] as const)])),
    mustChangePassword: false,
    locked: false,
    signedInAt: '2026-11-24T01:00:00.000Z',
  };
  const context = {
    connectionId: 'c',
    session,
    accountName: 'clerk',
    signal: new AbortController().signal,
    report: () => {},
    callId: null,
  };
  return dashboardHandlers(trial.application.foundation).overview({}, context);
};

test('the administrator sees every figure, each as its own screen counts it', async () => {
  const overview = await trial.call('dashboard.overview', {});
  const { term } = await trial.call('session.status', {});
  const certification = await trial.call('certification.summary', term);
  expect(overview).toMatchObject({
    pendingOutcomes: certification.outcomes,
    pendingTeachers: certification.teachers,
    damagedFiles: (await trial.call('parameters.values', {})).damagedFiles,
    classesWithoutCounselor: (await trial.call('courseCounselors.summary', term)).classesWithout,
    disputedChanges: 0,
    overdueSlips: 0,
  });
  const total = async (list: 'transferCases.leavers' | 'transferCases.arrivals', filter: Record<string, string>) =>
    (await trial.call(list, { filter })).total;
  expect(overview.leavers!.withoutFile.count).toBeGreaterThan(0);
  expect(overview.leavers!.withoutFile.count).toBe(await total('transferCases.leavers', { state: 'withoutFile' }));
  expect(overview.leavers!.withoutFile.count).toBe((await trial.call('students.list', { filter: { withoutFile: '是' } })).total);
  expect(overview.arrivals!.count).toBeGreaterThan(0);
  expect(overview.arrivals!.count).toBe(await total('transferCases.arrivals', { open: '是' }));
  const outcomes = overview.notTicked.find(({ kind, academicYear }) => kind === 'outcomes' && academicYear === term.academicYear)!;
  expect(outcomes.students).toBe((await trial.call('outcomes.list', { ...term, filter: { ticked: '0' } })).total);
  const performances = overview.notTicked.find(({ kind, academicYear }) => kind === 'performances' && academicYear === term.academicYear)!;
  expect(performances.students).toBe(
    (await trial.call('performances.list', { academicYear: term.academicYear, filter: { ticked: '0' } })).total,
  );
  expect(overview.windows.map(({ origin }) => origin)).toContain('school');
});

test('a clerk sees no figure of a module without the right to it', async () => {
  const overview = await seenBy('S0216S');
  expect(overview.pendingOutcomes).toBeGreaterThan(0);
  expect(overview).toMatchObject({
    notTicked: [],
    classes: [],
    refusedSubmissions: { outcomes: null, performances: null, cadres: null },
    leavers: null,
    arrivals: null,
    transfersOutThisWeek: null,
    transfersInThisWeek: null,
    damagedFiles: null,
    disputedChanges: null,
    classesWithoutCounselor: null,
    overdueSlips: null,
  });
  expect(await seenBy('S0219S')).toMatchObject({
    pendingOutcomes: null,
    pendingTeachers: null,
    leavers: { withoutFile: expect.any(Object) },
    arrivals: null,
  });
});
