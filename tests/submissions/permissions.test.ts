import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { accounts, roleGroupModules, roleGroups, roleMembers } from '../../db/schema/index.ts';
import { submissionKinds } from '../../domain/portfolio.ts';
import type { Right } from '../../main/application/contract.ts';
import type { InputOf, OperationName } from '../../main/features/contract.ts';
import { hashPassword } from '../../main/features/session/password.ts';
import { submissionModules, submissions } from '../../main/features/submissions/contract.ts';
import { openTrial, type Trial } from '../support/trial.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

/** Three screens are one feature; what an account may do there is its module's of the kind that it asks about. */
type Kind = (typeof submissionKinds)[number];
const password = '校園裡的老榕樹';
const scopeOf = (kind: Kind) => ({ kind, academicYear: 114, semester: kind === 'cadres' ? 2 : 0 });
const names = Object.keys(submissions.operations).map((name) => `submissions.${name}` as OperationName);

let trial: Trial;
/** A check of each kind, made by the administrator, and a line of 提交紀錄. */
const prechecks = {} as Record<Kind, string>;
const lines = {} as Record<Kind, string>;

beforeAll(async () => {
  trial = await openTrial();
  for (const kind of submissionKinds) {
    prechecks[kind] = (await trial.runJob('submissions.check', scopeOf(kind))).id;
    const { rows } = await trial.call('submissions.list', { kind });
    lines[kind] = String(rows[0]!.id);
  }
});
afterAll(() => trial.close());

/** An account whose one group has one module, signed in. */
async function clerkOf(module: string, rights: readonly Right[] = ['view']) {
  const { orm } = trial.application.foundation.connection;
  const id = randomUUID();
  const has = (right: Right) => rights.includes(right);
  const passwordHash = await hashPassword(password);
  orm.insert(accounts).values({ id, name: id, displayName: '組員', kind: 'teacher', passwordHash, enabled: true }).run();
  orm.insert(roleGroups).values({ id, code: id, name: module, enabled: true }).run();
  orm
    .insert(roleGroupModules)
    .values({ roleGroupId: id, module, canCreate: has('create'), canUpdate: has('update'), canDelete: has('delete') })
    .run();
  orm.insert(roleMembers).values({ roleGroupId: id, accountId: id }).run();
  const signedIn = await trial.application.signIn(id, id, password);
  if (!signedIn.ok) throw new Error(signedIn.error.code);
  return {
    name: id,
    /** The code with which a call is refused; `done` of one that is not. */
    codeOf: async (name: OperationName, input: unknown) => {
      const outcome = await trial.application.call({ connectionId: id }, name, input as InputOf<OperationName>);
      return outcome.ok ? 'done' : outcome.error.code;
    },
    /** The same, waiting for a job's end. */
    endOf: async (name: OperationName, input: unknown) => {
      const outcome = await trial.application.call({ connectionId: id }, name, input as InputOf<OperationName>);
      if (!outcome.ok) return outcome.error.code;
      const { jobId } = outcome.data as { jobId?: string };
      const job = jobId ? await trial.application.waitForJob(jobId) : undefined;
      return job?.error?.code ?? 'done';
    },
    entries: () =>
      trial.application.foundation.connection.sqlite
        .prepare(
          "select operation, module, outcome from audit_entries where account_name = ? and operation like 'submissions.%' order by sequence",
        )
        .all(id) as { operation: string; module: string | null; outcome: string }[],
  };
}

/** An input that every operation of the feature takes as far as its kind goes. */
const inputOf = (kind: Kind) => ({
  ...scopeOf(kind),
  id: lines[kind],
  submissionId: lines[kind],
  precheckId: prechecks[kind],
  sheet: '校內幹部經歷',
  studentId: 'nobody',
  reason: '查驗證件無誤',
  submissionFileId: '1',
  statusText: '檢核無誤',
});

describe.each(submissionKinds)('with the module of %s alone', (own) => {
  const others = submissionKinds.filter((kind) => kind !== own);

  test('no operation is open for another kind, whatever else it is asked', async () => {
    const clerk = await clerkOf(submissionModules[own], ['view', 'create', 'update', 'delete']);
    for (const kind of others) {
      for (const name of names) expect([kind, name, await clerk.codeOf(name, inputOf(kind))]).toEqual([kind, name, 'permission.denied']);
    }
    expect(clerk.entries().map(({ module, outcome }) => [module, outcome])).toEqual(
      others.flatMap((kind) => names.map(() => [submissionModules[kind], 'permission.denied'])),
    );
  });

  test('an input without a kind, or with one that is none, opens nothing', async () => {
    const clerk = await clerkOf(submissionModules[own], ['view', 'create', 'update', 'delete']);
    const { kind: _kind, ...without } = inputOf(own);
    for (const input of [
      without,
      { ...without, kind: 'grades' },
      { ...without, kind: 'constructor' },
      { ...without, kind: [own] },
      'text',
      null,
    ]) {
      for (const name of names) {
        const code = await clerk.codeOf(name, input);
        expect([name, input, ['permission.denied', 'input.invalid'].includes(code)]).toEqual([name, input, true]);
      }
    }
  });

  test('the screen, its check and its workbook work, and stand in the audit log under its module', async () => {
    const clerk = await clerkOf(submissionModules[own]);
    const scope = scopeOf(own);
    expect(await clerk.codeOf('submissions.list', { kind: own })).toBe('done');
    expect(await clerk.codeOf('submissions.choices', { kind: own })).toBe('done');
    expect(await clerk.codeOf('submissions.overview', scope)).toBe('done');
    expect(await clerk.endOf('submissions.check', scope)).toBe('done');
    expect(await clerk.endOf('submissions.exportRoster', scope)).toBe('done');
    prechecks[own] = (await trial.call('submissions.overview', scope)).precheck!.id;
    expect(await clerk.codeOf('submissions.findings', { kind: own, precheckId: prechecks[own] })).toBe('done');
    const entries = clerk.entries();
    expect(entries.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(['submissions.check', 'submissions.exportRoster', 'submissions.findings']),
    );
    expect(new Set(entries.map(({ module, outcome }) => `${module} ${outcome}`))).toEqual(new Set([`${submissionModules[own]} done`]));
  });

  test('what belongs to another kind is unknown under its own', async () => {
    const clerk = await clerkOf(submissionModules[own], ['view', 'create', 'update', 'delete']);
    for (const kind of others) {
      const precheckId = prechecks[kind];
      for (const name of ['submissions.findings', 'submissions.differences'] as const) {
        expect([name, await clerk.codeOf(name, { kind: own, precheckId })]).toEqual([name, 'submissions.unknown']);
      }
      for (const name of ['submissions.exportFindings', 'submissions.exportDifferences'] as const) {
        expect([name, await clerk.endOf(name, { kind: own, precheckId })]).toEqual([name, 'submissions.unknown']);
      }
      const id = lines[kind];
      for (const name of [
        'submissions.detail',
        'submissions.downloadSent',
        'submissions.downloadAnswer',
        'submissions.archive',
        'submissions.unarchive',
      ] as const) {
        expect([name, await clerk.endOf(name, { kind: own, id })]).toEqual([name, 'submissions.unknown']);
      }
      expect(await clerk.endOf('submissions.answerRows', { kind: own, submissionId: id })).toBe('submissions.unknown');
      expect(await clerk.endOf('submissions.readAnswer', { kind: own, id })).toBe('submissions.unknown');
      expect(await clerk.endOf('submissions.recordResult', { kind: own, id, submissionFileId: '1', statusText: '檢核無誤' })).toBe(
        'submissions.unknown',
      );
      const check = { ...scopeOf(own), precheckId, confirmWarnings: true };
      expect(await clerk.endOf('submissions.prepareUpload', check)).toBe('submissions.notChecked');
    }
    // Nothing of it was changed.
    for (const kind of others) expect((await trial.call('submissions.detail', { kind, id: lines[kind] })).archivedAt).toBeNull();
  });

  test('to view is not to hand in, to change or to take back', async () => {
    const clerk = await clerkOf(submissionModules[own]);
    const input = inputOf(own);
    for (const name of [
      'send',
      'prepareUpload',
      'waiveIdentity',
      'withdrawWaiver',
      'recordResult',
      'readAnswer',
      'archive',
      'unarchive',
    ] as const) {
      expect([name, await clerk.codeOf(`submissions.${name}`, input)]).toEqual([name, 'permission.denied']);
    }
    const update = await clerkOf(submissionModules[own], ['view', 'update']);
    for (const name of ['send', 'prepareUpload', 'unarchive'] as const) {
      expect([name, await update.codeOf(`submissions.${name}`, input)]).toEqual([name, 'permission.denied']);
    }
    expect(await update.codeOf('submissions.waiveIdentity', { kind: own, studentId: 'nobody', reason: '查驗證件無誤' })).toBe(
      'student.unknown',
    );
  });
});

test('an account with none of the three modules may call nothing of it', async () => {
  const clerk = await clerkOf('S0222S', ['view', 'create', 'update', 'delete']);
  for (const kind of submissionKinds) {
    for (const name of names) expect([name, await clerk.codeOf(name, inputOf(kind))]).toEqual([name, 'permission.denied']);
  }
});
