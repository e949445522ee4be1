import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { numberedParameters, type ParameterValues, parameterRefusals, parameterRules } from '../../domain/parameters.ts';
import { openTrial, type Trial } from '../support/trial.ts';

let trial: Trial;
beforeEach(async () => {
  trial = await openTrial();
});
afterEach(() => trial.close());

const stored = () => trial.call('parameters.values', {});
const sqlite = () => trial.application.foundation.connection.sqlite;

describe('設定功能參數', () => {
  test('saves what changed, all or none, and the city has it', async () => {
    const { values } = await stored();
    expect(values).toMatchObject({ outcomesPerTerm: 50, outcomesPerCourse: 5, uncertifiedNoticeHour: 13 });
    expect(await trial.call('parameters.save', { values: { ...values, outcomesPerCourse: 9, uncertifiedNoticeHour: null } })).toEqual({
      saved: 2,
    });
    expect((await trial.application.synchronise({ resources: [] })).pushed).toBe(2);
    await trial.application.synchronise({ resources: ['parameters'], full: true });
    expect((await stored()).values).toMatchObject({ outcomesPerCourse: 9, uncertifiedNoticeHour: null });
    await expect(trial.call('parameters.save', { values: { ...values, outcomesPerTerm: 5, outcomesPerCourse: 4 } })).rejects.toMatchObject({
      code: 'parameters.refused',
      message: expect.stringContaining('不可低於6件'),
      details: { refusals: { outcomesPerTerm: expect.any(String) } },
    });
    expect((await stored()).values).toMatchObject({ outcomesPerTerm: 50, outcomesPerCourse: 9 });
  });

  test('whatever is typed, what passes keeps every rule of the manual', () => {
    const value = fc.option(fc.integer({ min: -5, max: 1200 }), { nil: null });
    fc.assert(
      fc.property(fc.record(Object.fromEntries(numberedParameters.map((name) => [name, value]))), (values) => {
        const typed = values as ParameterValues;
        const refused = Object.keys(parameterRefusals(typed)).length > 0;
        const { outcomesPerTerm: term, outcomesPerCourse: course, uncertifiedNoticeHour: hour } = typed;
        const keeps =
          term !== null &&
          term >= 6 &&
          course !== null &&
          course >= 1 &&
          course <= term &&
          (hour === null || (hour >= 0 && hour <= 23)) &&
          numberedParameters.every(
            (name) => typed[name] === null || (typed[name] >= parameterRules[name].least && typed[name] <= parameterRules[name].most),
          );
        expect(refused).toBe(!keeps);
      }),
    );
  });
});

describe('切換學習成果異常檔案更新功能', () => {
  test('the city’s findings are listed by subject, fetched again with their hash checked, and the city is told', async () => {
    const { rows, total } = await trial.call('parameters.damaged', {});
    expect(total).toBe((await stored()).damagedFiles);
    expect(total).toBeGreaterThan(0);
    for (const row of rows) expect(row).toMatchObject({ subjectName: expect.stringMatching(/./), origin: 'city', slot: 'document' });
    const sha256s = [...new Set(rows.map(({ sha256 }) => String(sha256)))];
    expect(await trial.runJob('parameters.refetch', { sha256s })).toEqual({ mended: sha256s.length, failed: 0 });
    expect((await trial.call('parameters.damaged', {})).total).toBe(0);
    for (const sha256 of sha256s) expect(trial.application.foundation.attachments.read(sha256).byteLength).toBeGreaterThan(0);
    expect((await trial.application.synchronise({ resources: [] })).pushed).toBe(sha256s.length);
  });

  test('rot of this computer’s own store is found by its hash and mended from the city', async () => {
    const sha256 = sqlite()
      .prepare(
        'select document_sha256 from learning_outcomes where document_sha256 is not null and document_sha256 not in (select id from damaged_files) limit 1',
      )
      .pluck()
      .get() as string;
    const { attachments } = trial.application.foundation;
    await trial.application.fetchFiles([sha256], { signal: new AbortController().signal });
    attachments.sqlite.prepare('update chunks set content = ? where sha256 = ? and position = 0').run(randomBytes(64), sha256);
    sqlite().prepare("update attachments set damaged_at = '2026-11-23T18:00:00.000Z' where sha256 = ?").run(sha256);
    const local = await trial.call('parameters.damaged', { filter: { origin: 'local' } });
    expect(local.rows[0]).toMatchObject({ sha256, origin: 'local' });
    expect(await trial.runJob('parameters.refetch', { sha256s: [sha256] })).toEqual({ mended: 1, failed: 0 });
    expect(attachments.read(sha256).byteLength).toBeGreaterThan(0);
    expect((await trial.call('parameters.damaged', { filter: { origin: 'local' } })).total).toBe(0);
  });

  test('a file the student brings again takes the damaged one’s place, here and at the city, and nothing else of the record changes', async () => {
    const { rows } = await trial.call('parameters.damaged', {});
    const outcomeId = String(rows[0]!.outcomeId);
    const before = sqlite().prepare('select * from learning_outcomes where id = ?').get(outcomeId) as Record<string, unknown>;
    const path = join(trial.directory, '成果.pdf');
    writeFileSync(path, `%PDF-1.4\n${'成果'.repeat(100)}\n%%EOF`);
    const file = trial.application.files.receive(path, '成果.pdf', false);
    await trial.call('parameters.replaceFile', { outcomeId, slot: 'document', file });
    const after = sqlite().prepare('select * from learning_outcomes where id = ?').get(outcomeId) as Record<string, unknown>;
    expect(after.document_sha256).not.toBe(before.document_sha256);
    expect({ ...after, document_sha256: 0, document_name: 0 }).toEqual({ ...before, document_sha256: 0, document_name: 0 });
    expect(after.document_name).toBe('成果.pdf');
    const result = await trial.application.synchronise({ resources: [] });
    expect(result).toMatchObject({ pushed: 2, pending: 0 });
    await trial.application.synchronise({ resources: ['outcomes', 'damaged-files'], full: true });
    expect(sqlite().prepare('select document_sha256 from learning_outcomes where id = ?').pluck().get(outcomeId)).toBe(
      after.document_sha256,
    );
    expect((await trial.call('parameters.damaged', {})).rows.map((row) => row.outcomeId)).not.toContain(outcomeId);
  });

  test('a program named .pdf, and a file too big, are refused and change nothing', async () => {
    const { rows } = await trial.call('parameters.damaged', {});
    const outcomeId = String(rows[0]!.outcomeId);
    const replace = (content: Uint8Array) => {
      const path = join(trial.directory, 'x.pdf');
      writeFileSync(path, content);
      const file = trial.application.files.receive(path, 'x.pdf', false);
      return trial.call('parameters.replaceFile', { outcomeId, slot: 'document', file });
    };
    await expect(replace(Buffer.from('MZ\x90\x00 this is a program'))).rejects.toMatchObject({ code: 'parameters.fileKind' });
    await expect(replace(Buffer.concat([Buffer.from('%PDF-1.4'), Buffer.alloc(4 * 1024 * 1024)]))).rejects.toMatchObject({
      code: 'parameters.fileTooBig',
    });
    expect((await trial.application.synchronise({ resources: [] })).pushed).toBe(0);
  });
});
