import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sqlite } from '../../db/connection.ts';
import { type CheckedRoster, checkRoster } from '../../main/features/submissions/checked-roster.ts';
import { rosterOf } from '../../main/features/submissions/layouts.ts';
import { type RosterRow, rosterRows } from '../../main/features/submissions/roster-rows.ts';
import { type RosterSchool, sheetSource } from '../../main/features/submissions/roster-sources.ts';
import { openTrial, type Trial } from '../support/trial.ts';
import { corruptionsOf } from './random-corruption.ts';

const kinds = ['outcomes', 'performances', 'cadres'] as const;
const scopes = {
  outcomes: { kind: 'outcomes', academicYear: 114, semester: 0, batch: 'regular', division: 'day' },
  performances: { kind: 'performances', academicYear: 114, semester: 0, batch: 'regular', division: 'day' },
  cadres: { kind: 'cadres', academicYear: 114, semester: 2, batch: 'regular', division: 'day' },
} as const;
const now = new Date('2026-11-24T01:00:00.000Z');

/** A valid school: a trial whose files have been looked at by the real check. */
async function validSchool(seed: number): Promise<Trial> {
  const trial = await openTrial({ seed, students: 40 });
  for (const kind of kinds) await trial.runJob('submissions.check', scopes[kind]);
  return trial;
}
const schoolOf = ({ application }: Trial): RosterSchool => ({
  code: '999999',
  name: '測試高中',
  fileLinks: application.foundation.settings.get('city.fileLinks') ?? null,
});
const told = (checked: CheckedRoster) =>
  checked.findings.map(({ code, message, studentId, recordId }) => `${code} ${message} ${studentId} ${recordId}`);

describe('given a valid random school, when its rosters are checked', () => {
  it('then nothing is found, whatever the school', async () => {
    await fc.assert(
      fc.asyncProperty(fc.noShrink(fc.integer({ min: 1, max: 40 })), async (seed) => {
        const trial = await validSchool(seed);
        try {
          const { sqlite } = trial.application.foundation.connection;
          for (const kind of kinds) {
            const checked = await checkRoster(sqlite, rosterOf(scopes[kind]), schoolOf(trial), now);
            expect(checked.rows).toBeGreaterThan(0);
            expect(told(checked)).toEqual([]);
          }
        } finally {
          await trial.close();
        }
      }),
      { numRuns: 3 },
    );
  }, 180_000);
});

describe('given a valid school, when one field is spoiled', () => {
  let trial: Trial;
  let sqlite: Sqlite;
  beforeAll(async () => {
    trial = await validSchool(7);
    sqlite = trial.application.foundation.connection.sqlite;
    // 重修, 補修, 重讀, 轉學 are few, and a school of 40 need not have each: some regular outcomes become one.
    const regular = rosterOf(scopes.outcomes).sheets[0]!;
    const source = sheetSource(rosterOf(scopes.outcomes), regular, schoolOf(trial));
    const ids = sqlite
      .prepare<[typeof source.parameters], string>(`select r.id from ${source.from} where ${source.where}`)
      .pluck()
      .all(source.parameters);
    [
      "retake = 1, retake_term = '1142', retake_method = '1'",
      "makeup = 1, makeup_term = '1142', makeup_method = '1'",
      "repeat = 1, repeat_term = '1141'",
      "before_transfer = 1, source_school_code = '080000'",
    ].forEach((set, index) => {
      for (const id of [ids[index * 2]!, ids[index * 2 + 1]!]) sqlite.prepare(`update learning_outcomes set ${set} where id = ?`).run(id);
    });
  }, 120_000);
  afterAll(() => trial.close());

  /** Runs `look` on the spoiled database and takes everything back. */
  const spoiled = async <Result>(spoil: () => void, look: () => Promise<Result>): Promise<Result> => {
    sqlite.exec('begin');
    try {
      spoil();
      return await look();
    } finally {
      sqlite.exec('rollback');
    }
  };

  for (const kind of kinds) {
    const roster = rosterOf(scopes[kind]);
    for (const sheet of roster.sheets) {
      it(`then it is found and named: ${roster.name} ${sheet.name}`, async () => {
        const rows: RosterRow[] = [...rosterRows(sqlite, { ...roster, sheets: [sheet] }, schoolOf(trial))];
        expect(rows.length, sheet.name).toBeGreaterThan(0);
        const corruptions = corruptionsOf(sheet);
        // Every corruption once, of any row; then more at random.
        await fc.assert(
          fc.asyncProperty(fc.constantFrom(...corruptions), fc.nat(), async (corruption, at) => {
            const row = rows[at % rows.length]!;
            const { findings } = await spoiled(
              () => corruption.apply(sqlite, row),
              () => checkRoster(sqlite, roster, schoolOf(trial), now),
            );
            const found = findings.filter(
              ({ code, studentId, field, recordId }) =>
                corruption.codes.includes(code) &&
                studentId === row.record.studentId &&
                field === corruption.field &&
                (recordId === null ||
                  code.startsWith('identity') ||
                  code.startsWith('birthday') ||
                  code.startsWith('student') ||
                  recordId === row.record.recordId ||
                  String(recordId).startsWith('clone')),
            );
            expect(found.length, `${corruption.name}: ${JSON.stringify(findings.slice(0, 4))}`).toBeGreaterThan(0);
            // Nobody else is accused.
            expect(findings.filter(({ studentId }) => studentId !== null && studentId !== row.record.studentId)).toEqual([]);
            expect(found[0]!.message.length).toBeGreaterThan(4);
          }),
          { numRuns: Math.min(150, corruptions.length * 3), examples: corruptions.map((corruption) => [corruption, 0]) },
        );
      }, 120_000);
    }
  }

  it('then two students with one number are both in question, and named', async () => {
    const roster = rosterOf(scopes.performances);
    const source = sheetSource(roster, roster.sheets[3]!, schoolOf(trial));
    const [first, second] = sqlite
      .prepare<[typeof source.parameters], string>(`select distinct r.student_id from ${source.from} where ${source.where}`)
      .pluck()
      .all(source.parameters);
    const { findings } = await spoiled(
      () => sqlite.prepare('update students set identity = (select identity from students where id = ?) where id = ?').run(first, second),
      () => checkRoster(sqlite, roster, schoolOf(trial), now),
    );
    expect(findings.map(({ code }) => code)).toEqual(['identity.shared']);
    expect([first, second]).toContain(findings[0]!.studentId);
  });

  it('then a student whom the office vouches for is a warning only', async () => {
    const roster = rosterOf(scopes.performances);
    const [row] = rosterRows(sqlite, roster, schoolOf(trial));
    const { findings } = await spoiled(
      () => {
        sqlite.prepare('update students set identity = null where id = ?').run(row!.record.studentId);
        sqlite.prepare(`insert into identity_waivers values (?, '外籍生，尚無居留證', '2026-11-24', 'adm')`).run(row!.record.studentId);
      },
      () => checkRoster(sqlite, roster, schoolOf(trial), now),
    );
    expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['identity.waived']));
  });
});
