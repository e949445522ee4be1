import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Sqlite } from '../../db/connection.ts';
import { performanceFields } from '../../domain/performance-fields.ts';
import type { PerformanceCategory } from '../../domain/portfolio.ts';
import { checkContext } from '../../main/features/submissions/check-context.ts';
import type { RosterScope } from '../../main/features/submissions/contract.ts';
import { compareWithSent, lastSentRoster, type RosterDifference } from '../../main/features/submissions/differences.ts';
import type { Finding } from '../../main/features/submissions/findings.ts';
import { type Roster, type RosterLayout, rosterLayout, rosterLayouts, rosterOf } from '../../main/features/submissions/layouts.ts';
import { rosterCheck } from '../../main/features/submissions/roster-check.ts';
import { rosterRows } from '../../main/features/submissions/roster-rows.ts';
import { type RosterSchool, sheetSource } from '../../main/features/submissions/roster-sources.ts';
import { writeRosterWorkbook } from '../../main/features/submissions/roster-workbook.ts';
import { resourcePath } from '../../main/platform/resources.ts';
import { temporaryFolder } from '../support/directories.ts';
import { openTrial, type Trial } from '../support/trial.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

const school: RosterSchool = { code: '999999', name: '測試高中', fileLinks: 'https://files.example.edu.tw/{sha256}.{extension}' };
const shipped = rosterLayouts();
const folder = temporaryFolder('layouts');
afterAll(() => folder.remove());

/** Every roster that a layout can make. */
function rostersOf(layout: RosterLayout): Roster[] {
  return layout.codes.map(({ kind, batch, division = 'day' }) =>
    rosterOf({ kind, batch, division, academicYear: layout.fromAcademicYear, semester: kind === 'cadres' ? 1 : 0 }, [layout]),
  );
}
const sheetsWithRoster = shipped.flatMap((layout) =>
  rostersOf(layout).flatMap((roster) =>
    roster.sheets.map((sheet) => ({ named: `${layout.fromAcademicYear} ${roster.code} ${sheet.name}`, roster, sheet })),
  ),
);

describe('the layouts of the program', () => {
  test('are one file a year in which something changed, newest first, the first of 108', () => {
    const years = shipped.map(({ fromAcademicYear }) => fromAcademicYear);
    expect(years).toEqual([...new Set(years)].sort((a, b) => b - a));
    expect(years.at(-1)).toBe(108);
    for (const { note } of shipped) expect(note.length).toBeGreaterThan(10);
  });

  test('have the codes of the national database, each once a year, and a name for every 梯次 that has one', () => {
    for (const { codes, batches } of shipped) {
      expect(new Set(codes.map(({ code }) => code)).size).toBe(codes.length);
      expect(new Set(codes.map(({ kind, batch, division }) => `${kind} ${batch} ${division}`)).size).toBe(codes.length);
      expect(new Set(batches.map(({ batch }) => batch))).toEqual(new Set(codes.map(({ batch }) => batch)));
    }
    expect(shipped[0]!.codes.map(({ code }) => code)).toEqual(['24', '25', '26', '28', '34', '35', '36', '38', '74', '75', '76', '78']);
    expect(shipped.at(-1)!.codes.map(({ code }) => code)).toEqual(['24', '25', '26', '28']);
  });

  test('leave no grade out and put none twice: 一般 and 高三 are apart', () => {
    for (const { batches } of shipped) {
      const first = batches.filter(({ withoutAccepted }) => withoutAccepted === undefined);
      expect(first.flatMap(({ grades }) => grades).sort()).toEqual([1, 2, 3, 4]);
      for (const { withoutAccepted, grades } of batches) {
        if (withoutAccepted) expect(batches.find(({ batch }) => batch === withoutAccepted)!.grades).toEqual(grades);
      }
    }
  });

  test.each(sheetsWithRoster)('$named: names Excel takes, headings once, fields that its source has', ({ roster, sheet }) => {
    expect(sheet.name.length).toBeLessThanOrEqual(31);
    expect(sheet.name).not.toMatch(/[\\/?*[\]:]/);
    const titles = sheet.columns.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(titles.slice(0, 2)).toEqual(['身分證號', '出生日期']);
    const { fields } = sheetSource(roster, { ...sheet, columns: [] }, school);
    const details = new Map(
      performanceFields[(sheet.category ?? 1) as PerformanceCategory].map((field) => [`details.${field.key}`, field]),
    );
    for (const { field, kind } of sheet.columns) {
      const detail = sheet.source === 'performances' ? details.get(field) : undefined;
      expect([field, field in fields || detail !== undefined]).toEqual([field, true]);
      // A number is checked and written as one: the record must keep it as one.
      if (detail) expect([field, kind]).toEqual([field, detail.kind]);
    }
    for (const field of sheet.order.flat()) expect(sheet.columns.find((column) => column.field === field)).toMatchObject({ kind: 'day' });
  });

  test.each(shipped.map((layout) => [layout.fromAcademicYear, layout] as const))(
    'of %i: sheets of a roster have names of their own',
    (_year, layout) => {
      for (const { sheets } of rostersOf(layout)) {
        expect(new Set([layout.coverSheet, ...sheets.map(({ name }) => name)]).size).toBe(sheets.length + 1);
      }
    },
  );

  test('a year before the first has the first, a year to come the newest', () => {
    expect(rosterLayout(107)).toBe(shipped.at(-1));
    expect(rosterLayout(109)).toBe(shipped.at(-1));
    expect(rosterLayout(110).fromAcademicYear).toBe(110);
    expect(rosterLayout(140)).toBe(shipped[0]);
  });
});

const nextYear = 115;
type Json = Record<string, unknown>;

/** A folder with the program's layouts and one of the year to come, as the file that would be added. */
function folderWith(next: Json, name = `${nextYear}.json`): string {
  const path = join(folder.path, `${Math.random()}`);
  mkdirSync(path);
  for (const { fromAcademicYear } of shipped) {
    const file = `${fromAcademicYear}.json`;
    writeFileSync(join(path, file), readFileSync(join(resourcePath('assets/rosters'), file)));
  }
  writeFileSync(join(path, name), JSON.stringify(next));
  return path;
}

interface RawSheet {
  name: string;
  columns: { field: string; title: string; kind: string; maximum?: number; required?: boolean }[];
}
const rawPerformances = () =>
  (JSON.parse(readFileSync(resourcePath('assets/rosters/108.json'), 'utf8')) as { rosters: { performances: { sheets: RawSheet[] } } })
    .rosters.performances;

/** 服務學習紀錄 with 時數 renamed and capped, one column more in front of 內容簡述, and one sheet less. */
function nextLayout(): Json {
  const performances = rawPerformances();
  const service = performances.sheets.find(({ name }) => name === '服務學習紀錄')!;
  const hours = service.columns.find(({ title }) => title === '時數')!;
  hours.title = '服務時數';
  hours.maximum = 20;
  const at = service.columns.findIndex(({ title }) => title === '內容簡述');
  service.columns.splice(at, 0, { field: 'uploadedTerm', title: '上傳學年期', kind: 'code' });
  performances.sheets = performances.sheets.filter(({ name }) => name !== '作品成果紀錄');
  return {
    fromAcademicYear: nextYear,
    basedOn: 110,
    note: '測試：服務學習紀錄增加上傳學年期。',
    dayFormat: 'rocSlashes',
    rosters: { performances },
  };
}

describe('a year to come', () => {
  const scope: RosterScope = { kind: 'performances', academicYear: nextYear, semester: 0, batch: 'regular', division: 'day' };
  let trial: Trial;
  let sqlite: Sqlite;
  let layouts: readonly RosterLayout[];

  beforeAll(async () => {
    trial = await openTrial();
    sqlite = trial.application.foundation.connection.sqlite;
    layouts = rosterLayouts(folderWith(nextLayout()));
    // Records of the year, ticked; no more than a student may have.
    sqlite.exec(`update diverse_performances set ticked_at = '2026-11-20T04:00:00.000Z' where rowid in
      (select rowid from (select rowid, row_number() over (partition by student_id order by id) as place from diverse_performances where academic_year = 115)
       where place <= 10)`);
  });
  afterAll(() => trial.close());

  const hoursNow = () =>
    sqlite
      .prepare<[], number>(
        `select json_extract(p.details, '$.hours') from diverse_performances p join students s on s.id = p.student_id
         where p.academic_year = 115 and p.category = 4 and p.ticked_at is not null and p.deleted_at is null and s.current_grade in (1, 2)
         order by s.current_class_sort_key, s.current_seat_number, s.student_number, p.semester, p.created_at, p.id`,
      )
      .pluck()
      .all();

  test('when its file is there, then its rosters have its columns, and those of the years before stay as they are', async () => {
    const roster = rosterOf(scope, layouts);
    expect([roster.layoutYear, roster.code, roster.coverSheet]).toEqual([nextYear, '25', '封面']);
    const path = join(folder.path, 'next.xlsx');
    await writeRosterWorkbook(path, roster, school, rosterRows(sqlite, roster, school));
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(path);
    expect(workbook.worksheets.map(({ name }) => name)).not.toContain('作品成果紀錄');
    const sheet = workbook.getWorksheet('服務學習紀錄')!;
    const headings = (sheet.getRow(1).values as string[]).slice(1);
    expect(headings.slice(6, 9)).toEqual(['服務時數', '上傳學年期', '內容簡述']);
    expect(sheet.rowCount).toBe(hoursNow().length + 1);
    expect(hoursNow().map((_, index) => sheet.getRow(index + 2).getCell(7).value)).toEqual(hoursNow());
    for (let row = 2; row <= sheet.rowCount; row += 1) {
      expect(sheet.getRow(row).getCell(8).value).toMatch(/^1151$/);
      expect(sheet.getRow(row).getCell(5).value).toMatch(/^\d{3}\/\d{2}\/\d{2}$/);
    }
    const before = rosterOf({ ...scope, academicYear: nextYear - 1 }, layouts);
    expect(before).toEqual(rosterOf({ ...scope, academicYear: nextYear - 1 }));
    // What it says nothing of is as in the year it is based on.
    expect(rosterOf({ ...scope, kind: 'outcomes', batch: 'senior2' }, layouts).sheets).toEqual(
      rosterOf({ ...scope, kind: 'outcomes', batch: 'senior2' }).sheets,
    );
  });

  test('then the check holds cells against its rules', () => {
    const roster = rosterOf(scope, layouts);
    const findings: Finding[] = [];
    const check = rosterCheck(checkContext(sqlite, roster, school, new Date('2026-11-24T01:00:00.000Z')), new Set(), (finding) =>
      findings.push(finding),
    );
    for (const row of rosterRows(sqlite, roster, school)) check.row(row);
    const tooMany = hoursNow().filter((hours) => hours > 20);
    expect(tooMany.length).toBeGreaterThan(0);
    expect(findings.filter(({ code }) => code === 'number.outside').map(({ field }) => field)).toEqual(tooMany.map(() => '服務時數'));
  });

  test('given a roster handed in by the layout before, then the difference is told by what a column means, not by where it stands', async () => {
    const { id: precheckId, errors } = await trial.runJob('submissions.check', scope);
    expect(errors).toBe(0);
    const { id } = await trial.runJob('submissions.prepareUpload', { ...scope, precheckId, confirmWarnings: true });
    await trial.call('submissions.recordResult', {
      kind: 'performances',
      id,
      submissionFileId: '61001',
      statusText: '檢核無誤，資料已匯入',
    });
    const service = sqlite
      .prepare<[], { id: string; hours: number; name: string }>(
        `select p.id, json_extract(p.details, '$.hours') as hours, p.title as name from diverse_performances p join students s on s.id = p.student_id
         where p.academic_year = 115 and p.category = 4 and p.ticked_at is not null and s.current_grade in (1, 2) order by p.id limit 1`,
      )
      .get()!;
    sqlite
      .prepare(`update diverse_performances set details = json_set(details, '$.hours', ?) where id = ?`)
      .run(service.hours + 1, service.id);

    // The links of the trial's own city, as they were handed in.
    const asHandedIn: RosterSchool = { ...school, fileLinks: trial.application.foundation.settings.get('city.fileLinks')! };
    const differencesBy = (roster: Roster): RosterDifference[] => {
      const comparison = compareWithSent(sqlite, roster, lastSentRoster(sqlite, scope));
      for (const row of rosterRows(sqlite, roster, asHandedIn)) comparison.row(row);
      return comparison.finish();
    };
    const same = differencesBy(rosterOf(scope));
    expect(same.map(({ change, recordId, detail }) => [change, recordId, detail])).toEqual([
      ['changed', service.id, `時數：${service.hours} → ${service.hours + 1}`],
    ]);

    // By the new layout, days as they were: only the column that is new, and in one record the hours under their new name.
    const next = { ...rosterOf(scope, layouts), dayFormat: 'rocDigits' as const };
    const differences = differencesBy(next);
    const changed = differences.filter(({ change }) => change === 'changed');
    expect(new Set(changed.map(({ sheet }) => sheet))).toEqual(new Set(['服務學習紀錄']));
    expect(changed).toHaveLength(hoursNow().length);
    for (const { recordId, detail } of changed) {
      const own = recordId === service.id ? `服務時數：${service.hours} → ${service.hours + 1}\n` : '';
      expect(detail).toBe(`${own}上傳學年期：（空白） → 1151`);
    }
    // Of the sheet that is no more.
    const removed = differences.filter(({ change }) => change === 'removed');
    expect(new Set(removed.map(({ sheet }) => sheet))).toEqual(new Set(['作品成果紀錄']));
    expect(differences).toHaveLength(changed.length + removed.length);
    const works = sqlite
      .prepare<[], string>(
        `select p.title from diverse_performances p join students s on s.id = p.student_id
         where p.academic_year = 115 and p.category = 8 and p.ticked_at is not null and s.current_grade in (1, 2)`,
      )
      .pluck()
      .all();
    expect(removed.map(({ title }) => title).sort()).toEqual(works.sort());
  });
});

describe('a file that is no layout is refused at once', () => {
  test.each([
    ['based on a year that is none', { ...nextLayout(), basedOn: 99 }],
    ['with a sheet name longer than Excel takes', { ...nextLayout(), rosters: withSheetName('名'.repeat(32)) }],
    ['with a kind of column that nobody knows', { ...nextLayout(), rosters: withKind('amount') }],
    ['with a setting that nobody reads', { ...nextLayout(), dateFormat: 'rocDigits' }],
    ['named by another year than its own', { ...nextLayout(), fromAcademicYear: 116 }],
    ['with no note of why', { ...nextLayout(), note: undefined }],
  ])('%s', (_name, next) => {
    expect(() => rosterLayouts(folderWith(next))).toThrow();
  });

  test('and files beside them that are none are left alone', () => {
    expect(rosterLayouts(folderWith({}, 'readme.json'))).toEqual(shipped);
  });

  function withSheetName(name: string) {
    const performances = rawPerformances();
    performances.sheets[0]!.name = name;
    return { performances };
  }
  function withKind(kind: string) {
    const performances = rawPerformances();
    performances.sheets[0]!.columns[2]!.kind = kind;
    return { performances };
  }
});
