import { describe, expect, it } from 'vitest';
import type { OutputOf } from '../../main/features/contract.ts';
import type { RosterScope } from '../../main/features/submissions/contract.ts';
import { checkAddress, tabAddress } from '../../renderer/screens/submissions/address.ts';
import { daysLeft, nextStep, reasonAgainst, warningKinds } from '../../renderer/screens/submissions/rules.ts';
import { nearestRoster } from '../../renderer/screens/submissions/use-roster.ts';

type Overview = OutputOf<'submissions.overview'>;
type Precheck = NonNullable<Overview['precheck']>;

const precheck = (changes: Partial<Precheck> = {}): Precheck => ({
  id: 'p',
  checkedAt: '2026-11-24T02:00:00.000Z',
  checkedBy: '999999adm',
  rows: 65,
  students: 56,
  errors: 0,
  warnings: 0,
  uncheckedFiles: 0,
  comparedWithSentAt: null,
  differences: { added: 0, removed: 0, changed: 0 },
  ...changes,
});
const last = (changes: Partial<NonNullable<Overview['last']>>): Overview['last'] => ({
  id: 's',
  processingStatus: 'waiting',
  statusText: '處理中',
  submissionFileId: '60001',
  submittedAt: '2026-11-24T03:00:00.000Z',
  way: 'city',
  ...changes,
});
const overview = (changes: Partial<Overview> = {}): Overview => ({
  window: { startsOn: '2026-11-10', endsOn: '2026-12-11', state: 'open' },
  rosterName: '校內幹部經歷名冊',
  rosterCode: '24',
  layoutYear: 110,
  sheets: [{ name: '校內幹部經歷', rows: 65 }],
  rows: 65,
  students: 56,
  precheck: null,
  last: null,
  archivedAt: null,
  ...changes,
});

describe('the three steps of 提交', () => {
  it('go from 預檢 over 修正 to 提交, then wait, and begin anew after a refusal', () => {
    expect(nextStep(overview())).toBe(1);
    expect(nextStep(overview({ precheck: precheck({ errors: 2 }) }))).toBe(2);
    expect(nextStep(overview({ precheck: precheck({ warnings: 3 }) }))).toBe(3);
    const sent = { precheck: precheck(), last: last({}) };
    expect(nextStep(overview(sent))).toBeNull();
    expect(nextStep(overview({ ...sent, last: last({ processingStatus: 'accepted' }) }))).toBeNull();
    expect(nextStep(overview({ ...sent, last: last({ processingStatus: 'refused' }) }))).toBe(1);
    const checkedAgain = precheck({ checkedAt: '2026-11-24T04:00:00.000Z' });
    expect(nextStep(overview({ precheck: checkedAgain, last: last({ processingStatus: 'refused' }) }))).toBe(3);
    expect(nextStep(overview({ archivedAt: '2026-11-24T04:00:00.000Z' }))).toBeNull();
    expect(nextStep(overview({ rows: 0 }))).toBeNull();
  });

  it('say in words why a roster cannot be handed in; the window closes the way over the city only', () => {
    const checked = overview({ precheck: precheck() });
    expect(reasonAgainst(checked, 'city', true)).toBeNull();
    expect(reasonAgainst(checked, 'city', false)).toContain('沒有提交的權限');
    expect(reasonAgainst(overview(), 'manual', true)).toBe('請先預檢。');
    expect(reasonAgainst(overview({ precheck: precheck({ errors: 2 }) }), 'manual', true)).toContain('還有 2 項錯誤');
    const closed = { ...checked, window: { ...checked.window!, state: 'closed' as const } };
    expect(reasonAgainst(closed, 'city', true)).toBe('提交期限已於 115/12/11 截止。');
    expect(reasonAgainst(closed, 'manual', true)).toBeNull();
    expect(reasonAgainst({ ...checked, window: null }, 'city', true)).toBe('市級系統尚未公布提交期限。');
    expect(reasonAgainst({ ...checked, archivedAt: '2026-11-24T04:00:00.000Z' }, 'manual', true)).toContain('已經封存');
  });

  it('count the days to the last one, that day included as none', () => {
    expect(daysLeft('2026-12-11', '2026-11-24')).toBe(17);
    expect(daysLeft('2026-12-11', '2026-12-11')).toBe(0);
  });
});

describe('the warnings that are taken on', () => {
  it('are told by kind with one example, the most first', () => {
    const row = (code: string, field: string, message: string) => ({ code, sheet: '服務學習紀錄', field, message });
    expect(
      warningKinds([row('day.outside', '開始日期', '甲'), row('number.unusual', '時數', '乙'), row('number.unusual', '時數', '丙')]),
    ).toEqual([
      { where: '服務學習紀錄 時數', count: 2, example: '乙' },
      { where: '服務學習紀錄 開始日期', count: 1, example: '甲' },
    ]);
    const waived = (sheet: string) => ({ code: 'identity.waived', sheet, field: '身分證號', message: '已略過檢查' });
    expect(warningKinds([waived('競賽參與紀錄'), waived('服務學習紀錄')])).toEqual([
      { where: '身分證號', count: 2, example: '已略過檢查' },
    ]);
    expect(warningKinds([{ code: 'window.closed', sheet: null, field: null, message: '期限已過' }])[0]?.where).toBe('');
  });
});

describe('which roster', () => {
  const regular = { batch: 'regular', name: '一般' } as const;
  const senior = { batch: 'senior1', name: '高三第一梯次' } as const;
  const offered = (academicYear: number, semester: number, seniors = true) => ({
    academicYear,
    semester,
    batches: seniors ? [regular, senior] : [regular],
    divisions: ['day' as const],
  });
  const rosters = [offered(115, 1), offered(114, 2), offered(114, 1), offered(109, 2, false)];
  const scope: RosterScope = { kind: 'cadres', academicYear: 114, semester: 1, batch: 'senior1', division: 'day' };

  it('keeps 學期, 梯次 and 部別 where the other year has them, and takes what is there where not', () => {
    expect(nearestRoster(rosters, scope)).toEqual(scope);
    expect(nearestRoster(rosters, { ...scope, academicYear: 109 })).toEqual({
      ...scope,
      academicYear: 109,
      semester: 2,
      batch: 'regular',
    });
    expect(nearestRoster(rosters, { ...scope, academicYear: 100 })).toEqual({ ...scope, academicYear: 115 });
    expect(nearestRoster(rosters, { ...scope, division: 'continuing' })?.division).toBe('day');
    expect(nearestRoster([], scope)).toBeNull();
  });

  it('has addresses for its tabs, its lists and one line of 提交紀錄', () => {
    expect(tabAddress('cadres', 'submit')).toBe('/submissions/cadres');
    expect(tabAddress('cadres', 'records', 's 1')).toBe('/submissions/cadres?tab=records&open=s+1');
    expect(checkAddress('outcomes', 'findings', { severity: 'error' })).toBe('/submissions/outcomes?f.severity=error');
    expect(checkAddress('outcomes', 'differences')).toBe('/submissions/outcomes?view=differences');
  });
});
