import { dashboardHandlers } from '../../main/features/dashboard/service.ts';
import { students } from '../../main/features/students/contract.ts';
import { studentsHandlers } from '../../main/features/students/service.ts';
import { fillSchool, openEmptySchool } from '../students/school.ts';
import type { BenchRow, Measure } from './row.ts';

/** The slowest of a hundred calls but five, ms, each kind of call in its turn. */
async function p95(calls: (() => unknown)[]): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 100; run += 1) {
    const started = performance.now();
    await calls[run % calls.length]!();
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[94]!;
}

const row = (work: string, figure: number, goal: string): BenchRow => ({
  work,
  figure,
  unit: 'ms',
  baseline: null,
  baselineFigure: null,
  ratio: null,
  goal,
  note: 'p95 of 100',
});

/** The student list, the search while typing and the home page, of a school of 4,080 students. */
export const measure: Measure = async (scale) => {
  const school = openEmptySchool();
  try {
    fillSchool(school.sqlite, { grades: 3, classes: Math.max(1, Math.round(34 * scale)), seats: 40 });
    const { list, find } = studentsHandlers(school.foundation);
    const { overview } = dashboardHandlers(school.foundation);
    const page = (input: object) => () => list(students.operations.list.input.parse(input), school.context());
    const pages = [
      page({}),
      page({ page: Math.max(1, Math.round(130 * scale)) }),
      page({ sort: { key: 'name', descending: true } }),
      page({ filter: { identity: '123' } }),
      page({ filter: { className: '二年', seatNumber: '≤ 20' }, sort: { key: 'studentNumber' } }),
    ];
    const searches = ['家豪', '1150', '二年三', 'A1', '沒有這個人'].map((text) => () => find({ text }, school.context()));
    const count = school.sqlite.prepare('select count(*) from students').pluck().get() as number;
    return [
      row(`student list, any page, ${count} students`, await p95(pages), '≤ 30 ms'),
      row(`student search while typing, ${count} students`, await p95(searches), '≤ 20 ms'),
      row(`home page, ${count} students`, await p95([() => overview({}, school.context())]), '≤ 30 ms'),
    ];
  } finally {
    await school.close();
  }
};
