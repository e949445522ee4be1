import type { Sqlite } from '../../../db/connection.ts';
import { type ParameterName, parameterDefaults, parameterNames } from '../../../domain/office-settings.ts';
import { numberedParameters, type ParameterValues, parameterRefusals } from '../../../domain/parameters.ts';
import type { FeatureServices } from '../../application/foundation.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { Handlers } from '../../application/router.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { damagedGrid, type parameters } from './contract.ts';
import { countDamaged, damagedFileHandlers, damagedSource } from './damaged-files.ts';

export { countDamaged } from './damaged-files.ts';

/** 功能參數 as they are in force: what the office set, else the default. */
export function readParameters(sqlite: Sqlite): Record<ParameterName, number | null> {
  const rows = sqlite
    .prepare<[], { id: ParameterName; value: number | null }>('select id, value from function_parameters where deleted_at is null')
    .all();
  const set = new Map(rows.map(({ id, value }) => [id, value]));
  return Object.fromEntries(parameterNames.map((name) => [name, set.has(name) ? set.get(name)! : parameterDefaults[name]])) as Record<
    ParameterName,
    number | null
  >;
}

/** 設定功能參數 (manual §3.2). */
export function parametersHandlers(services: FeatureServices): Handlers<typeof parameters> {
  const { foundation, connection, sync, changed } = services;
  const { sqlite } = connection;
  const damaged = gridHandlers(foundation, damagedGrid, () => damagedSource);
  return {
    values: () => {
      const { damagedFileUpdate, ...values } = readParameters(sqlite);
      return { values, damagedFileUpdate: damagedFileUpdate === 1, damagedFiles: countDamaged(sqlite) };
    },
    save: async ({ values }, { accountName }) => {
      const refusals = parameterRefusals(values);
      const [first] = Object.values(refusals);
      if (first) throw new ApplicationError('parameters.refused', `有參數不能儲存：${first}請修改標示的欄位。`, { refusals });
      const before: ParameterValues = readParameters(sqlite);
      const changedNames = numberedParameters.filter((name) => values[name] !== before[name]);
      await sync.changeShared(accountName, (records) => {
        for (const name of changedNames) records.save('parameters', { id: name, value: values[name] });
      });
      changed('parameters');
      return { saved: changedNames.length };
    },
    switchDamagedFileUpdate: async ({ on }, { accountName }) => {
      await sync.changeShared(accountName, (records) => records.save('parameters', { id: 'damagedFileUpdate', value: on ? 1 : 0 }));
      changed('parameters');
      return { done: true };
    },
    damaged: damaged.list,
    exportDamaged: damaged.exportWorkbook,
    ...damagedFileHandlers(services),
  };
}
