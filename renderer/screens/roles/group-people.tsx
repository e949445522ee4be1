import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import type { OutputOf } from '../../../main/features/contract.ts';
import type { RolePerson } from '../../../main/features/roles/contract.ts';
import { useCommand, useQueryOperation } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { ConfirmButton, ErrorNote, type TransferColumn, TransferList } from '../../components/index.ts';
import type { RoleGroup } from './group-form.tsx';
import { OneTimePassword } from './one-time-password.tsx';

function standingOf({ administrator, enabled, hasPassword }: RolePerson): string {
  if (administrator) return '擁有全部權限';
  if (!hasPassword) return '未給密碼';
  return enabled ? '使用中' : '已停用';
}

const plain: TransferColumn<RolePerson>[] = [
  { title: '登入帳號', text: ({ accountName }) => accountName },
  { title: '姓名', text: ({ name }) => name },
  {
    title: '帳號狀態',
    text: standingOf,
    width: 104,
    render: (person) => (
      <span className={person.administrator ? undefined : person.enabled && person.hasPassword ? 'state-done' : 'muted'}>
        {standingOf(person)}
      </span>
    ),
  },
];

/** 群組人員設定 (manual §3.1.3), and the accounts of those who are in: their passwords, and whether they may sign in. */
export function GroupPeople({ group }: { group: RoleGroup }) {
  const { session } = useOffice();
  const people = useQueryOperation('roles.people', { groupId: group.id });
  const add = useCommand('roles.addMembers');
  const remove = useCommand('roles.removeMembers');
  const give = useCommand('roles.givePassword');
  const enable = useCommand('roles.setAccountEnabled');
  const [given, setGiven] = useState<OutputOf<'roles.givePassword'> | null>(null);
  const disabled = !mayUse(session, 'S0200S', 'update');

  const givePassword = async (person: RolePerson) => {
    const answer = await give.run({ accountId: person.id });
    if (answer) setGiven(answer);
  };
  const accountColumn: TransferColumn<RolePerson> = {
    title: '帳號管理',
    text: () => '',
    width: 132,
    render: (person) => {
      if (person.administrator || person.accountName === session.accountName) return null;
      if (!person.hasPassword) {
        return (
          <Button
            type="link"
            size="small"
            disabled={give.pending}
            aria-label={`給密碼 ${person.accountName}`}
            onClick={() => void givePassword(person)}
          >
            給密碼
          </Button>
        );
      }
      return (
        <span className="role-account-actions">
          <ConfirmButton
            type="link"
            size="small"
            danger={false}
            aria-label={`重設密碼 ${person.accountName}`}
            question="確定要重設密碼？"
            consequence="原來的密碼立即失效，帳號同時啟用；新的一次性密碼只顯示這一次。"
            confirmText="重設密碼"
            disabled={give.pending}
            onConfirm={() => givePassword(person)}
          >
            重設密碼
          </ConfirmButton>
          {person.enabled ? (
            <ConfirmButton
              type="link"
              size="small"
              aria-label={`停用 ${person.accountName}`}
              question="確定要停用這個帳號？"
              consequence="使用中的畫面立即登出；群組設定仍保留。"
              confirmText="停用"
              onConfirm={async () => {
                await enable.run({ accountId: person.id, enabled: false });
              }}
            >
              停用
            </ConfirmButton>
          ) : (
            <Button
              type="link"
              size="small"
              disabled={enable.pending}
              aria-label={`啟用 ${person.accountName}`}
              onClick={() => void enable.run({ accountId: person.id, enabled: true })}
            >
              啟用
            </Button>
          )}
        </span>
      );
    },
  };

  if (people.isPending) return <Skeleton active paragraph={{ rows: 6 }} />;
  return (
    <>
      <ErrorNote error={people.error ?? add.error ?? remove.error ?? give.error ?? enable.error} onRetry={() => void people.refetch()} />
      <TransferList
        available={{
          title: '待選人員',
          rows: people.data?.available ?? [],
          columns: plain,
          searchHint: '輸入帳號篩選',
          emptyText: '沒有其他人員；教師帳號由同步作業帶入',
        }}
        chosen={{
          title: `${group.name} 所屬人員`,
          rows: people.data?.chosen ?? [],
          columns: disabled ? plain : [...plain, accountColumn],
          searchHint: '輸入帳號篩選',
          emptyText: '還沒有人員，請從左邊勾選後按 →',
        }}
        unit="人"
        disabled={disabled}
        onAdd={async (ids) => (await add.run({ groupId: group.id, accountIds: [...ids] })) !== null}
        onRemove={async (ids) => (await remove.run({ groupId: group.id, accountIds: [...ids] })) !== null}
      />
      <OneTimePassword given={given} onClose={() => setGiven(null)} />
    </>
  );
}
