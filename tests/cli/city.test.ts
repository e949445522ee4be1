import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { fillTrialCity, startEmbeddedCity } from '../../main/central/embedded/index.ts';
import { answerOf, ended, refusalOf, run, start } from './command-line.ts';

const deviceKey = '測試裝置金鑰-5512';
/** Each test starts several processes; on a busy machine that takes its time. */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-city-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const students = ['--students', '12', '--years', '1'];

describe('central serve', () => {
  test('given a city served alone, when a fresh directory connects and synchronises, then its students are there; told to end, it ends', async () => {
    const city = start(['central', 'serve', ...students], { env: { PORTFOLIO_DEVICE_KEY: deviceKey } });
    const over = ended(city);
    const [line] = (await once(city.stdout!, 'data')) as [string];
    const address = JSON.parse(line) as { url: string; deviceKey: string };
    expect(address).toMatchObject({ url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), deviceKey });

    const data = join(folder, 'office');
    const wrong = await refusalOf(['connect', '--url', address.url, '--school', '999999'], {
      data: join(folder, 'refused'),
      env: { PORTFOLIO_DEVICE_KEY: 'another key' },
    });
    expect(wrong.code).toBe('sync.unauthorized');
    const connected = await answerOf(['connect', '--url', address.url, '--school', '999999'], {
      data,
      env: { PORTFOLIO_DEVICE_KEY: deviceKey },
    });
    expect(connected).toMatchObject({ schoolCode: '999999', accountName: '999999adm', firstPassword: null });
    const synchronised = await answerOf<{ resources: { name: string; received: number }[] }>(['sync'], { data });
    expect(synchronised.resources.find(({ name }) => name === 'students')!.received).toBe(12);
    expect((await answerOf<{ total: number }>(['students', 'list'], { data })).total).toBe(12);
    const examined = await run(['doctor'], { data });
    const { ok, checks } = examined.json<{ ok: boolean; checks: { name: string; ok: boolean }[] }>();
    // A school in earnest without a backup is not well.
    expect(checks.filter((check) => !check.ok).map(({ name }) => name)).toEqual(['backup']);
    expect([ok, examined.status]).toEqual([false, 1]);

    city.kill('SIGTERM');
    const { status, json } = await over;
    expect(status).toBe(0);
    expect(json()).toEqual(address);
    expect((await refusalOf(['sync'], { data })).code).toBe('sync.offline');
  });
});

describe('central serve --fault', () => {
  test('given a city that misbehaves, then what comes from it is whole all the same', async () => {
    const faults =
      'cutx1:resources/students,500=latex1:resources/teachers,expired-tokenx1:resources/outcomes,wrong-jsonx1:resources/classes';
    const city = start(['central', 'serve', ...students, '--fault', faults], { env: { PORTFOLIO_DEVICE_KEY: deviceKey } });
    const over = ended(city);
    const [line] = (await once(city.stdout!, 'data')) as [string];
    const { url } = JSON.parse(line) as { url: string };
    const data = join(folder, 'bad-line');
    await answerOf(['connect', '--url', url, '--school', '999999'], { data, env: { PORTFOLIO_DEVICE_KEY: deviceKey } });
    const { resources } = await answerOf<{ resources: { name: string; received: number; problems: number }[] }>(['sync'], { data });
    expect(resources.find(({ name }) => name === 'students')).toMatchObject({ received: 12, problems: 0 });
    city.kill('SIGTERM');
    expect((await over).status).toBe(0);
  });

  test('given a fault that there is not, then it is refused and those that there are are listed', async () => {
    const { code, message } = await refusalOf(['central', 'serve', '--fault', 'flood@0.5']);
    expect([code, message]).toEqual(['central.faultUnknown', expect.stringContaining('flood@0.5')]);
    expect(message).toContain('repeat-page');
  });
});

describe('Ctrl+C', () => {
  test('given a synchronisation whose city does not answer, when it is interrupted, then it ends cancelled with nothing half done', async () => {
    const storePath = join(folder, 'slow-city.db');
    fillTrialCity(storePath, { students: 12, years: 1, seed: 1, schoolCode: '999999', schoolName: '測試高中', today: '2026-11-24' });
    let silent = false;
    let asked = () => {};
    const city = await startEmbeddedCity({
      storePath,
      intervene: (request, answer) => {
        if (!silent || !request.url?.includes('/resources/')) return answer;
        asked();
        return new Promise(() => {});
      },
    });
    try {
      const data = join(folder, 'interrupted');
      const env = { PORTFOLIO_DEVICE_KEY: city.deviceKey };
      await answerOf(['connect', '--url', city.url, '--school', '999999'], { data, env });
      const waiting = new Promise<void>((resolve) => {
        asked = resolve;
      });
      silent = true;
      const sync = start(['sync'], { data });
      const over = ended(sync);
      await waiting;
      sync.kill('SIGINT');
      const { status, json } = await over;
      expect(status).toBe(1);
      expect(json<{ error: { code: string } }>().error.code).toBe('job.cancelled');
      silent = false;
      const again = await answerOf<{ resources: { name: string; received: number }[] }>(['sync'], { data });
      expect(again.resources.find(({ name }) => name === 'students')!.received).toBe(12);
    } finally {
      await city.close();
    }
  });
});
