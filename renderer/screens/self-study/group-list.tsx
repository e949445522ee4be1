import { DeleteOutlined, EditOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input, Modal, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { type CertifierGroupKind, certifierGroupKindNames } from '../../../domain/office-settings.ts';
import { useCommand, useQueryOperation } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { ConfirmButton, ErrorNote } from '../../components/index.ts';

interface Group {
  id: string;
  name: string;
}

interface GroupListProps {
  kind: CertifierGroupKind;
  chosen: string | null;
  onChoose: (group: Group | null) => void;
}

/** 學科清單 or 自訂群組清單: choose one, make, rename and delete them. */
export function GroupList({ kind, chosen, onChoose }: GroupListProps) {
  const { session } = useOffice();
  const answer = useQueryOperation('selfStudy.groups', { kind });
  const remove = useCommand('selfStudy.removeGroup');
  const [editing, setEditing] = useState<Group | 'new' | null>(null);
  const title = `${certifierGroupKindNames[kind]}清單`;
  const groups = answer.data?.groups ?? [];
  const may = {
    create: mayUse(session, 'S0301S', 'create'),
    update: mayUse(session, 'S0301S', 'update'),
    delete: mayUse(session, 'S0301S', 'delete'),
  };
  return (
    <section className="self-study-groups" aria-label={title}>
      <div className="self-study-head">
        <h2>{title}</h2>
        {may.create && (
          <Button size="small" icon={<PlusOutlined />} onClick={() => setEditing('new')}>
            新增
          </Button>
        )}
      </div>
      <ErrorNote error={answer.error} onRetry={() => void answer.refetch()} />
      <ErrorNote
        error={remove.error}
        onClose={remove.reset}
        action={remove.error?.code === 'selfStudy.groupInUse' ? <Link href="/self-study/order">到設定認證順序</Link> : undefined}
      />
      {answer.isPending && <Skeleton active title={false} paragraph={{ rows: 6 }} />}
      {answer.data && groups.length === 0 && <p className="panel-empty">還沒有{certifierGroupKindNames[kind]}，請按「新增」。</p>}
      <ul>
        {groups.map((group) => (
          <li key={group.id} className={group.id === chosen ? 'self-study-chosen' : undefined}>
            <button type="button" className="self-study-group" aria-pressed={group.id === chosen} onClick={() => onChoose(group)}>
              <span>{group.name}</span>
              <span className="muted">
                {group.members} 人{group.stage !== null && `・認證順序第 ${group.stage} 階段`}
              </span>
            </button>
            {may.update && (
              <Button
                type="text"
                size="small"
                aria-label={`修改 ${group.name}`}
                icon={<EditOutlined />}
                onClick={() => setEditing(group)}
              />
            )}
            {may.delete && (
              <ConfirmButton
                type="text"
                size="small"
                aria-label={`刪除 ${group.name}`}
                icon={<DeleteOutlined />}
                question={`確定要刪除「${group.name}」？`}
                consequence="群組裡的教職員設定會一起刪除。"
                confirmText="刪除"
                onConfirm={async () => {
                  if ((await remove.run({ id: group.id })) && group.id === chosen) onChoose(null);
                }}
              />
            )}
          </li>
        ))}
      </ul>
      <GroupForm kind={kind} editing={editing} onClose={() => setEditing(null)} onMade={onChoose} />
    </section>
  );
}

interface GroupFormProps {
  kind: CertifierGroupKind;
  editing: Group | 'new' | null;
  onClose: () => void;
  onMade: (group: Group) => void;
}

function GroupForm({ kind, editing, onClose, onMade }: GroupFormProps) {
  const [form] = Form.useForm<{ name: string }>();
  const create = useCommand('selfStudy.createGroup');
  const rename = useCommand('selfStudy.renameGroup');
  const { error } = editing === 'new' ? create : rename;
  const { reset: resetCreate } = create;
  const { reset: resetRename } = rename;
  useEffect(() => {
    if (editing === null) return;
    resetCreate();
    resetRename();
    form.resetFields();
    form.setFieldsValue({ name: editing === 'new' ? '' : editing.name });
  }, [editing, form, resetCreate, resetRename]);
  useEffect(() => {
    if (error) form.setFields([{ name: 'name', errors: [error.message] }]);
  }, [error, form]);

  const save = async () => {
    const typed = await form.validateFields().catch(() => null);
    if (!typed || editing === null) return;
    const name = typed.name.trim();
    if (editing === 'new') {
      const made = await create.run({ kind, name });
      if (!made) return;
      onMade({ id: made.id, name });
    } else {
      if (!(await rename.run({ id: editing.id, name }))) return;
      onMade({ id: editing.id, name });
    }
    onClose();
  };
  return (
    <Modal
      title={editing === 'new' ? '新增記錄' : '修改記錄'}
      open={editing !== null}
      onCancel={onClose}
      mask={{ closable: false }}
      footer={
        <>
          <Button onClick={onClose}>取消</Button>
          <Button type="primary" loading={create.pending || rename.pending} onClick={() => void save()}>
            提交
          </Button>
        </>
      }
    >
      <Form form={form} layout="vertical" onFinish={() => void save()}>
        <Form.Item name="name" label="名稱" rules={[{ required: true, whitespace: true, message: '請輸入名稱' }]}>
          <Input maxLength={50} placeholder={kind === 'subject' ? '例如：國文' : '例如：圖書館審核'} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
