import { Button, Empty, Tabs } from 'antd';
import { useState } from 'react';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import { roleGroupGrid, roleMemberGrid } from '../../../main/features/roles/contract.ts';
import { useCommand } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { ConfirmButton, DataGrid, ErrorNote, PageFrame } from '../../components/index.ts';
import { GroupForm, type RoleGroup } from './group-form.tsx';
import { GroupModules } from './group-modules.tsx';
import { GroupPeople } from './group-people.tsx';
import './roles.css';

const groupOf = (row: GridRow): RoleGroup => ({
  id: String(row.id),
  code: String(row.code),
  name: String(row.name),
  enabled: Boolean(row.enabled),
  remark: String(row.remark),
});

/** 維護角色權限 (manual §3.1): groups above; of the chosen one its people and modules beneath. */
export default function Roles() {
  const { session } = useOffice();
  const [editing, setEditing] = useState<RoleGroup | 'new' | null>(null);
  const [chosen, setChosen] = useState<RoleGroup | null>(null);
  const remove = useCommand('roles.remove');
  const may = (right: 'create' | 'update' | 'delete') => mayUse(session, 'S0200S', right);

  const actions = (row: GridRow) => (
    <span className="role-account-actions">
      {may('update') && (
        <Button type="link" size="small" aria-label={`修改 ${row.code}`} onClick={() => setEditing(groupOf(row))}>
          修改
        </Button>
      )}
      {may('delete') && (
        <ConfirmButton
          type="link"
          size="small"
          aria-label={`刪除 ${row.code}`}
          question={`確定要刪除角色群組「${row.name}」？`}
          consequence="群組人員立即失去這個群組的權限，人員與功能設定一併刪除；帳號不會刪除。"
          confirmText="刪除"
          disabled={remove.pending}
          onConfirm={async () => {
            if ((await remove.run({ id: String(row.id) })) && chosen?.id === row.id) setChosen(null);
          }}
        >
          刪除
        </ConfirmButton>
      )}
    </span>
  );

  return (
    <PageFrame
      title="維護角色權限"
      meaning="一人可在多個群組，權限合併計算；變更立即生效。學校管理者帳號固定擁有全部權限。"
      actions={
        may('create') && (
          <Button type="primary" onClick={() => setEditing('new')}>
            新增
          </Button>
        )
      }
    >
      <ErrorNote error={remove.error} onClose={remove.reset} />
      <Tabs
        className="fill-tabs"
        items={[
          {
            key: 'groups',
            label: '角色群組',
            children: (
              <div className="roles">
                <section className="role-groups" aria-label="角色群組">
                  <DataGrid
                    grid={roleGroupGrid}
                    list="roles.list"
                    workbook="roles.exportWorkbook"
                    actions={may('update') || may('delete') ? actions : undefined}
                    actionsWidth={110}
                    render={{
                      code: (row) => (
                        <Button
                          type="link"
                          size="small"
                          className="role-group-choice"
                          aria-pressed={row.id === chosen?.id}
                          aria-label={`設定 ${row.code} ${row.name}`}
                          onClick={() => setChosen(groupOf(row))}
                        >
                          <span aria-hidden>{row.id === chosen?.id ? '▾' : '+'}</span> {row.code}
                        </Button>
                      ),
                    }}
                    onRowOpen={(row) => setChosen(groupOf(row))}
                    emptyText="還沒有角色群組，請按右上角「新增」。"
                  />
                </section>
                {chosen ? (
                  <Tabs
                    className="fill-tabs role-settings"
                    key={chosen.id}
                    items={[
                      { key: 'people', label: '群組人員設定', children: <GroupPeople group={chosen} /> },
                      { key: 'modules', label: '群組功能設定', children: <GroupModules group={chosen} /> },
                    ]}
                  />
                ) : (
                  <Empty
                    className="role-settings"
                    image={Empty.PRESENTED_IMAGE_SIMPLE}
                    description="請在上面按群組的「+」，設定群組人員與功能"
                  />
                )}
              </div>
            ),
          },
          {
            key: 'members',
            label: '群組人員一覽',
            children: (
              <DataGrid
                grid={roleMemberGrid}
                list="roles.members"
                workbook="roles.exportMembers"
                emptyText="各群組都還沒有人員，請到「角色群組」選擇群組後設定。"
              />
            ),
          },
        ]}
      />
      <GroupForm
        editing={editing}
        onClose={() => setEditing(null)}
        onSaved={(group) => {
          setEditing(null);
          // A new group goes on to its people and modules; a changed one is renamed where it is shown.
          if (editing === 'new' || chosen?.id === group.id) setChosen(group);
        }}
      />
    </PageFrame>
  );
}
