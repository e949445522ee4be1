import { App, Button, Form, Input, Modal, Popconfirm, Select } from 'antd';
import { useEffect, useState } from 'react';
import type { RoleGroupField, RoleGroupFields } from '../../../main/features/roles/contract.ts';
import { useCommand } from '../../app/backend.ts';
import { ErrorNote } from '../../components/index.ts';

export interface RoleGroup extends RoleGroupFields {
  id: string;
}

interface GroupFormProps {
  editing: RoleGroup | 'new' | null;
  onClose: () => void;
  onSaved: (group: RoleGroup) => void;
}

const untouched: RoleGroupFields = { code: '', name: '', enabled: true, remark: '' };

/** 新增記錄 / 修改記錄 (manual §3.1.1). What was typed stays until it is saved or given up; giving it up is asked about. */
export function GroupForm({ editing, onClose, onSaved }: GroupFormProps) {
  const [form] = Form.useForm<RoleGroupFields>();
  const { message } = App.useApp();
  const [touched, setTouched] = useState(false);
  const create = useCommand('roles.create');
  const update = useCommand('roles.update');
  const command = editing === 'new' ? create : update;
  const { reset: resetCreate } = create;
  const { reset: resetUpdate } = update;

  useEffect(() => {
    if (editing === null) return;
    resetCreate();
    resetUpdate();
    setTouched(false);
    form.resetFields();
    form.setFieldsValue(editing === 'new' ? untouched : editing);
  }, [editing, form, resetCreate, resetUpdate]);

  const { error } = command;
  useEffect(() => {
    if (error?.code === 'roles.refused') form.setFields([{ name: error.details.field as RoleGroupField, errors: [error.message] }]);
  }, [error, form]);

  const save = async () => {
    const typed = await form.validateFields().catch(() => null);
    if (!typed || editing === null || command.pending) return;
    const input = { ...typed, remark: typed.remark ?? '' };
    const saved =
      editing === 'new'
        ? await create.run(input)
        : await update.run({ ...input, id: editing.id }).then((answer) => answer && { ...answer, id: editing.id });
    if (!saved) return;
    message.success('已儲存角色群組');
    onSaved({ ...input, ...saved });
  };

  const cancel = touched ? (
    <Popconfirm title="放棄已輸入的內容？" okText="放棄" cancelText="繼續編輯" okButtonProps={{ danger: true }} onConfirm={onClose}>
      <Button>取消</Button>
    </Popconfirm>
  ) : (
    <Button onClick={onClose}>取消</Button>
  );

  return (
    <Modal
      title={editing === 'new' ? '新增記錄' : '修改記錄'}
      width={480}
      open={editing !== null}
      onCancel={onClose}
      keyboard={!touched}
      closable={!touched}
      mask={{ closable: false }}
      footer={
        <>
          <span className="role-form-note">*為必填項目</span>
          <Button type="primary" loading={command.pending} onClick={() => void save()}>
            提交
          </Button>
          {cancel}
        </>
      }
    >
      {error && error.code !== 'roles.refused' && <ErrorNote error={error} onClose={command.reset} />}
      <Form
        form={form}
        layout="vertical"
        requiredMark
        onValuesChange={() => setTouched(true)}
        onFinish={() => void save()}
        // Enter in a field submits.
        id="role-group-form"
      >
        <Form.Item
          name="code"
          label="角色編號"
          required
          extra="三位數字，例如 001"
          rules={[{ required: true, whitespace: true, message: '請輸入角色編號' }]}
        >
          <Input maxLength={20} autoFocus inputMode="numeric" />
        </Form.Item>
        <Form.Item name="name" label="角色名稱" rules={[{ required: true, whitespace: true, message: '請輸入角色名稱' }]}>
          <Input maxLength={50} />
        </Form.Item>
        <Form.Item name="enabled" label="是否使用" extra="選「否」時，群組人員立即失去這個群組的權限，設定仍保留">
          <Select
            options={[
              { value: true, label: '是' },
              { value: false, label: '否' },
            ]}
          />
        </Form.Item>
        <Form.Item name="remark" label="備註">
          <Input maxLength={200} />
        </Form.Item>
        <button type="submit" hidden aria-hidden tabIndex={-1}>
          提交
        </button>
      </Form>
    </Modal>
  );
}
