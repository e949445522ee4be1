import { AutoComplete, Input, Radio, Select } from 'antd';
import { type ReactNode, useId, useState } from 'react';
import type { OutputOf } from '../../../main/features/contract.ts';
import { RocDateInput } from '../../components/index.ts';
import { problemsOf, type SlipField, type SlipForm } from './selection.ts';

interface SelectionFieldsProps {
  form: SlipForm;
  settings: OutputOf<'slips.form'>;
  onChange: (fields: Partial<SlipForm>) => void;
}

const gradeNames = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];

/** *年級, 班級代碼 ~, 學號 ~, 本學年度, *繳交截止日期, in the manual's order and words. */
export function SelectionFields({ form, settings, onChange }: SelectionFieldsProps) {
  const [left, setLeft] = useState<ReadonlySet<SlipField>>(new Set());
  const problems = problemsOf(form);
  const complaint = (field: SlipField) => (left.has(field) ? problems[field] : undefined);
  const leave = (field: SlipField) => () => setLeft((before) => new Set([...before, field]));
  const classes = settings.classes
    .filter((section) => form.grade === null || section.grade === form.grade)
    .map((section) => ({ value: section.code, label: `${section.code} ${section.name}（${section.students} 人）` }));
  const classRange = (label: string, value: string, field: 'classFrom' | 'classTo', wrong: boolean) => (
    <AutoComplete
      aria-label={label}
      value={value}
      options={classes}
      status={wrong ? 'error' : undefined}
      allowClear
      popupMatchSelectWidth={220}
      showSearch={{ filterOption: (typed, option) => String(option?.label ?? '').includes(typed) }}
      onBlur={leave('classTo')}
      onChange={(code: string | undefined) => onChange({ [field]: code ?? '' })}
    />
  );

  return (
    <>
      <div className="slips-row">
        <Field label="年級" required problem={complaint('grade')}>
          {(id) => (
            <Select
              id={id}
              value={form.grade}
              placeholder="請選擇"
              status={complaint('grade') ? 'error' : undefined}
              options={settings.grades.map((grade) => ({ value: grade, label: `${gradeNames[grade - 1] ?? grade}年級` }))}
              onBlur={leave('grade')}
              onChange={(grade: number) => onChange({ grade, classFrom: '', classTo: '' })}
            />
          )}
        </Field>
        <Field label="繳交截止日期" required problem={undefined}>
          {(id) => <RocDateInput id={id} value={form.dueDate} onChange={(dueDate) => onChange({ dueDate })} />}
        </Field>
      </div>
      <div className="slips-row">
        <Range label="班級代碼" problem={complaint('classTo')}>
          {classRange('班級代碼起', form.classFrom, 'classFrom', false)}
          {classRange('班級代碼迄', form.classTo, 'classTo', complaint('classTo') !== undefined)}
        </Range>
        <Range label="學號" problem={complaint('numberTo')}>
          <Input
            aria-label="學號起"
            value={form.numberFrom}
            maxLength={20}
            onBlur={leave('numberTo')}
            onChange={({ target }) => onChange({ numberFrom: target.value })}
          />
          <Input
            aria-label="學號迄"
            value={form.numberTo}
            maxLength={20}
            status={complaint('numberTo') ? 'error' : undefined}
            onBlur={leave('numberTo')}
            onChange={({ target }) => onChange({ numberTo: target.value })}
          />
        </Range>
      </div>
      <fieldset className="slips-year">
        <legend>本學年度</legend>
        <Radio.Group
          vertical
          value={form.currentYear}
          onChange={({ target }) => onChange({ currentYear: target.value as boolean })}
          options={[
            { value: true, label: '是(列印本學年度及歷史資料)' },
            { value: false, label: '否(列印學年度歷史資料，供勾選及提交上學年度資料確認使用)' },
          ]}
        />
      </fieldset>
    </>
  );
}

interface FieldProps {
  label: string;
  required?: boolean;
  problem: string | undefined;
  children: (id: string) => ReactNode;
}

function Field({ label, required, problem, children }: FieldProps) {
  const id = useId();
  return (
    <div className="slips-field">
      <label htmlFor={id}>
        {required && <span aria-hidden>*</span>}
        {label}
      </label>
      {children(id)}
      <span className="field-problem">{problem}</span>
    </div>
  );
}

/** Two ends of a range, both included; a blank one is open. */
function Range({ label, problem, children }: { label: string; problem: string | undefined; children: [ReactNode, ReactNode] }) {
  return (
    <fieldset className="slips-range">
      <legend>{label}</legend>
      {children[0]}
      <span aria-hidden>~</span>
      {children[1]}
      <span className="field-problem">{problem}</span>
    </fieldset>
  );
}
