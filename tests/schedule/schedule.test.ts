import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTickingWindows, windowsNow } from '../../main/features/schedule/service.ts';
import { openTrial, type Trial } from '../support/trial.ts';

let trial: Trial;
let year: number;
beforeEach(async () => {
  trial = await openTrial();
  ({ academicYear: year } = (await trial.call('session.status', {})).term);
});
afterEach(() => trial.close());

const overview = () => trial.call('schedule.overview', {});
const now = () => trial.application.foundation.clock.now();
const sqlite = () => trial.application.foundation.connection.sqlite;

describe('設定學校作業時間', () => {
  test('shows the city’s windows and the school’s with their state, in the grid and the timeline alike', async () => {
    const { city, windows } = await overview();
    expect(city.filter(({ academicYear }) => academicYear === year).map(({ kind }) => kind)).toEqual(['outcomes', 'performances']);
    const { rows } = await trial.call('schedule.list', { pageSize: 100 });
    expect(rows.map(({ id, state }) => [id, state])).toEqual(expect.arrayContaining(windows.map(({ id, state }) => [id, state])));
    expect(rows).toHaveLength(windows.length);
    expect(rows[0]).toMatchObject({ startHour: '00', endHour: '23' });
    for (const { warnings } of windows) expect(warnings).toEqual([]);
  });

  test('a window outside the city’s is refused with its field; a good one goes to the city', async () => {
    const { windows } = await overview();
    const { id, item, academicYear, semester, startsOn, startHour, endsOn, endHour } = windows.find(
      (each) => each.item === 'tickOutcomes' && each.academicYear === year,
    )!;
    const typed = { id, item, academicYear, semester, startsOn, startHour, endsOn, endHour };
    await expect(trial.call('schedule.update', { ...typed, endsOn: '2035-01-01' })).rejects.toMatchObject({
      code: 'schedule.refused',
      details: { refusals: [{ field: 'endsOn' }] },
    });
    const shorter = { ...typed, endHour: 12 };
    await trial.call('schedule.update', { ...shorter, confirmed: true });
    expect((await trial.application.synchronise({ resources: [] })).pushed).toBe(1);
    await trial.application.synchronise({ resources: ['operation-windows'], full: true });
    expect((await overview()).windows.find((each) => each.id === id)).toMatchObject({ endHour: 12 });
  });

  test('what is odd is asked about once and saved when confirmed', async () => {
    const { windows } = await overview();
    const teacher = windows.find((each) => each.item === 'teacherCertification' && each.academicYear === year)!;
    const { id, item, academicYear, semester, startsOn, startHour, endHour } = teacher;
    const input = { id, item, academicYear, semester, startsOn, startHour, endHour, endsOn: startsOn };
    await expect(trial.call('schedule.update', input)).rejects.toMatchObject({
      code: 'schedule.confirm',
      details: { warnings: expect.arrayContaining([expect.stringContaining('早結束')]) },
    });
    expect((await overview()).windows.find((each) => each.id === id)!.endsOn).toBe(teacher.endsOn);
    await trial.call('schedule.update', { ...input, confirmed: true });
    expect((await overview()).windows.find((each) => each.id === id)!.warnings.join('')).toContain('早結束');
  });

  test('a deleted one can be made anew, and not twice', async () => {
    const { windows } = await overview();
    const {
      id,
      opensAt: _opens,
      closesAt: _closes,
      state: _state,
      warnings: _warnings,
      ...typed
    } = windows.find((each) => each.item === 'studentUpload')!;
    await trial.call('schedule.remove', { id });
    await expect(trial.call('schedule.remove', { id })).rejects.toMatchObject({ code: 'schedule.unknown' });
    await trial.call('schedule.create', { ...typed, confirmed: true });
    await expect(trial.call('schedule.create', { ...typed, confirmed: true })).rejects.toMatchObject({ code: 'schedule.refused' });
  });

  test('what is open now is told to whoever asks', async () => {
    const open = openTickingWindows(sqlite(), now());
    expect(open.tickOutcomes.map(({ academicYear }) => academicYear)).toContain(year);
    sqlite().prepare("update operation_windows set deleted_at = '2026-11-24T00:00:00Z' where item = 'tickOutcomes'").run();
    expect(openTickingWindows(sqlite(), now()).tickOutcomes).toEqual([]);
    const soon = windowsNow(sqlite(), now(), 30);
    expect(soon.length).toBeGreaterThan(0);
    for (const { state } of soon) expect(['open', 'soon']).toContain(state);
  });
});
