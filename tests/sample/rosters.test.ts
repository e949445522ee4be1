import { describe, expect, test } from 'vitest';
import { type SampleOptions, sampleSchool } from '../../db/sample/index.ts';
import { limitsOf } from '../../domain/limits.ts';
import { isIsoDay } from '../../domain/roc-date.ts';
import { lastDayOfTerm } from '../../domain/term.ts';
import type { RecordOf, ResourceName } from '../../main/central/resources.ts';
import { type RosterColumn, type RosterSheet, rosterLayouts } from '../../main/features/submissions/layouts.ts';

type Value = string | number | null | undefined;
type School = { [Name in ResourceName]?: RecordOf<Name>[] };

const options: SampleOptions = { students: 240, years: 3, seed: 1, schoolCode: '999999', schoolName: '測試高中', today: '2026-11-24' };

function gather(given: SampleOptions): School {
  const school: Record<string, unknown[]> = {};
  for (const { resource, record } of sampleSchool(given).records()) {
    school[resource] ??= [];
    school[resource].push(record);
  }
  return school as School;
}

const specialOf = (outcome: RecordOf<'outcomes'>) =>
  (['beforeTransfer', 'exchange', 'retake', 'makeup', 'repeat'] as const).find((special) => outcome[special]) ?? 'none';

/** A record's fields by the names that the layouts call them. */
interface Row {
  id: string;
  fields: Record<string, Value>;
  /** Days in which what it tells of happens. */
  from: string;
  until: string;
}

const termStart = (academicYear: number, semester: number) =>
  semester === 2 ? `${academicYear + 1912}-02-01` : `${academicYear + 1911}-08-01`;

function rowsOf(sheet: RosterSheet, school: School): Row[] {
  const students = new Map(school.students!.map((student) => [student.id, student]));
  const row = (record: { id: string; studentId: string; academicYear: number; semester: number }, more: object, semester: number): Row => {
    const { identity, birthDate } = students.get(record.studentId)!;
    return {
      id: record.id,
      fields: { ...(record as object), identity, birthDate, ...more } as Row['fields'],
      from: termStart(record.academicYear, semester),
      until: lastDayOfTerm({ academicYear: record.academicYear, semester }),
    };
  };
  if (sheet.source === 'cadres') return school.cadres!.map((cadre) => row(cadre, {}, cadre.semester));
  if (sheet.source === 'performances') {
    return school
      .performances!.filter(({ category }) => category === sheet.category)
      .map((performance) => {
        const details = Object.entries(performance.details).map(([key, value]) => [`details.${key}`, value]);
        return row(performance, Object.fromEntries(details), 0);
      });
  }
  return school
    .outcomes!.filter((outcome) => specialOf(outcome) === sheet.special)
    .map((outcome) => {
      const happened = outcome.retakeTerm ?? outcome.makeupTerm ?? outcome.repeatTerm;
      const actualSemester = happened ? Number(happened.at(-1)) : outcome.semester;
      return row(outcome, { actualSemester, courseGrade: outcome.grade }, 0);
    });
}

/** What is wrong with a cell, by the layout; '' where nothing is. */
function fault(
  { kind, required, minimum, maximum, unknown, usual, codeTable, known }: RosterColumn,
  value: Value,
  row: Row,
  of: Known,
): string {
  if (value === null || value === undefined || value === '') return required && kind !== 'identity' ? 'required' : '';
  switch (kind) {
    case 'day':
      return !isIsoDay(String(value)) ? 'day' : String(value) < row.from || String(value) > row.until ? `${value} is outside its term` : '';
    case 'number':
      if (typeof value !== 'number') return 'number';
      return value !== unknown && (value < (minimum ?? 0) || value > (maximum ?? Infinity) || value > (usual ?? Infinity))
        ? `${value}`
        : '';
    case 'code':
      return of.codes.has(`${codeTable} ${value}`) ? '' : `${value} is not in ${codeTable}`;
    case 'courseCode':
      return !/^[0-9A-Z]{23}$/.test(String(value)) || (known && !of.courses.has(String(value))) ? `${value}` : '';
    case 'schoolCode':
      return /^[0-9A-Z]{6}$/.test(String(value)) ? '' : `${value}`;
    case 'summary':
      return [...String(value)].length <= limitsOf(108).summaryCharacters ? '' : 'too long';
    case 'text':
      return [...String(value)].length <= 255 && !/\p{Cc}/u.test(String(value)) ? '' : 'text';
    default:
      return '';
  }
}

interface Known {
  codes: ReadonlySet<string>;
  courses: ReadonlySet<string>;
}

function faultsOf(school: School, layout = rosterLayouts()[0]!): string[] {
  const known: Known = {
    codes: new Set(school.codes!.map(({ table, code }) => `${table} ${code}`)),
    courses: new Set(school['teaching-assignments']!.map(({ courseCode }) => courseCode)),
  };
  const faults: string[] = [];
  for (const { sheets } of Object.values(layout.rosters)) {
    for (const sheet of sheets) {
      const seen = new Set<string>();
      for (const row of rowsOf(sheet, school)) {
        for (const column of sheet.columns) {
          const wrong = column.kind === 'link' ? '' : fault(column, row.fields[column.field], row, known);
          if (wrong) faults.push(`${sheet.name} ${row.id} ${column.title}: ${wrong}`);
        }
        for (const [first, last] of sheet.order) if (row.fields[first]! > row.fields[last]!) faults.push(`${sheet.name} ${row.id} order`);
        if (sheet.source !== 'cadres') continue;
        const whole = sheet.columns.map(({ field }) => row.fields[field]).join('|');
        if (seen.has(`${row.fields.studentId}|${whole}`)) faults.push(`${sheet.name} ${row.id} twice`);
        seen.add(`${row.fields.studentId}|${whole}`);
      }
    }
  }
  return faults;
}

describe('what the sample school hands in', () => {
  test.each([
    {},
    { seed: 2 },
    { seed: 77, students: 60, years: 6 },
    { today: '2027-03-15' },
    { today: '2027-07-20' },
    { today: '2026-08-15' },
  ])('given %o, when its records are held against the layouts, then every cell is as the national database wants it', (changes) => {
    const school = gather({ ...options, ...changes });
    expect(faultsOf(school)).toEqual([]);
  });

  test('given the codes, when the layouts are read, then every table they name is published, and beside them the names of schools', () => {
    const named = rosterLayouts().flatMap(({ rosters }) =>
      Object.values(rosters).flatMap(({ sheets }) => sheets.flatMap(({ columns }) => columns.flatMap(({ codeTable }) => codeTable ?? []))),
    );
    const { codes } = gather({ ...options, students: 3, years: 1 });
    expect(new Set(codes!.map(({ table }) => table))).toEqual(new Set([...named, 'school']));
    expect(new Set(codes!.map(({ table, code }) => `${table} ${code}`)).size).toBe(codes!.length);
  });

  test.each(['2026-08-15', '2026-09-16', '2026-09-17', '2026-11-24', '2027-02-05', '2027-05-04', '2027-07-20'])(
    'given %s as today, when the city’s windows are read, then a roster of each kind can be handed in for two weeks more',
    (today) => {
      const windows = gather({ ...options, students: 20, today })['city-windows']!;
      const inTwoWeeks = new Date(Date.parse(today) + 17 * 86_400_000).toISOString().slice(0, 10);
      const open = windows.filter(
        ({ purpose, batch, startsOn, endsOn }) =>
          purpose === 'submission' && batch === 'regular' && startsOn <= today && endsOn >= inTwoWeeks,
      );
      expect(new Set(open.map(({ kind }) => kind))).toEqual(new Set(['cadres', 'outcomes', 'performances']));
      expect(new Set(windows.map(({ id }) => id)).size).toBe(windows.length);
    },
  );

  test('given the seniors, when their windows are read, then each year has them before they graduate, from the year they are handed in apart', () => {
    const windows = gather({ ...options, students: 20, years: 6, today: '2023-11-24' })['city-windows']!;
    const seniors = windows.filter(({ batch }) => batch === 'senior1');
    expect(seniors.map(({ kind, academicYear, semester }) => `${academicYear}${semester} ${kind}`).sort()).toEqual(
      [110, 111, 112].flatMap((year) => [
        `${year}0 outcomes`,
        `${year}0 performances`,
        `${year}1 cadres`,
        ...(year < 112 ? [`${year}2 cadres`] : []),
      ]),
    );
    for (const { academicYear, startsOn, endsOn, purpose } of seniors) {
      expect([purpose, startsOn, endsOn]).toEqual(['submission', `${academicYear + 1912}-05-03`, `${academicYear + 1912}-05-14`]);
    }
  });
});
