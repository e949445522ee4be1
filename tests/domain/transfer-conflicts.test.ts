import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conflictFields, replacementBarrier } from '../../domain/transfer-conflicts.ts';
import type { TransferCadre } from '../../domain/transfer-content.ts';
import { comparableCadre, comparableOutcome, comparablePerformance } from '../../domain/transfer-sameness.ts';

describe('what stands against replacing a record', () => {
  it('is no former school’s certification and no tick', () => {
    const free = {
      submittedTerm: '0000',
      handedIn: false,
      state: 'approved' as const,
      certifierId: null,
      beforeTransfer: true,
      tickedAt: '2026-11-01T00:00:00Z',
      own: false,
      disputed: false,
    };
    expect(replacementBarrier('outcome', free)).toBeNull();
    expect(replacementBarrier('outcome', { ...free, beforeTransfer: false })).toBe('certified');
    expect(replacementBarrier('cadre', { ...free, state: null, own: true })).toBe('ownCadre');
    expect(replacementBarrier('performance', { ...free, state: null, own: true })).toBeNull();
  });
});

describe('whatever two records of one identity say', () => {
  const text = fc.constantFrom('', '甲', '乙', '甲 ', '0', '-1');
  const number = fc.constantFrom(0, 1, 2, 0.5, -1);
  const hashed = fc.option(fc.constantFrom({ md5: 'a'.repeat(32) }, { md5: 'b'.repeat(32) }), { nil: null });
  const blank = fc.option(text, { nil: null });
  const common = { sourceSchoolCode: '080000', academicYear: 114, semester: 1, createdAt: '2026-01-01T00:00:00.000Z' };
  const differInWords = (
    kind: 'outcome' | 'performance' | 'cadre',
    one: object,
    other: object,
    sameContent: boolean,
    sameFiles: boolean,
  ) => {
    const shown = conflictFields(kind, one, other).some(({ differs }) => differs) || !sameFiles;
    // What is the same may be written differently (nothing, unknown, -1); what differs must be seen to differ.
    if (!sameContent) expect(shown).toBe(true);
  };
  const md5s = ({ document, media }: { document: { md5: string } | null; media: { md5: string } | null }) =>
    `${document?.md5} ${media?.md5}`;

  it('an outcome that differs shows where', () => {
    const outcome = fc.record({
      subjectName: text,
      credits: number,
      grade: fc.constantFrom(1, 2),
      courseSemester: fc.constantFrom(1, 2),
      exchange: fc.boolean(),
      retake: fc.boolean(),
      makeup: fc.boolean(),
      repeat: fc.boolean(),
      retakeTerm: blank,
      retakeMethod: blank,
      makeupTerm: blank,
      makeupMethod: blank,
      repeatTerm: blank,
      document: hashed,
      media: hashed,
      summary: text,
      uploadedTerm: fc.constantFrom('1141', '1142'),
    });
    fc.assert(
      fc.property(outcome, outcome, (a, b) => {
        const [one, other] = [a, b].map((record) => ({ ...common, courseCode: 'X', beforeTransfer: false, ...record }));
        const same = comparableOutcome(one as never).content === comparableOutcome(other as never).content;
        differInWords('outcome', one!, other!, same, md5s(a) === md5s(b));
      }),
    );
  });

  it('a performance that differs shows where', () => {
    const performance = fc.record({
      details: fc.record({
        serviceName: fc.constant('志工'),
        unitName: blank,
        startsOn: fc.constantFrom('2026-01-01', null),
        hours: fc.option(number, { nil: null }),
      }),
      document: hashed,
      media: hashed,
      summary: text,
      externalLink: blank,
      uploadedTerm: fc.constantFrom('1141', '1142'),
    });
    fc.assert(
      fc.property(performance, performance, (a, b) => {
        const [one, other] = [a, b].map((record) => ({ ...common, category: 4 as const, ...record }));
        const same = comparablePerformance(one as never).content === comparablePerformance(other as never).content;
        differInWords('performance', one!, other!, same, md5s(a) === md5s(b));
      }),
    );
  });

  it('a cadre that differs shows where', () => {
    const cadre = fc.record({ endsOn: fc.constantFrom('2026-01-31', '2026-06-30'), levelCode: text });
    fc.assert(
      fc.property(cadre, cadre, (a, b) => {
        const [one, other] = [a, b].map(
          (record) => ({ ...common, unitName: '班聯會', positionName: '主席', startsOn: '2025-09-01', ...record }) as TransferCadre,
        );
        differInWords('cadre', one!, other!, comparableCadre(one!).content === comparableCadre(other!).content, true);
      }),
    );
  });
});
