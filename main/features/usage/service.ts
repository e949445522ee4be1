import type { Foundation } from '../../application/foundation.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { Handlers } from '../../application/router.ts';
import { type usage, usageGrid } from './contract.ts';
import { usageSource } from './queries.ts';

/** 學習成果使用人數統計表 (manual §3.12). */
export function usageHandlers(foundation: Foundation): Handlers<typeof usage> {
  const { settings } = foundation;
  return gridHandlers(foundation, usageGrid, () =>
    usageSource(foundation.connection.sqlite, { code: settings.get('school.code') ?? '', name: settings.get('school.name') ?? '' }),
  );
}
