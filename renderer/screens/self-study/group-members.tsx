import { Empty, Skeleton } from 'antd';
import { useCommand, useQueryOperation } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { ErrorNote, type TransferColumn, TransferList } from '../../components/index.ts';

interface Teacher {
  id: string;
  name: string;
}
const columns: TransferColumn<Teacher>[] = [{ title: '教職員姓名', text: ({ name }) => name }];

/** 可選教職員 and 已選教職員 of the chosen group. */
export function GroupMembers({ group }: { group: { id: string; name: string } | null }) {
  const { session } = useOffice();
  const members = useQueryOperation('selfStudy.members', { groupId: group?.id ?? '' }, { enabled: group !== null });
  const change = useCommand('selfStudy.changeMembers');
  if (!group) {
    return (
      <div className="self-study-members">
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="請在左邊的清單選擇或新增一個名稱" />
      </div>
    );
  }
  const move = async (add: readonly string[], remove: readonly string[]) =>
    (await change.run({ groupId: group.id, add: [...add], remove: [...remove] })) !== null;
  return (
    <section className="self-study-members" aria-label={`${group.name}的教職員`}>
      <ErrorNote error={members.error ?? change.error} onRetry={() => void members.refetch()} />
      {members.isPending && <Skeleton active paragraph={{ rows: 8 }} />}
      {members.data && (
        <TransferList
          key={group.id}
          available={{ title: '可選教職員', rows: members.data.available, columns, emptyText: '教職員都已經選了' }}
          chosen={{ title: `${group.name} 已選教職員`, rows: members.data.chosen, columns, emptyText: '還沒有選教職員' }}
          unit="人"
          disabled={!mayUse(session, 'S0301S', 'update')}
          onAdd={(ids) => move(ids, [])}
          onRemove={(ids) => move([], ids)}
        />
      )}
    </section>
  );
}
