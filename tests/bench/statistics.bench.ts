import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { iterateGrid } from '../../db/grid-query.ts';
import { gridQuery } from '../../main/application/grid-contract.ts';
import { outcomes, yearByStudentGrid } from '../../main/features/outcomes/contract.ts';
import { yearByStudentSource } from '../../main/features/outcomes/queries.ts';
import { outcomesHandlers } from '../../main/features/outcomes/service.ts';
import { performances } from '../../main/features/performances/contract.ts';
import { performancesHandlers } from '../../main/features/performances/service.ts';
import { usageHandlers } from '../../main/features/usage/service.ts';
import { writeWorkbook } from '../../main/platform/workbook.ts';
import { currentYear, fillSchool, openEmptySchool } from '../students/school.ts';
import type { BenchRow, Measure } from './row.ts';

/** A term that 4,000 students attended, of a school with three years of records; its year gives 12,000 rows by student. */
const year = currentYear - 1;
const term = { academicYear: year, semester: 2 };
const yearOf = { ...term, statisticsYear: year };

const sorted = async (runs: number, work: () => unknown) => {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b);
};
const median = async (runs: number, work: () => unknown) => (await sorted(runs, work))[Math.floor(runs / 2)]!;

/** The same results as a person would write them for these alone: no grid, no page, no filter. */
const byHand = {
  classes: `select c.grade, c.name, count(*), sum(u), sum(d), sum(p), sum(a), sum(r), sum(t = 0), sum(t = 1), sum(t = 2), sum(t = 3),
      sum(t = 4), sum(t = 5), sum(t >= 6)
    from (select e.class_section_id as section, sum(o.semester is 2) as u, sum(o.semester is 2 and o.state = 'draft') as d,
        sum(o.semester is 2 and o.state = 'pending') as p, sum(o.semester is 2 and o.state = 'approved') as a,
        sum(o.semester is 2 and o.state = 'rejected') as r, count(o.ticked_at) as t
      from class_sections s join enrollments e on e.class_section_id = s.id
        left join learning_outcomes o on o.student_id = e.student_id and o.academic_year = ${year} and o.deleted_at is null
      where s.academic_year = ${year} and s.semester = 2 group by e.student_id)
    join class_sections c on c.id = section group by c.id order by c.sort_key`,
  yearByStudent: `select c.name, e.seat_number, s.student_number, s.name, k.semester, count(o.student_id), sum(o.state is 'draft'),
      sum(o.state is 'pending'), sum(o.state is 'approved'), sum(o.state is 'rejected'), count(o.ticked_at)
    from class_sections c join enrollments e on e.class_section_id = c.id join students s on s.id = e.student_id
      join (select 1 as semester union all select 2 union all select 3) k
      left join learning_outcomes o on o.student_id = s.id and o.academic_year = ${year} and o.deleted_at is null
        and (k.semester = 3 or o.semester = k.semester)
    where c.academic_year = ${year} and c.semester = 2
    group by s.id, k.semester order by c.sort_key, e.seat_number, k.semester`,
};

async function inFolder(write: (path: string) => Promise<unknown>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'workbook-'));
  try {
    await write(join(folder, 'workbook.xlsx'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The streaming writer with cells that cost nothing, as wide and as long. */
async function constantWorkbook(path: string, rows: number): Promise<void> {
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: path, useSharedStrings: false });
  const sheet = workbook.addWorksheet('constant');
  for (let row = 0; row < rows; row += 1) {
    sheet.addRow(['1142', '二年二班', 12, '11400012', '王大明', '114合計', 12, 1, 2, 8, 1, 6]).commit();
  }
  sheet.commit();
  await workbook.commit();
}

function against(work: string, figure: number, baseline: string, baselineFigure: number, goal: string, note?: string): BenchRow {
  return { work, figure, unit: 'ms', baseline, baselineFigure, ratio: figure / baselineFigure, goal, note };
}

/** 3.5, 3.8 and 3.12: pages, statistics and a workbook. */
export const measure: Measure = async (scale) => {
  const school = openEmptySchool();
  try {
    fillSchool(school.sqlite, { grades: 3, classes: Math.max(1, Math.round(50 * scale)), seats: 40 });
    const { sqlite } = school;
    const handlers = outcomesHandlers(school.foundation);
    const { list: performanceList } = performancesHandlers(school.foundation);
    const { list: usageList } = usageHandlers(school.foundation);
    const { operations } = outcomes;
    const listOf = (input: object) => () => handlers.list(operations.list.input.parse({ ...term, ...input }), school.context());
    const byStudentOf = (input: object) => () =>
      handlers.yearByStudent(operations.yearByStudent.input.parse({ ...yearOf, ...input }), school.context());
    const performancesOf = (input: object) => () =>
      performanceList(performances.operations.list.input.parse({ academicYear: year, ...input }), school.context());
    const lastPage = Math.max(1, Math.floor((4000 * scale) / 30));
    const pages = [
      listOf({}),
      listOf({ page: lastPage }),
      listOf({ sort: { key: 'ticked', descending: true } }),
      listOf({ filter: { className: '一年', pending: '≥ 1', ticked: '0' }, sort: { key: 'approved' } }),
      performancesOf({}),
      performancesOf({ filter: { ticked: '0' }, sort: { key: 'uploaded', descending: true } }),
    ];
    const yearPages = [
      byStudentOf({}),
      byStudentOf({ page: lastPage * 3 }),
      byStudentOf({ filter: { statisticsTerm: '合計', ticked: '0' } }),
    ];
    let turn = 0;
    const nextOf = (calls: (() => unknown)[]) => () => calls[turn++ % calls.length]!();

    const classes = () => handlers.classStatistics(operations.classStatistics.input.parse({ ...term, pageSize: 1000 }), school.context());
    const yearByClass = () => handlers.yearByClass(operations.yearByClass.input.parse({ ...yearOf, pageSize: 1000 }), school.context());
    const rowsNow = () => iterateGrid(sqlite, yearByStudentGrid, yearByStudentSource(yearOf), gridQuery.parse({}));
    const byStudent = () => [...rowsNow()];
    const rows = byStudent().length;
    const statement = (sql: string) => {
      const prepared = sqlite.prepare(sql);
      return () => prepared.all();
    };
    const heading = { schoolName: '市立測試高中', title: yearByStudentGrid.title, term: '1142', madeAt: new Date() };
    const written = () => inFolder((path) => writeWorkbook(path, heading, yearByStudentGrid.columns, rowsNow()));
    const throughItsTask = async () => {
      const { file } = await handlers.exportYearByStudent(operations.exportYearByStudent.input.parse(yearOf), school.context());
      await school.foundation.files.release(file.token);
    };
    const absolute = (work: string, figure: number, goal: string, note: string): BenchRow => ({
      work,
      figure,
      unit: 'ms',
      baseline: null,
      baselineFigure: null,
      ratio: null,
      goal,
      note,
    });
    return [
      absolute('lists of outcomes and performances, any page', (await sorted(120, nextOf(pages)))[113]!, '≤ 30 ms', 'p95 of 120'),
      absolute(`year by student, any page of ${rows} rows`, (await sorted(60, nextOf(yearPages)))[56]!, '≤ 30 ms', 'p95 of 60'),
      against(
        'class statistics of a term',
        await median(15, classes),
        'one hand-written SQL statement',
        await median(15, statement(byHand.classes)),
        '≤ 100 ms',
      ),
      absolute('class statistics of a year', await median(9, yearByClass), '≤ 400 ms', 'three rows a class'),
      against(
        `year by student, ${rows} rows`,
        await median(9, byStudent),
        'one hand-written SQL statement',
        await median(9, statement(byHand.yearByStudent)),
        '≤ 400 ms',
      ),
      absolute(
        'usage by term, all terms',
        await median(9, () => usageList({ filter: {}, page: 1, pageSize: 30 }, school.context())),
        '≤ 400 ms',
        'every term the school has',
      ),
      against(
        `workbook, ${rows} rows, counted and written`,
        await median(5, written),
        'the streaming writer with constant cells of the same shape',
        await median(5, () => inFolder((path) => constantWorkbook(path, rows))),
        '≤ 2 ×',
      ),
      absolute(`workbook, ${rows} rows, through its task`, await median(3, throughItsTask), '–', 'a new worker from source each time'),
    ];
  } finally {
    await school.close();
  }
};
