import { Checkbox, Skeleton } from 'antd';
import { useMemo, useState } from 'react';
import { type FunctionModule, functionModules } from '../../../main/application/contract.ts';
import type { GrantedModule } from '../../../main/features/roles/contract.ts';
import { useCommand, useQueryOperation } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { ErrorNote, type TransferColumn, TransferList } from '../../components/index.ts';
import type { RoleGroup } from './group-form.tsx';

interface ModuleRow extends GrantedModule {
  id: FunctionModule;
}

const everyRight = { create: true, update: true, delete: true };
const ticks = [
  { right: 'create', title: '新增' },
  { right: 'update', title: '修改' },
  { right: 'delete', title: '刪除' },
] as const;

/** 群組功能設定 (manual §3.1.2): the rights of a chosen module are saved as they are ticked; of an available one when it is moved. */
export function GroupModules({ group }: { group: RoleGroup }) {
  const { session } = useOffice();
  const granted = useQueryOperation('roles.modules', { groupId: group.id });
  const set = useCommand('roles.setModules');
  const remove = useCommand('roles.removeModules');
  /** Ticks of modules that are not chosen yet. */
  const [prepared, setPrepared] = useState<ReadonlyMap<FunctionModule, GrantedModule>>(new Map());
  const disabled = !mayUse(session, 'S0200S', 'update');

  const { available, chosen } = useMemo(() => {
    const held = new Map((granted.data?.modules ?? []).map((each) => [each.module, each]));
    const rows = (Object.keys(functionModules) as FunctionModule[]).map((module): ModuleRow & { chosen: boolean } => ({
      id: module,
      ...(held.get(module) ?? prepared.get(module) ?? { module, ...everyRight }),
      chosen: held.has(module),
    }));
    return { available: rows.filter((row) => !row.chosen), chosen: rows.filter((row) => row.chosen) };
  }, [granted.data, prepared]);

  const columns = (side: 'available' | 'chosen'): TransferColumn<ModuleRow>[] => [
    { title: '模組編號', text: ({ module }) => module, width: 84 },
    { title: '功能模組', text: ({ module }) => functionModules[module] },
    ...ticks.map(({ right, title }) => ({
      title,
      // Nothing to search for in a tick.
      text: () => '',
      width: 46,
      render: (row: ModuleRow) => (
        <Checkbox
          aria-label={`${row.module} ${functionModules[row.module]} ${title}`}
          checked={row[right]}
          disabled={disabled || set.pending}
          onChange={({ target }) => {
            const { module, create, update, delete: mayDelete } = row;
            const changed = { module, create, update, delete: mayDelete, [right]: target.checked };
            if (side === 'available') setPrepared((before) => new Map(before).set(module, changed));
            else void set.run({ groupId: group.id, modules: [changed] });
          }}
        />
      ),
    })),
  ];

  if (granted.isPending) return <Skeleton active paragraph={{ rows: 6 }} />;
  return (
    <>
      <ErrorNote error={granted.error ?? set.error ?? remove.error} onRetry={() => void granted.refetch()} />
      <TransferList
        available={{ title: '待選功能模組', rows: available, columns: columns('available'), emptyText: '所有功能模組都已經選了' }}
        chosen={{
          title: `${group.name} 功能模組`,
          rows: chosen,
          columns: columns('chosen'),
          emptyText: '還沒有功能模組，請從左邊勾選後按 →',
        }}
        unit="項"
        disabled={disabled}
        onAdd={async (ids) => {
          const wanted = new Set(ids);
          const modules = available
            .filter(({ id }) => wanted.has(id))
            .map(({ module, create, update, delete: mayDelete }) => ({ module, create, update, delete: mayDelete }));
          return (await set.run({ groupId: group.id, modules })) !== null;
        }}
        onRemove={async (ids) => {
          const wanted = new Set(ids);
          const leaving = chosen.filter(({ id }) => wanted.has(id));
          const done = (await remove.run({ groupId: group.id, modules: leaving.map(({ module }) => module) })) !== null;
          // Taken back, they return with the rights they had.
          if (done) setPrepared((before) => new Map([...before, ...leaving.map((row) => [row.module, row] as const)]));
          return done;
        }}
      />
    </>
  );
}
