import { PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { deputyGrid } from '../../../main/features/certification/contract.ts';
import { useCommand } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { ConfirmButton, DataGrid, ErrorNote } from '../../components/index.ts';
import { DeputyForm, type EditedDeputy } from './deputy-form.tsx';

/** 代理認證教師: who certifies for a teacher who is away, for a period. */
export function Deputies() {
  const { session } = useOffice();
  const [editing, setEditing] = useState<EditedDeputy | 'new' | null>(null);
  const remove = useCommand('certification.removeDeputy');
  const may = {
    create: mayUse(session, 'S0216S', 'create'),
    update: mayUse(session, 'S0216S', 'update'),
    delete: mayUse(session, 'S0216S', 'delete'),
  };
  const add = may.create && (
    <Button icon={<PlusOutlined />} onClick={() => setEditing('new')}>
      新增代理
    </Button>
  );
  return (
    <>
      <p className="certification-note">
        依規定，學習成果的認證要有代理人。教師請假期間，由代理教師登入認證他的學生的學習成果；期間過了自動恢復。
      </p>
      <ErrorNote error={remove.error} onClose={remove.reset} />
      <DataGrid
        grid={deputyGrid}
        list="certification.deputies"
        workbook="certification.exportDeputies"
        toolbar={add}
        emptyText="還沒有設定代理認證教師。教師請假時，按「新增代理」指定由誰認證。"
        actionsWidth={120}
        actions={(row) => (
          <>
            {may.update && (
              <Button
                type="link"
                size="small"
                onClick={() =>
                  setEditing({
                    id: String(row.id),
                    teacherName: String(row.teacherName),
                    deputyName: String(row.deputyName),
                    teacherId: String(row.teacherId),
                    deputyId: String(row.deputyId),
                    startsOn: String(row.startsOn),
                    endsOn: String(row.endsOn),
                    reason: String(row.reason),
                  })
                }
              >
                修改
              </Button>
            )}
            {may.delete && (
              <ConfirmButton
                type="link"
                size="small"
                question="確定要刪除這筆代理？"
                consequence="刪除後，代理教師就不能再認證這位教師的學習成果。"
                confirmText="刪除代理"
                onConfirm={async () => {
                  await remove.run({ id: String(row.id) });
                }}
              >
                刪除
              </ConfirmButton>
            )}
          </>
        )}
      />
      <DeputyForm editing={editing} onClose={() => setEditing(null)} />
    </>
  );
}
