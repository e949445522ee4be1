import { App, Button, Form, InputNumber, Modal, Select } from 'antd';
import { useEffect, useState } from 'react';
import { type OperationWindowItem, operationWindowItemNames, operationWindowSemesters } from '../../../domain/office-settings.ts';
import { cityKindOf, closesAt, opensAt, type WindowRefusal } from '../../../domain/operation-window.ts';
import { formatRocDateTime, formatRocDay } from '../../../domain/roc-date.ts';
import type { OutputOf } from '../../../main/features/contract.ts';
import type { ScheduledWindow } from '../../../main/features/schedule/contract.ts';
import { useCommand } from '../../app/backend.ts';
import { useViewedTerm } from '../../app/viewed-term.tsx';
import { ErrorNote, RocDateInput } from '../../components/index.ts';

interface WindowFormProps {
  editing: ScheduledWindow | 'new' | null;
  city: OutputOf<'schedule.overview'>['city'];
  onClose: () => void;
}

interface Typed {
  academicYear: number;
  semester: number;
  item: OperationWindowItem;
  startsOn: string | null;
  startHour: number;
  endsOn: string | null;
  endHour: number;
}

const hours = Array.from({ length: 24 }, (_, hour) => ({ value: hour, label: String(hour).padStart(2, '0') }));
const items = Object.entries(operationWindowItemNames).map(([value, label]) => ({ value, label }));

/** 新增記錄 / 修改記錄 (manual §3.7). What was typed stays until it is saved or given up. */
export function WindowForm({ editing, city, onClose }: WindowFormProps) {
  const [form] = Form.useForm<Typed>();
  const { message } = App.useApp();
  const { term } = useViewedTerm();
  const create = useCommand('schedule.create');
  const update = useCommand('schedule.update');
  const [warnings, setWarnings] = useState<string[] | null>(null);
  const typed = Form.useWatch([], form) as Typed | undefined;
  const command = editing === 'new' ? create : update;
  const { reset: resetCreate } = create;
  const { reset: resetUpdate } = update;

  useEffect(() => {
    if (editing === null) return;
    setWarnings(null);
    resetCreate();
    resetUpdate();
    form.setFieldsValue(
      editing === 'new'
        ? {
            academicYear: term.academicYear,
            semester: term.semester,
            item: 'studentUpload',
            startsOn: null,
            startHour: 0,
            endsOn: null,
            endHour: 23,
          }
        : editing,
    );
    form.setFields([]);
  }, [editing, term, form, resetCreate, resetUpdate]);

  const save = async (confirmed: boolean) => {
    const values = await form.validateFields().catch(() => null);
    if (!values?.startsOn || !values.endsOn || editing === null) return;
    const input = { ...values, startsOn: values.startsOn, endsOn: values.endsOn, confirmed };
    const saved = editing === 'new' ? await create.run(input) : await update.run({ ...input, id: editing.id });
    if (!saved) return;
    message.success('已儲存作業時間');
    onClose();
  };

  const error = command.error;
  useEffect(() => {
    if (error?.code === 'schedule.confirm') setWarnings(error.details.warnings as string[]);
    if (error?.code !== 'schedule.refused') return;
    form.setFields((error.details.refusals as WindowRefusal[]).map(({ field, message: text }) => ({ name: field, errors: [text] })));
  }, [error, form]);

  const kind = typed?.item && cityKindOf(typed.item);
  const bounds = city.find((window) => window.kind === kind && window.academicYear === typed?.academicYear);
  const whole =
    typed?.startsOn && typed.endsOn && typed.startHour !== undefined && typed.endHour !== undefined
      ? `${formatRocDateTime(opensAt({ startsOn: typed.startsOn, startHour: typed.startHour }).toISOString())} ~ ${formatRocDateTime(
          closesAt({ endsOn: typed.endsOn, endHour: typed.endHour }).toISOString(),
        )}`
      : null;

  return (
    <>
      <Modal
        title={editing === 'new' ? '新增記錄' : '修改記錄'}
        open={editing !== null}
        onCancel={onClose}
        mask={{ closable: false }}
        footer={
          <>
            <Button onClick={onClose}>取消</Button>
            <Button type="primary" loading={command.pending} onClick={() => void save(false)}>
              提交
            </Button>
          </>
        }
      >
        {error && error.code !== 'schedule.refused' && error.code !== 'schedule.confirm' && (
          <ErrorNote error={error} onClose={command.reset} />
        )}
        <Form form={form} layout="vertical" requiredMark className="schedule-form">
          <div className="schedule-form-row">
            <Form.Item name="academicYear" label="學年" rules={[{ required: true, message: '請輸入學年' }]}>
              <InputNumber min={80} max={200} precision={0} />
            </Form.Item>
            <Form.Item name="semester" label="學期" rules={[{ required: true }]}>
              <Select
                options={(typed?.item ? operationWindowSemesters[typed.item] : [0, 1, 2]).map((semester) => ({
                  value: semester,
                  label: String(semester),
                }))}
              />
            </Form.Item>
          </div>
          <Form.Item name="item" label="項目" rules={[{ required: true }]}>
            <Select
              options={items}
              onChange={(item: OperationWindowItem) => {
                const allowed = operationWindowSemesters[item];
                if (!allowed.includes(form.getFieldValue('semester')))
                  form.setFieldValue('semester', allowed.includes(term.semester) ? term.semester : allowed[0]);
              }}
            />
          </Form.Item>
          <p className="schedule-hint">
            {bounds
              ? `市級系統期限：${formatRocDay(bounds.startsOn)} ~ ${formatRocDay(bounds.endsOn)}`
              : '市級系統還沒有公布這個學年度的期限'}
          </p>
          <div className="schedule-form-row">
            <Form.Item name="startsOn" label="開始日期" rules={[{ required: true, message: '請輸入開始日期' }]}>
              <RocDateInput />
            </Form.Item>
            <Form.Item name="startHour" label="開始時間(時)" rules={[{ required: true }]}>
              <Select options={hours} />
            </Form.Item>
          </div>
          <div className="schedule-form-row">
            <Form.Item name="endsOn" label="結束日期" rules={[{ required: true, message: '請輸入結束日期' }]}>
              <RocDateInput />
            </Form.Item>
            <Form.Item name="endHour" label="結束時間(時)" rules={[{ required: true }]}>
              <Select options={hours} />
            </Form.Item>
          </div>
          <p className="schedule-hint" aria-live="polite">
            {whole && `開放時間：${whole}`}
          </p>
        </Form>
      </Modal>
      <Modal
        title="請確認作業時間"
        open={editing !== null && warnings !== null}
        onCancel={() => setWarnings(null)}
        footer={
          <>
            <Button onClick={() => setWarnings(null)}>回去修改</Button>
            <Button
              type="primary"
              onClick={() => {
                setWarnings(null);
                void save(true);
              }}
            >
              仍要儲存
            </Button>
          </>
        }
      >
        <ul className="schedule-warnings">
          {warnings?.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      </Modal>
    </>
  );
}
