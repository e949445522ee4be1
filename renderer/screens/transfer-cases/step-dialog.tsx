import { Button, Form, Input, Modal, Select } from 'antd';
import { type ReactNode, useId } from 'react';
import { taipeiDay } from '../../../domain/roc-date.ts';
import type { CallError } from '../../app/backend.ts';
import { ErrorNote, RocDateInput } from '../../components/index.ts';
import type { CaseRow } from './case-row.ts';

interface StepDialogProps {
  title: string;
  confirmText: string;
  cases: readonly CaseRow[];
  /** The command that it gives. */
  command: { pending: boolean; error: CallError | null; reset: () => void };
  /** Whether everything is filled in that must be. */
  complete: boolean;
  note?: ReactNode;
  children: ReactNode;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}

/** A step of one or many cases: whom it is about, and what is recorded of them. Mounted while it is open. */
export function StepDialog({ title, confirmText, cases, command, complete, note, children, onConfirm, onClose }: StepDialogProps) {
  const submit = async () => {
    if (complete && !command.pending) await onConfirm();
  };
  return (
    <Modal
      title={title}
      width={560}
      open
      onCancel={onClose}
      footer={[
        <Button key="close" onClick={onClose}>
          取消
        </Button>,
        <Button key="confirm" type="primary" loading={command.pending} disabled={!complete} onClick={() => void submit()}>
          {confirmText}
        </Button>,
      ]}
    >
      <p className="transfer-case-students">
        {cases.slice(0, shownNames).map(({ id, className, studentNumber, name }) => (
          <span key={id}>
            {className} <span className="figure">{studentNumber}</span> {name}
          </span>
        ))}
        {cases.length > shownNames && <span>等 {cases.length} 位學生</span>}
      </p>
      <Form layout="vertical" onSubmitCapture={() => void submit()}>
        {children}
      </Form>
      {note && <p className="transfer-case-note">{note}</p>}
      <ErrorNote error={command.error} onClose={command.reset} />
    </Modal>
  );
}

const shownNames = 6;

interface FieldProps<Value> {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
}

/** A day up to today. */
export function DayField({ label, value, onChange, min }: FieldProps<string | null> & { min?: string | undefined }) {
  const id = useId();
  return (
    <Form.Item label={label} htmlFor={id} required>
      <RocDateInput id={id} value={value} onChange={onChange} max={taipeiDay(new Date())} {...(min ? { min } : {})} />
    </Form.Item>
  );
}

interface ChoiceFieldProps<Key extends string> extends FieldProps<Key | null> {
  choices: Readonly<Record<Key, string>>;
  /** Choices that can't be made here. */
  without?: readonly Key[];
}

export function ChoiceField<Key extends string>({ label, value, onChange, choices, without = [] }: ChoiceFieldProps<Key>) {
  const id = useId();
  const options = (Object.keys(choices) as Key[])
    .filter((key) => !without.includes(key))
    .map((key) => ({ value: key, label: choices[key] }));
  return (
    <Form.Item label={label} htmlFor={id} required>
      <Select<Key> id={id} aria-label={label} value={value} options={options} onChange={onChange} placeholder="請選擇" />
    </Form.Item>
  );
}

interface TextFieldProps extends FieldProps<string> {
  required?: boolean;
  hint?: string;
  placeholder?: string;
}

export function TextField({ label, value, onChange, required = false, hint, placeholder }: TextFieldProps) {
  const id = useId();
  return (
    <Form.Item label={label} htmlFor={id} required={required} extra={hint}>
      <Input id={id} value={value} maxLength={200} placeholder={placeholder} onChange={({ target }) => onChange(target.value)} />
    </Form.Item>
  );
}
