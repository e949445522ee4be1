import { App, Button, Form, Input, Modal, Select } from 'antd';
import { useEffect } from 'react';
import { useCommand, useQueryOperation } from '../../app/backend.ts';
import { ErrorNote, RocDateInput } from '../../components/index.ts';

export interface EditedDeputy {
  id: string;
  teacherName: string;
  deputyName: string;
  teacherId: string;
  deputyId: string;
  startsOn: string;
  endsOn: string;
  reason: string;
}
type Typed = { [Key in Exclude<keyof EditedDeputy, 'id' | 'teacherName' | 'deputyName'>]: string | null };
interface Refusal {
  field: keyof Typed;
  message: string;
}

const empty: Typed = { teacherId: null, deputyId: null, startsOn: null, endsOn: null, reason: '' };
const required = (message: string) => [{ required: true, message }];

/** 新增 or 修改 a deputy; a refusal keeps what was typed and marks its field. */
export function DeputyForm({ editing, onClose }: { editing: EditedDeputy | 'new' | null; onClose: () => void }) {
  const [form] = Form.useForm<Typed>();
  const { message } = App.useApp();
  const create = useCommand('certification.createDeputy');
  const update = useCommand('certification.updateDeputy');
  const options = useQueryOperation('certification.teacherOptions', {}, { enabled: editing !== null }).data?.teachers ?? [];
  const command = editing === 'new' ? create : update;
  const { error } = command;
  const { reset: resetCreate } = create;
  const { reset: resetUpdate } = update;

  useEffect(() => {
    if (editing === null) return;
    resetCreate();
    resetUpdate();
    form.resetFields();
    form.setFieldsValue(editing === 'new' ? empty : editing);
  }, [editing, form, resetCreate, resetUpdate]);
  useEffect(() => {
    if (error?.code !== 'certification.deputyRefused') return;
    form.setFields((error.details.refusals as Refusal[]).map(({ field, message: text }) => ({ name: field, errors: [text] })));
  }, [error, form]);

  const save = async () => {
    const typed = await form.validateFields().catch(() => null);
    if (!typed || editing === null) return;
    const { teacherId, deputyId, startsOn, endsOn, reason } = typed;
    if (!teacherId || !deputyId || !startsOn || !endsOn) return;
    const input = { teacherId, deputyId, startsOn, endsOn, reason: reason ?? '' };
    const saved = editing === 'new' ? await create.run(input) : await update.run({ ...input, id: editing.id });
    if (!saved) return;
    message.success('已儲存代理認證教師');
    for (const warning of saved.warnings) message.warning(warning);
    onClose();
  };
  // Who has left since is no option any more, but the record that is changed still names him.
  const named =
    editing === null || editing === 'new'
      ? []
      : [
          { id: editing.teacherId, name: editing.teacherName },
          { id: editing.deputyId, name: editing.deputyName },
        ].filter(({ id }) => !options.some((option) => option.id === id));
  const teachers = [...options, ...named].map(({ id, name }) => ({ value: id, label: name }));
  const search = { optionFilterProp: 'label' } as const;

  return (
    <Modal
      title={editing === 'new' ? '新增代理認證教師' : '修改代理認證教師'}
      open={editing !== null}
      onCancel={onClose}
      mask={{ closable: false }}
      footer={
        <>
          <Button onClick={onClose}>取消</Button>
          <Button type="primary" loading={command.pending} onClick={() => void save()}>
            儲存代理
          </Button>
        </>
      }
    >
      {error && error.code !== 'certification.deputyRefused' && <ErrorNote error={error} onClose={command.reset} />}
      <Form form={form} layout="vertical" initialValues={empty}>
        <Form.Item name="teacherId" label="請假的教師" rules={required('請選擇請假的教師')}>
          <Select showSearch={search} options={teachers} placeholder="輸入姓名尋找" />
        </Form.Item>
        <Form.Item name="deputyId" label="代理教師" rules={required('請選擇代理教師')}>
          <Select showSearch={search} options={teachers} placeholder="輸入姓名尋找" />
        </Form.Item>
        <div className="certification-dates">
          <Form.Item name="startsOn" label="開始日期" rules={required('請輸入開始日期')}>
            <RocDateInput />
          </Form.Item>
          <Form.Item name="endsOn" label="結束日期" rules={required('請輸入結束日期')}>
            <RocDateInput />
          </Form.Item>
        </div>
        <Form.Item name="reason" label="事由" rules={required('請輸入事由，例如公假、產假')}>
          <Input maxLength={200} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
