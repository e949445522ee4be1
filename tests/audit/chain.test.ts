import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { entryHash, type KeptEntry } from '../../main/application/audit-chain.ts';
import { auditEntry } from '../../main/application/audit-log.ts';
import { draft, dropTriggers, forge, openLog } from './log.ts';

/** What the chain of the audit log proves against someone who has the key and a database tool, and what only its anchor does. */

let log: ReturnType<typeof openLog>;
beforeEach(() => {
  log = openLog(20);
});
afterEach(() => log.close());

const faults = () => log.verify().faults.map(({ kind, sequence }) => `${kind} ${sequence}`);
const run = (sql: string) => {
  dropTriggers(log.sqlite);
  return log.sqlite.prepare(sql).run();
};

describe('a log nobody touched', () => {
  test('is whole, and tells where it ends', () => {
    expect(log.verify()).toEqual({
      ok: true,
      entries: 20,
      purged: 0,
      head: { sequence: 20, hash: auditEntry(log.sqlite, 20)!.hash },
      faults: [],
      faultCount: 0,
    });
  });

  test('that is empty is whole too', () => {
    const empty = openLog(0);
    expect(empty.verify()).toMatchObject({ ok: false, faults: [{ kind: 'anchor' }] });
    empty.anchor.write({ sequence: 0, hash: '0'.repeat(64) });
    expect(empty.verify()).toMatchObject({ ok: true, entries: 0, head: null });
    empty.close();
  });

  test('names every student of an entry once in its index', () => {
    log.append(1, { studentIds: ['s-2', 's-3', 's-2'], studentCount: 2 });
    expect(log.sqlite.prepare('select student_id from audit_subjects where sequence = 21 order by 1').pluck().all()).toEqual([
      's-2',
      's-3',
    ]);
  });

  test('keeps a hundred ids and counts all', () => {
    log.append(1, { studentIds: Array.from({ length: 140 }, (_, index) => `s-${index}`), studentCount: 140 });
    const { studentIds, studentCount } = auditEntry(log.sqlite, 21)!;
    expect(JSON.parse(studentIds)).toHaveLength(100);
    expect(studentCount).toBe(140);
  });
});

describe('the program itself', () => {
  test('cannot change, delete, insert between or replace an entry', () => {
    const { sqlite } = log;
    const columns =
      'sequence, at, account_name, operation, action, module, summary, student_ids, student_count, outcome, previous_hash, hash';
    expect(() => sqlite.prepare("update audit_entries set summary = '' where sequence = 3").run()).toThrow(/never changed/);
    expect(() => sqlite.prepare('delete from audit_entries where sequence = 20').run()).toThrow(/never deleted/);
    for (const verb of ['insert', 'insert or replace', 'insert or ignore']) {
      const again = `${verb} into audit_entries (${columns}) select ${columns} from audit_entries where sequence = 3`;
      expect(() => sqlite.prepare(again).run(), verb).toThrow(/only appended/);
    }
    expect(() =>
      sqlite.prepare(`insert into audit_entries (${columns}) select 99, ${columns.slice(10)} from audit_entries where sequence = 3`).run(),
    ).toThrow(/only appended/);
    expect(log.verify().ok).toBe(true);
  });
});

describe('someone with the key and a database tool is seen', () => {
  test.each([
    ['at', "'2020-01-01T00:00:00.000Z'"],
    ['account_name', "'someone-else'"],
    ['operation', "'students.list'"],
    ['action', "'export'"],
    ['module', "'S0206S'"],
    ['module', 'null'],
    ['summary', "''"],
    ['student_ids', "'[]'"],
    ['student_count', '0'],
    ['outcome', "'failed'"],
  ])('when he changes %s to %s', (column, value) => {
    run(`update audit_entries set ${column} = ${value} where sequence = 7`);
    expect(faults()).toEqual(['altered 7']);
    expect(log.verify().faults[0]!.message).toContain('第 7 筆的內容被更改過');
  });

  test('when he changes an entry and makes its hash fit: the next one does not follow it', () => {
    dropTriggers(log.sqlite);
    forge(log.sqlite, 7, { accountName: 'someone-else' });
    expect(faults()).toEqual(['unlinked 8']);
  });

  test('when he changes an entry and makes every hash after it fit: the anchor does not', () => {
    dropTriggers(log.sqlite);
    let previousHash = auditEntry(log.sqlite, 6)!.hash;
    for (let sequence = 7; sequence <= 20; sequence += 1) {
      forge(log.sqlite, sequence, { previousHash, ...(sequence === 7 ? { accountName: 'someone-else' } : {}) });
      previousHash = auditEntry(log.sqlite, sequence)!.hash;
    }
    expect(faults()).toEqual(['tail 20']);
  });

  test('when he deletes one from the middle, several, or the first', () => {
    run('delete from audit_entries where sequence = 7');
    expect(faults()).toEqual(['missing 8']);
    run('delete from audit_entries where sequence between 11 and 13');
    expect(log.verify().faults.map(({ message }) => message)).toEqual(['第 7 筆不見了。', '第 11 到 13 筆不見了。']);
    run('delete from audit_entries where sequence <= 2');
    expect(faults()[0]).toBe('missing 3');
  });

  test('when he deletes one and moves the rest up', () => {
    run('delete from audit_entries where sequence = 7');
    log.sqlite.prepare('update audit_entries set sequence = sequence - 1 where sequence > 7').run();
    expect(log.verify().ok).toBe(false);
    expect(faults().slice(0, 2)).toEqual(['unlinked 7', 'altered 7']);
  });

  test('when he puts one in between', () => {
    dropTriggers(log.sqlite);
    const { sqlite } = log;
    for (let sequence = 20; sequence > 7; sequence -= 1) {
      sqlite.prepare('update audit_entries set sequence = ? where sequence = ?').run(sequence + 1, sequence);
    }
    const before = auditEntry(sqlite, 7)!;
    const added: Omit<KeptEntry, 'hash'> = { ...before, sequence: 8, previousHash: before.hash, summary: '從來沒有發生的事' };
    sqlite
      .prepare(
        `insert into audit_entries values (@sequence, @at, @accountName, @operation, @action, @module, @summary, @studentIds, @studentCount,
           @outcome, @previousHash, @hash)`,
      )
      .run({ ...added, hash: entryHash(added) });
    expect(faults()[0]).toBe('unlinked 9');
  });

  test('when he swaps two', () => {
    run('update audit_entries set sequence = -7 where sequence = 7');
    run('update audit_entries set sequence = 7 where sequence = 8');
    run('update audit_entries set sequence = 8 where sequence = -7');
    expect(log.verify().ok).toBe(false);
    expect(faults()).toContain('altered 7');
    expect(faults()).toContain('altered 8');
  });

  test('when he cuts off the end: the chain alone holds, the anchor does not', () => {
    run('delete from audit_entries where sequence > 15');
    expect(faults()).toEqual(['tail 15']);
    expect(log.verify().faults[0]!.message).toContain('應該有到第 20 筆，現在只到第 15 筆，最後的 5 筆不見了');
    log.anchor.write({ sequence: 15, hash: auditEntry(log.sqlite, 15)!.hash });
    expect(log.verify().ok).toBe(true);
  });

  test('when he cuts off the end and writes another one', () => {
    run('delete from audit_entries where sequence > 15');
    log.append(9, { summary: '別的' });
    expect(faults()).toEqual(['tail 20']);
  });

  test('when he takes the anchor away, empties it, or writes one without the key', () => {
    const path = join(log.directory.root, 'audit.head');
    log.anchor.remove();
    expect(faults()).toEqual(['anchor 20']);
    writeFileSync(path, '');
    expect(faults()).toEqual(['anchor 20']);
    writeFileSync(path, `20 ${auditEntry(log.sqlite, 20)!.hash} ${'a'.repeat(64)}\n`);
    expect(faults()).toEqual(['anchor 20']);
  });

  test('when he empties the whole log', () => {
    run('delete from audit_entries');
    expect(faults()).toEqual(['tail 0']);
  });

  test('whatever single value he changes, anywhere', () => {
    dropTriggers(log.sqlite);
    const textColumns = ['at', 'account_name', 'operation', 'action', 'summary', 'student_ids', 'outcome', 'previous_hash', 'hash'];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.constantFrom(...textColumns), fc.string(), (sequence, column, value) => {
        const { sqlite } = log;
        const old = sqlite.prepare<[number], string>(`select ${column} from audit_entries where sequence = ?`).pluck().get(sequence)!;
        fc.pre(old !== value && !value.includes('\0'));
        const set = sqlite.prepare(`update audit_entries set ${column} = ? where sequence = ?`);
        set.run(value, sequence);
        expect(log.verify().ok).toBe(false);
        set.run(old, sequence);
        expect(log.verify().ok).toBe(true);
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  test('however many he changes: all are counted, twenty are told', () => {
    log.append(40);
    log.anchor.write(log.verify().head!);
    run("update audit_entries set summary = ''");
    expect(log.verify()).toMatchObject({ ok: false, faultCount: 60 });
    expect(log.verify().faults).toHaveLength(20);
  });
});

test('fields that run into each other do not make the same hash', () => {
  const entry = { ...auditEntry(log.sqlite, 1)!, ...draft() } as unknown as KeptEntry;
  expect(entryHash({ ...entry, accountName: 'a', operation: 'bc' })).not.toBe(entryHash({ ...entry, accountName: 'ab', operation: 'c' }));
});
