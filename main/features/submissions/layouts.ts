import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { submissionKinds } from '../../../domain/portfolio.ts';
import { type Division, divisionNames, divisions, type SubmissionBatch, submissionBatches } from '../../../domain/submission.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { resourcePath } from '../../platform/resources.ts';
import type { RosterScope } from './contract.ts';

/**
 * The layouts of the rosters (名冊): columns, 名冊別, 梯次, and what is checked of a cell. They are data, one file of assets/rosters for each
 * academic year in which the ministry changed something; a file holds from its year on, and may take over the parts of an earlier one that stay
 * (`basedOn`). A new year's version is a new file and its test.
 */
const column = z.strictObject({
  /** Key of a record's field (roster-sources.ts). */
  field: z.string(),
  title: z.string(),
  /** The heading in the roster of a 部別 that calls it something else. */
  titles: z.partialRecord(z.enum(divisions), z.string()).optional(),
  kind: z.enum(['identity', 'birthday', 'text', 'day', 'number', 'code', 'courseCode', 'schoolCode', 'summary', 'link', 'address']),
  required: z.boolean().default(false),
  /** Of a number: errors outside these, unless it is `unknown`; a warning above `usual`. */
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  unknown: z.number().optional(),
  usual: z.number().optional(),
  /** Of a code: the city's table that must have it, where the city has published that table. */
  codeTable: z.string().optional(),
  /** Of a course code: it must be one of the school's. */
  known: z.boolean().default(false),
});
export type RosterColumn = z.output<typeof column>;

/** Which outcomes a sheet holds: of regular courses, or of 補修 重修 重讀 轉學轉科 借讀. */
export const specialKinds = ['none', 'makeup', 'retake', 'repeat', 'beforeTransfer', 'exchange'] as const;
export type SpecialKind = (typeof specialKinds)[number];

const sheet = z.strictObject({
  /** The worksheet's name; at most 31 characters, as Excel has it. */
  name: z.string().max(31),
  source: z.enum(submissionKinds),
  /** Of 多元表現: its category. */
  category: z.int().min(1).max(10).optional(),
  special: z.enum(specialKinds).optional(),
  /** Pairs of days of which the first is not after the second. */
  order: z.array(z.tuple([z.string(), z.string()])).default([]),
  columns: z.array(column).min(1),
});
export type RosterSheet = z.output<typeof sheet>;

const batch = z.strictObject({
  batch: z.enum(submissionBatches),
  name: z.string(),
  /** Whose records it holds: students of these grades in the year. */
  grades: z.array(z.int()).min(1),
  /** Leaves out what an accepted roster of this 梯次 had already. */
  withoutAccepted: z.enum(submissionBatches).optional(),
});

const layout = z.strictObject({
  fromAcademicYear: z.int(),
  /** Why it differs from the one before, for who reads the file. */
  note: z.string(),
  /** How days are written: `1090701`. */
  dayFormat: z.enum(['rocDigits', 'rocSlashes', 'isoSlashes']),
  coverSheet: z.string(),
  batches: z.array(batch).min(1),
  codes: z.array(
    z.strictObject({
      code: z.string(),
      kind: z.enum(submissionKinds),
      batch: z.enum(submissionBatches),
      /** Of a roster that only one 部別 has. */
      division: z.enum(divisions).optional(),
    }),
  ),
  rosters: z.record(
    z.enum(submissionKinds),
    z.strictObject({
      name: z.string(),
      names: z.partialRecord(z.enum(divisions), z.string()).optional(),
      sheets: z.array(sheet).min(1),
    }),
  ),
});
export type RosterLayout = z.output<typeof layout>;

const files = new Map<string, readonly RosterLayout[]>();

/** Every layout, newest first. @throws Error for a file that is no layout: the program's own files are tested */
export function rosterLayouts(folder = resourcePath('assets/rosters')): readonly RosterLayout[] {
  const known = files.get(folder);
  if (known) return known;
  const raw = new Map<number, Record<string, unknown>>();
  const names = readdirSync(folder).filter((name) => /^\d+\.json$/.test(name));
  for (const name of names.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))) {
    const { basedOn, ...own } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown> & { basedOn?: number };
    const base = basedOn === undefined ? {} : raw.get(basedOn);
    if (!base) throw new Error(`${name} is based on ${basedOn}, which is no earlier layout`);
    if (own.fromAcademicYear !== Number.parseInt(name, 10)) throw new Error(`${name} is not named by the year from which it holds`);
    const rosters = { ...(base.rosters as object | undefined), ...(own.rosters as object | undefined) };
    raw.set(Number.parseInt(name, 10), { ...base, note: undefined, ...own, rosters });
  }
  const layouts = [...raw.values()].map((value) => layout.parse(value)).reverse();
  files.set(folder, layouts);
  return layouts;
}

/** The layout in force in an academic year; of a year before the first, the first. */
export function rosterLayout(academicYear: number, layouts = rosterLayouts()): RosterLayout {
  return layouts.find(({ fromAcademicYear }) => academicYear >= fromAcademicYear) ?? layouts.at(-1)!;
}

/** A roster to be made: which it is, and its sheets with the headings of its 部別. */
export interface Roster {
  scope: RosterScope;
  layoutYear: number;
  dayFormat: RosterLayout['dayFormat'];
  coverSheet: string;
  /** 名冊別. */
  code: string;
  name: string;
  grades: readonly number[];
  withoutAccepted: SubmissionBatch | undefined;
  /** Whether it holds one 部別 only. */
  ofDivision: boolean;
  sheets: readonly RosterSheet[];
}

/** @throws `submissions.noRoster` for a 梯次 or 部別 that the year does not have */
export function rosterOf(scope: RosterScope, layouts = rosterLayouts()): Roster {
  const { kind, academicYear, batch, division } = scope;
  const layout = rosterLayout(academicYear, layouts);
  const found = layout.codes.find((each) => each.kind === kind && each.batch === batch && (each.division ?? division) === division);
  const ofBatch = layout.batches.find((each) => each.batch === batch);
  if (!found || !ofBatch) {
    throw new ApplicationError('submissions.noRoster', `${academicYear} 學年度沒有這個梯次的名冊，請選擇其他梯次。`, {
      kind,
      academicYear,
      batch,
      division,
    });
  }
  const roster = layout.rosters[kind];
  return {
    scope,
    layoutYear: layout.fromAcademicYear,
    dayFormat: layout.dayFormat,
    coverSheet: layout.coverSheet,
    code: found.code,
    name: roster.names?.[division] ?? roster.name,
    grades: ofBatch.grades,
    withoutAccepted: ofBatch.withoutAccepted,
    ofDivision: found.division !== undefined,
    sheets: roster.sheets.map((each) => ({
      ...each,
      columns: each.columns.map((one) => ({ ...one, title: one.titles?.[division] ?? one.title })),
    })),
  };
}

/** 一般, 高三第一梯次, as the year's layout calls it. */
export function nameOfBatch(academicYear: number, batch: SubmissionBatch): string {
  return rosterLayout(academicYear).batches.find((each) => each.batch === batch)?.name ?? batch;
}

/** The same with the 部別 where the roster has one of its own. */
export function batchName(scope: Pick<RosterScope, 'kind' | 'academicYear' | 'batch' | 'division'>): string {
  const name = nameOfBatch(scope.academicYear, scope.batch);
  return scope.division === 'continuing' ? `${name}（${divisionNames.continuing}）` : name;
}

/** The 部別 that have a roster of their own in a year. */
export function divisionsOf(kind: RosterScope['kind'], academicYear: number): readonly Division[] {
  const own = rosterLayout(academicYear).codes.flatMap((each) => (each.kind === kind && each.division ? [each.division] : []));
  return own.length === 0 ? ['day'] : [...new Set(own)];
}
