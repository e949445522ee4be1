import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allLimits, fileLimit, largestFile, limitsOf, tickLimits } from '../../domain/limits.ts';

const mebibyte = 1024 * 1024;

describe('what the ministry limits', () => {
  it.each([
    [107, 2, 5],
    [108, 2, 5],
    [109, 4, 10],
    [115, 4, 10],
  ])('of %i is a document of %i MB and a recording of %i MB', (academicYear, document, media) => {
    expect(fileLimit('document', academicYear)).toBe(document * mebibyte);
    expect(fileLimit('media', academicYear)).toBe(media * mebibyte);
  });

  it('is 100 characters of 簡述, 6 outcomes and 10 performances', () => {
    expect(limitsOf(115)).toMatchObject({ summaryCharacters: 100, tickedOutcomes: 6, tickedPerformances: 10 });
    expect(tickLimits).toEqual({ outcomes: 6, performances: 10 });
  });

  it('is known for every year: the newest that began by then', () => {
    const years = allLimits.map(({ fromAcademicYear }) => fromAcademicYear);
    expect(years).toEqual([...new Set(years)].sort((a, b) => b - a));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), (academicYear) => {
        expect(limitsOf(academicYear).fromAcademicYear).toBe(Math.max(...years.filter((year) => year <= academicYear)));
        expect(fileLimit('document', academicYear)).toBeLessThanOrEqual(largestFile);
        expect(fileLimit('media', academicYear)).toBeLessThanOrEqual(largestFile);
      }),
    );
    expect(largestFile).toBe(10 * mebibyte);
  });
});
