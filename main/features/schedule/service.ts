import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { windowRefusals, windowWarnings } from '../../../domain/operation-window.ts';
import type { FeatureServices } from '../../application/foundation.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { Handlers } from '../../application/router.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { OfficeRecords } from '../sync/service.ts';
import { type operationWindowInput, type schedule, scheduleGrid } from './contract.ts';
import { cityBounds, cityWindows, readWindows, scheduledWindows, scheduleSource } from './queries.ts';

export { openTickingWindows, type ResolvedWindow, tickingOpened, windowsNow } from './queries.ts';

const unknown = () => new ApplicationError('schedule.unknown', '這筆作業時間已經不在了，請重新整理後再試。');

/** 設定學校作業時間 (manual §3.7). */
export function scheduleHandlers({ foundation, connection: { sqlite }, clock, sync, changed }: FeatureServices): Handlers<typeof schedule> {
  const save = (records: OfficeRecords, id: string, { confirmed, ...window }: z.output<typeof operationWindowInput>) => {
    const others = readWindows(sqlite).filter((other) => other.id !== id);
    const refusals = windowRefusals(window, cityBounds(sqlite, window), others);
    if (refusals.length > 0) throw new ApplicationError('schedule.refused', refusals[0]!.message, { refusals });
    const warnings = windowWarnings(window, others, clock.now());
    if (warnings.length > 0 && !confirmed) {
      throw new ApplicationError('schedule.confirm', '這個時間有需要確認的地方，請看過之後決定是否仍要儲存。', { warnings });
    }
    records.save('operation-windows', { id, ...window });
    return { id };
  };
  const tell = () => changed('schedule', 'dashboard', 'slips', 'temporaryAccounts');

  return {
    ...gridHandlers(foundation, scheduleGrid, () => scheduleSource(clock.now())),
    overview: () => ({
      city: cityWindows(sqlite),
      windows: scheduledWindows(sqlite, clock.now()),
      now: clock.now().toISOString(),
    }),
    create: async (input, { accountName }) => {
      const saved = await sync.changeShared(accountName, (records) => save(records, randomUUID(), input));
      tell();
      return saved;
    },
    update: async ({ id, ...input }, { accountName }) => {
      const saved = await sync.changeShared(accountName, (records) => {
        if (!records.read('operation-windows', id)) throw unknown();
        return save(records, id, input);
      });
      tell();
      return saved;
    },
    remove: async ({ id }, { accountName }) => {
      await sync.changeShared(accountName, (records) => {
        if (!records.read('operation-windows', id)) throw unknown();
        records.remove('operation-windows', id);
      });
      tell();
      return { done: true };
    },
  };
}
