import { describe, expect, it } from 'vitest';
import type { OutputOf } from '../../main/features/contract.ts';
import { features } from '../../main/features/contract.ts';
import { syncResourceNames } from '../../main/features/sync/contract.ts';
import { concerns, featureTopics } from '../../renderer/app/topics.ts';
import { gridAddress } from '../../renderer/components/grid/grid-address.ts';
import { dutiesOf } from '../../renderer/screens/dashboard/duties.ts';
import { passwordHints } from '../../renderer/screens/sign-in/password-hints.ts';
import { inManualOrder } from '../../renderer/screens/sync/manual-order.ts';

const overview: OutputOf<'dashboard.overview'> = {
  students: 1080,
  windows: [],
  pendingOutcomes: 412,
  pendingTeachers: 31,
  notTicked: [],
  damagedFiles: 0,
  disputedChanges: null,
  classesWithoutCounselor: 0,
  overdueSlips: 0,
  refusedSubmissions: { outcomes: null, performances: 0, cadres: 3 },
  leavers: {
    withoutFile: { count: 1, longestDays: 21 },
    fileMade: { count: 0, longestDays: 0 },
    handedOver: { count: 2, longestDays: 22 },
  },
  arrivals: null,
  transfersOutThisWeek: 0,
  transfersInThisWeek: 0,
  lastSyncAt: '2026-11-24T01:12:00.000Z',
  classes: [],
};

describe('what the office has to do today', () => {
  it('names the pressing first and leaves out what is nought', () => {
    expect(dutiesOf(overview, true).map(({ count, tone }) => [count, tone])).toEqual([
      [3, 'wrong'],
      [1, 'soon'],
      [2, 'wrong'],
      [412, 'plain'],
    ]);
    expect(dutiesOf(overview, true)[2]).toEqual({
      count: 2,
      text: '位轉出學生的檔案已交付，對方學校尚未確認收到（最久 22 天）',
      tone: 'wrong',
      path: gridAddress('/transfer-out', { state: 'handedOver' }, { tab: 'leavers' }),
    });
    expect(dutiesOf(overview, true)[0]?.path).toBe(gridAddress('/submissions/cadres', { unsettled: '是' }, { tab: 'records' }));
  });

  it('asks for a first sync before anything else', () => {
    expect(dutiesOf(overview, false)[0]).toMatchObject({ count: null, path: '/sync' });
  });
});

describe('同步作業', () => {
  it("lists every resource by 角色 in the manual's order, whatever order they come in", () => {
    const items = [...syncResourceNames].sort().map((resource) => ({
      resource,
      lastStartedAt: null,
      lastFinishedAt: null,
      lastResult: null,
      lastError: null,
      received: 0,
      problems: 0,
    }));
    const groups = inManualOrder(items);
    expect(groups.map(({ role }) => role)).toEqual(['學生', '教師', '學習歷程', '本校設定']);
    expect(groups[0]?.items.map(({ resource }) => resource)).toEqual([
      'students',
      'course-records',
      'attendance',
      'cadres',
      'psychological-tests',
      'rewards',
    ]);
    expect(groups.flatMap((group) => group.items)).toHaveLength(syncResourceNames.length);
  });
});

describe('what is asked again after a change', () => {
  it('is everything that shows the city, when something came from the city', () => {
    expect(concerns('students.list', ['students'], featureTopics)).toBe(true);
    expect(concerns('slips.count', ['course-records'], featureTopics)).toBe(true);
    expect(concerns('session.newCaptcha', ['students'], featureTopics)).toBe(false);
    expect(concerns('session.status', ['students'], featureTopics)).toBe(false);
  });

  it('is one feature and 首頁, when the office did something there', () => {
    expect(concerns('transferOut.list', ['transferOut'], featureTopics)).toBe(true);
    expect(concerns('dashboard.overview', ['transferOut'], featureTopics)).toBe(true);
    expect(concerns('students.list', ['transferOut'], featureTopics)).toBe(false);
  });

  it('knows every feature of the contract but the students, which are a resource of the city as well', () => {
    expect([...featureTopics].sort()).toEqual(
      features
        .map(({ name }) => name as string)
        .filter((name) => name !== 'students')
        .sort(),
    );
  });
});

describe('a new password while it is typed', () => {
  const met = (password: string) => passwordHints(password, 'old-Password-1', '999999adm').map((hint) => hint.met);

  it('fulfils nothing while empty', () => {
    expect(met('')).toEqual([false, false, false, false]);
  });

  it('ticks each rule off by itself', () => {
    expect(met('kiwi')).toEqual([false, false, true, true]);
    expect(met('kiwis-and-plums')).toEqual([true, true, true, true]);
    expect(met('my999999ADMword')).toEqual([true, true, false, true]);
    expect(met('old-Password-1')).toEqual([true, true, true, false]);
    expect(met('aaaaaaaaaaaa')).toEqual([true, false, true, true]);
  });

  it('counts a rare character beyond the basic plane once', () => {
    expect(met('𠀀𠀁𠀂𠀃𠀄𠀅𠀆𠀇𠀈')[0]).toBe(false);
  });
});
