import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { taipeiDay } from '../../../domain/roc-date.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Command } from '../command.ts';
import { readSchoolOptions, schoolOptions } from './school-options.ts';

export const centralServeCommand: Command = {
  name: 'central serve',
  usage: '[--port P] [--students N] [--years Y] [--seed S] [--school CODE] [--fault SPEC]',
  summary: '在 127.0.0.1 提供內建的市級系統，直到停止；--fault 讓它故障（裝置金鑰可放在 PORTFOLIO_DEVICE_KEY）',
  options: { ...schoolOptions, port: 'value', fault: 'value' },
  run: async ({ arguments: read, terminal }) => {
    const school = readSchoolOptions(read);
    const port = read.integer('port', { min: 0, max: 65_535 }) ?? 0;
    const spec = read.text('fault');
    // The city and the generator are loaded by those who serve them only.
    const { cityFaults, fillTrialCity, readFaults, startEmbeddedCity } = await import('../../central/embedded/index.ts');
    const faults = spec === undefined ? undefined : cityFaults(readFaults(spec));
    const deviceKey = terminal.secret('PORTFOLIO_DEVICE_KEY');
    const folder = await mkdtemp(join(tmpdir(), 'portfolio-city-'));
    const stopped = new Promise<void>((resolve) => terminal.onInterrupt(resolve));
    try {
      const storePath = join(folder, 'city.db');
      fillTrialCity(storePath, { ...school, today: taipeiDay(systemClock.now()) }, undefined, deviceKey);
      const city = await startEmbeddedCity({ storePath, port, faults });
      try {
        const address = { url: city.url, schoolCode: school.schoolCode, deviceId: city.deviceId, deviceKey: city.deviceKey };
        terminal.announce(address, `市級系統 ${city.url}，裝置 ${city.deviceId}，金鑰 ${city.deviceKey}`);
        await stopped;
      } finally {
        await city.close();
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    return null;
  },
};
