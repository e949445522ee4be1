import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { schoolSettings } from '../../main/application/school-settings.ts';
import type { CityAnswer } from '../../main/central/embedded/answer.ts';
import type { CityRecord } from '../../main/central/embedded/index.ts';
import { startTestCity, type TestCity } from '../support/city.ts';
import { type ConnectedOffice, connectOffice } from '../support/office.ts';
import { classSection, code, fileReference, smallSchool, submissionWindow } from '../support/small-school.ts';

const sha256 = 'cd'.repeat(32);
const answer = { ...fileReference(sha256), name: '檢核結果_60001.xlsx' };
const refusedText = '資料檢核錯誤，請查看檢核結果後重新上傳{名冊名稱=學生課程…';
const result = {
  id: 'f1',
  kind: 'outcomes',
  academicYear: 114,
  semester: 0,
  batch: 'senior1',
  division: 'continuing',
  submissionFileId: '60001',
  statusText: refusedText,
  processingStatus: 'refused',
  rosterName: null,
  submittedBy: '999999adm',
  submittedAt: '2026-10-01T01:00:00.000Z',
  resultReceivedAt: '2026-10-01T01:05:00.000Z',
  answer,
} as const;

/** A record as a city sends it that does not know of what was added since. */
const older = ({ resource, record }: CityRecord, ...names: string[]): CityRecord => {
  const left = Object.entries(record).filter(([name]) => !names.includes(name));
  return { resource, record: Object.fromEntries(left) as { id: string } };
};

describe('what submissions need of the city', () => {
  let city: TestCity;
  let office: ConnectedOffice;
  let change: (answer: CityAnswer, url: string) => CityAnswer;

  beforeEach(async () => {
    change = (given) => given;
    const school = [
      ...smallSchool(1),
      classSection('c3', '一年三班', { division: 'continuing' }),
      older(classSection('c4', '一年四班'), 'division'),
      submissionWindow('x1', { batch: 'senior1' }),
      older(submissionWindow('x2'), 'batch'),
      code('z1'),
      { resource: 'submission-results', record: result } as CityRecord,
      older({ resource: 'submission-results', record: { ...result, id: 'f2' } } as CityRecord, 'batch', 'division', 'answer'),
    ];
    city = await startTestCity(school, { intervene: (request, given) => change(given, request.url ?? '') });
    office = await connectOffice(city);
    await office.application.synchronise({});
  });
  afterEach(async () => {
    await office.close();
    await city.close();
  });

  const all = (sql: string) => office.sqlite.prepare(sql).all();

  test('部別 and 梯次 arrive; a city that does not say them means the usual ones', () => {
    expect(all("select id, division from class_sections where id in ('c1', 'c3', 'c4') order by id")).toEqual([
      { id: 'c1', division: 'day' },
      { id: 'c3', division: 'continuing' },
      { id: 'c4', division: 'day' },
    ]);
    expect(all('select id, batch from city_windows order by id')).toEqual([
      { id: 'x1', batch: 'senior1' },
      { id: 'x2', batch: 'regular' },
    ]);
    expect(all('select id, batch, division, answer_sha256 from submissions order by id')).toEqual([
      { id: 'f1', batch: 'senior1', division: 'continuing', answer_sha256: sha256 },
      { id: 'f2', batch: 'regular', division: 'day', answer_sha256: null },
    ]);
    expect(all('select count(*) as problems from sync_problems')).toEqual([{ problems: 0 }]);
  });

  test('代碼資料 arrive, with the year they hold from', () => {
    expect(all('select id, code_table, code, label, valid_from_year, deleted_at from codes')).toEqual([
      { id: 'z1', code_table: 'cadreLevel', code: '1', label: '校級幹部', valid_from_year: 108, deleted_at: null },
    ]);
  });

  test('a result keeps its raw text, and its answer is a file that the city has', () => {
    expect(office.value("select status_text from submissions where id = 'f1'")).toBe(refusedText);
    expect(all("select way, processing_status, roster_name, answer_name from submissions where id = 'f1'")).toEqual([
      { way: 'city', processing_status: 'refused', roster_name: null, answer_name: answer.name },
    ]);
    expect(all('select sha256, bytes, at_city from attachments')).toEqual([{ sha256, bytes: answer.bytes, at_city: 1 }]);
  });

  test('封存, and an answer that the office read in itself, stay when the record comes again', async () => {
    const own = 'ef'.repeat(32);
    office.sqlite.exec(`
      insert into attachments (sha256, md5, bytes, media_type, at_city) values ('${own}', '', 3, 'text/csv', 0);
      update submissions set archived_at = '2026-11-01T00:00:00.000Z', archived_by = '999999adm';
      update submissions set answer_sha256 = '${own}', answer_name = '下載的結果.csv' where id = 'f2';`);
    await office.application.synchronise({ full: true });
    expect(all('select id, archived_at, archived_by, answer_name from submissions order by id')).toEqual([
      { id: 'f1', archived_at: '2026-11-01T00:00:00.000Z', archived_by: '999999adm', answer_name: answer.name },
      { id: 'f2', archived_at: '2026-11-01T00:00:00.000Z', archived_by: '999999adm', answer_name: '下載的結果.csv' },
    ]);
  });

  test('where files are linked is kept with the connection, and renewed when the city moves', async () => {
    const settings = schoolSettings(office.application.foundation.connection);
    expect(settings.get('city.fileLinks')).toBe('https://portfolio.example.edu.tw/national-files/999999/{sha256}.{extension}');
    const moved = 'https://files.city.example/999999/{sha256}.{extension}';
    change = (given, url) =>
      url === '/v1/schools/999999' ? { ...given, body: JSON.stringify({ code: '999999', name: '測試高中', fileLinks: moved }) } : given;
    await office.application.synchronise({ resources: ['codes'] });
    expect(settings.get('city.fileLinks')).toBe(moved);
  });
});
