import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase, type Sqlite } from '../../db/connection.ts';
import { migrate } from '../../db/migrate.ts';
import { type Application, createApplication } from '../../main/application/application.ts';
import { fillTrialCity, openCityStore, startCityThread } from '../../main/central/embedded/index.ts';
import { resourceNames } from '../../main/central/resources.ts';
import { resourceTables } from '../../main/features/sync/records/index.ts';
import { systemClock } from '../../main/platform/clock.ts';
import { deriveKey } from '../../main/platform/secret-store.ts';
import { temporaryFolder, testMasterKey } from '../support/directories.ts';
import type { BenchRow, Measure } from './row.ts';

const city = { schoolCode: '999999', schoolName: '測試高中' };

/** Tables that a full sync fills, parents before children. */
const tables = [
  'teachers',
  'accounts',
  'class_sections',
  'terms',
  'students',
  'enrollments',
  'counselors',
  'course_offerings',
  'teaching_assignments',
  'course_records',
  'attendance',
  'cadres',
  'rewards',
  'psychological_tests',
  'city_windows',
  'codes',
  'attachments',
  'learning_outcomes',
  'diverse_performances',
  'course_consultations',
  'consultation_students',
  'autobiographies',
  'submissions',
  'receive_records',
];

const seconds = async (work: () => unknown): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
};

/** Writes the rows of a synchronised database into the same tables of a fresh one: prepared statements, one transaction, nothing else. */
function copyPlainly(from: Sqlite, path: string): { rows: number; seconds: number } {
  const { sqlite, close } = openDatabase(path, { key: deriveKey(testMasterKey, 'database') });
  migrate(sqlite, { now: systemClock.now });
  let rows = 0;
  let took = 0;
  const timed = (work: () => void) => {
    const began = performance.now();
    work();
    took += performance.now() - began;
  };
  timed(() => sqlite.exec('begin immediate'));
  for (const table of tables) {
    const values = from.prepare(`select * from ${table}`).raw().all() as unknown[][];
    if (values.length === 0) continue;
    const insert = sqlite.prepare(`insert into ${table} values (${values[0]!.map(() => '?').join(', ')})`);
    timed(() => {
      for (const row of values) insert.run(row);
    });
    rows += values.length;
  }
  timed(() => sqlite.exec('commit'));
  close();
  return { rows, seconds: took / 1000 };
}

/** Gives one record in a hundred of every resource its next version, as a day at school would. */
function changeOneInAHundred(storePath: string): number {
  const store = openCityStore(storePath);
  let changed = 0;
  try {
    for (const resource of resourceNames) {
      const total = store.page(resource, 0, 1, true).total!;
      const every = store.page(resource, 0, Math.max(1, Math.round(total / 100)), false);
      const records = JSON.parse(`[${every.items}]`) as ({ id: string; version: number } & Record<string, unknown>)[];
      const changes = records.map(({ id, version, deleted: _living, ...data }) => ({
        idempotencyKey: `bench-${resource}-${id}`,
        resource,
        id,
        baseVersion: version,
        operation: 'update' as const,
        data,
      }));
      changed += store.change(changes).filter(({ outcome }) => outcome === 'accepted').length;
    }
  } finally {
    store.close();
  }
  return changed;
}

/** A data directory connected to a city that serves from a thread of its own. */
async function connected(dataDirectory: string, url: string, deviceId: string, deviceKey: string): Promise<Application> {
  const application = await createApplication({ dataDirectory, masterKey: testMasterKey, schedule: false });
  const { foundation } = application;
  await foundation.write(() => {
    foundation.settings.set('school.code', city.schoolCode);
    foundation.settings.set('city.url', url);
    foundation.settings.set('city.deviceId', deviceId);
    foundation.settings.set('city.deviceKey', deviceKey);
  });
  return application;
}

export const measure: Measure = async (scale) => {
  const folder = temporaryFolder('bench-sync');
  const storePath = join(folder.path, 'city', 'city.db');
  const students = Math.max(30, Math.round(4000 * scale));
  fillTrialCity(storePath, { ...city, students, years: 3, seed: 1, today: '2026-11-24' });
  const thread = await startCityThread({ storePath });
  const { url, deviceId, deviceKey } = thread.address;
  const application = await connected(join(folder.path, 'office'), url, deviceId, deviceKey);
  const { sqlite } = application.foundation.connection;
  try {
    const full = await seconds(() => application.synchronise({}));
    const synced = resourceNames.reduce(
      (sum, name) => sum + (sqlite.prepare(`select count(*) from ${resourceTables[name].table}`).pluck().get() as number),
      0,
    );
    const plainPath = join(folder.path, 'plain.db');
    const plain = copyPlainly(sqlite, plainPath);
    for (const suffix of ['', '-wal', '-shm']) rmSync(plainPath + suffix, { force: true });
    const nothing = await seconds(() => application.synchronise({}));
    const changed = changeOneInAHundred(storePath);
    const partly = await seconds(() => application.synchronise({}));
    const rows: BenchRow[] = [
      {
        work: `first full sync, ${students} students × 3 years`,
        figure: plain.rows / full,
        unit: 'rows/s',
        baseline: 'the same rows, prepared statements, one transaction',
        baselineFigure: plain.rows / plain.seconds,
        ratio: plain.seconds / full,
        goal: '≥ 0.35 of the rate',
        note: `${synced} records, ${plain.rows} rows in ${full.toFixed(1)} s; plainly ${plain.seconds.toFixed(1)} s`,
      },
      {
        work: 'sync with nothing new',
        figure: nothing * 1000,
        unit: 'ms',
        baseline: null,
        baselineFigure: null,
        ratio: null,
        goal: '< 1000 ms',
      },
      {
        work: 'sync with 1 % changed',
        figure: partly * 1000,
        unit: 'ms',
        baseline: 'the full one',
        baselineFigure: full * 1000,
        ratio: partly / full,
        goal: '≤ 0.02',
        note: `${changed} records`,
      },
    ];
    return rows;
  } finally {
    await application.close();
    await thread.close();
    folder.remove();
  }
};
