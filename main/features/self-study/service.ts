import { randomUUID } from 'node:crypto';
import type { Sqlite } from '../../../db/connection.ts';
import type { GridSource } from '../../../db/grid-query.ts';
import type { CertifierGroupKind } from '../../../domain/office-settings.ts';
import type { FeatureServices } from '../../application/foundation.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { Handlers } from '../../application/router.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { OfficeRecords } from '../sync/service.ts';
import { type CertificationStage, certifierGrid, type selfStudy } from './contract.ts';

const source: GridSource = {
  from: `certifier_groups g left join certifier_group_members m on m.certifier_group_id = g.id left join teachers t on t.id = m.teacher_id`,
  where: 'g.deleted_at is null',
  columns: {
    id: "g.id || ' ' || coalesce(t.id, '')",
    kind: 'g.kind',
    groupName: 'g.name',
    teacherName: 't.name',
    email: 't.email',
  },
  sortBy: { kind: 'g.kind, g.name', groupName: 'g.name, t.name' },
  tieBreaker: 'g.name, t.name, t.id, g.id',
};

interface StoredStage extends CertificationStage {
  id: string;
  position: number;
}

function readStages(sqlite: Sqlite): StoredStage[] {
  return sqlite
    .prepare(
      'select id, position, kind, certifier_group_id as certifierGroupId from certification_stages where deleted_at is null order by position, id',
    )
    .all() as StoredStage[];
}

const sameStage = (a: CertificationStage, b: CertificationStage) => a.kind === b.kind && a.certifierGroupId === b.certifierGroupId;

/** 自主學習 (manual §3.13). */
export function selfStudyHandlers({ foundation, connection: { sqlite }, sync, changed }: FeatureServices): Handlers<typeof selfStudy> {
  const groupOf = (records: OfficeRecords, id: string) => {
    const record = records.read('certifier-groups', id);
    if (!record) throw new ApplicationError('selfStudy.groupUnknown', '這個群組已經不在了，請重新整理後再試。', { id });
    const { version: _version, deleted: _deleted, ...draft } = record;
    return draft;
  };
  const refuseTaken = (kind: CertifierGroupKind, name: string, but: string | null) => {
    const taken = sqlite
      .prepare('select 1 from certifier_groups where kind = ? and name = ? and id is not ? and deleted_at is null')
      .pluck()
      .get(kind, name, but);
    if (taken !== undefined) throw new ApplicationError('selfStudy.nameTaken', `已經有「${name}」了，請換一個名稱。`, { field: 'name' });
  };

  return {
    ...gridHandlers(foundation, certifierGrid, () => source),
    groups: ({ kind }) => ({
      groups: sqlite
        .prepare(
          `select g.id, g.name, (select count(*) from certifier_group_members m where m.certifier_group_id = g.id) as members,
             (select min(s.position) from certification_stages s where s.certifier_group_id = g.id and s.deleted_at is null) as stage
           from certifier_groups g where g.kind = ? and g.deleted_at is null order by g.name, g.id`,
        )
        .all(kind) as { id: string; name: string; members: number; stage: number | null }[],
    }),
    members: ({ groupId }) => {
      const rows = sqlite
        .prepare(
          `select t.id, t.name, m.teacher_id is not null as chosen from teachers t
           left join certifier_group_members m on m.teacher_id = t.id and m.certifier_group_id = ?
           where t.deleted_at is null and (t.active = 1 or m.teacher_id is not null) order by t.name, t.id`,
        )
        .all(groupId) as { id: string; name: string; chosen: number }[];
      const plain = ({ id, name }: { id: string; name: string }) => ({ id, name });
      return {
        available: rows.filter(({ chosen }) => chosen === 0).map(plain),
        chosen: rows.filter(({ chosen }) => chosen === 1).map(plain),
      };
    },
    createGroup: async ({ kind, name }, { accountName }) => {
      const id = randomUUID();
      await sync.changeShared(accountName, (records) => {
        refuseTaken(kind, name, null);
        records.save('certifier-groups', { id, kind, name, teacherIds: [] });
      });
      changed('selfStudy');
      return { id };
    },
    renameGroup: async ({ id, name }, { accountName }) => {
      await sync.changeShared(accountName, (records) => {
        const group = groupOf(records, id);
        refuseTaken(group.kind, name, id);
        records.save('certifier-groups', { ...group, name });
      });
      changed('selfStudy');
      return { done: true };
    },
    removeGroup: async ({ id }, { accountName }) => {
      await sync.changeShared(accountName, (records) => {
        groupOf(records, id);
        const stage = readStages(sqlite).find(({ certifierGroupId }) => certifierGroupId === id);
        if (stage) {
          throw new ApplicationError(
            'selfStudy.groupInUse',
            `這個群組是認證順序的第 ${stage.position} 階段，請先到「設定認證順序」移除這個階段，再刪除群組。`,
            { stage: stage.position },
          );
        }
        records.remove('certifier-groups', id);
      });
      changed('selfStudy');
      return { done: true };
    },
    changeMembers: async ({ groupId, add, remove }, { accountName }) => {
      await sync.changeShared(accountName, (records) => {
        const group = groupOf(records, groupId);
        const out = new Set(remove);
        const teacherIds = [...new Set([...group.teacherIds, ...add])].filter((id) => !out.has(id));
        records.save('certifier-groups', { ...group, teacherIds });
      });
      changed('selfStudy');
      return { done: true };
    },
    order: () => ({ stages: readStages(sqlite).map(({ kind, certifierGroupId }) => ({ kind, certifierGroupId })) }),
    saveOrder: async (input, { accountName }) => {
      // Only a stage of 自訂 has a group.
      const stages = input.stages.map(({ kind, certifierGroupId }) => ({
        kind,
        certifierGroupId: kind === 'customGroup' ? certifierGroupId : null,
      }));
      if (stages.length === 0)
        throw new ApplicationError('selfStudy.noStage', '至少要有一個認證階段，否則學生的自主學習計畫沒有人可以認證。');
      const twice = stages.find((stage, index) => stages.findIndex((other) => sameStage(stage, other)) < index);
      if (twice) throw new ApplicationError('selfStudy.stageTwice', '同一個認證身分只能設定一個階段，請移除重複的階段。', { ...twice });
      const emptyGroups = await sync.changeShared(accountName, (records) => {
        const empty: string[] = [];
        for (const { kind, certifierGroupId } of stages) {
          if (kind !== 'customGroup') continue;
          const group = groupOf(records, certifierGroupId ?? '');
          if (group.teacherIds.length === 0) empty.push(group.name);
        }
        const before = readStages(sqlite);
        for (const stage of before) if (!stages.some((each) => sameStage(each, stage))) records.remove('certification-stages', stage.id);
        stages.forEach((stage, index) => {
          const known = before.find((each) => sameStage(each, stage));
          if (known?.position === index + 1) return;
          records.save('certification-stages', { id: known?.id ?? randomUUID(), position: index + 1, ...stage });
        });
        return empty;
      });
      changed('selfStudy');
      return { stages: stages.length, emptyGroups };
    },
  };
}
