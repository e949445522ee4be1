import { useState } from 'react';
import type { OutputOf } from '../../../main/features/contract.ts';
import { useJob } from '../../app/backend.ts';
import { useKeptState } from '../../app/kept-state.ts';
import { PrintBar } from './print-bar.tsx';
import { RemarksField } from './remarks-field.tsx';
import { type SlipForm, selectionOf } from './selection.ts';
import { SelectionFields } from './selection-fields.tsx';
import { SlipPreview } from './slip-preview.tsx';

/** The form on the left, the page as it will be printed on the right. */
export function SlipDesk({ settings }: { settings: OutputOf<'slips.form'> }) {
  const [form, setForm] = useKeptState<SlipForm>('slips.form', {
    grade: settings.grades.length === 1 ? (settings.grades[0] ?? null) : null,
    classFrom: '',
    classTo: '',
    numberFrom: '',
    numberTo: '',
    currentYear: true,
    dueDate: null,
    remarks: settings.remarks,
  });
  const preview = useJob('slips.preview');
  const [previewed, setPreviewed] = useState('');
  const change = (fields: Partial<SlipForm>) => setForm((before) => ({ ...before, ...fields }));
  const selection = selectionOf(form);
  const shown = JSON.stringify(selection);

  const showPreview = () => {
    if (!selection) return;
    setPreviewed(shown);
    void preview.start(selection);
  };

  return (
    <div className="slips-desk">
      <div className="slips-form">
        <div className="slips-fields">
          <SelectionFields form={form} settings={settings} onChange={change} />
          <RemarksField
            remarks={form.remarks}
            kept={settings.remarks}
            defaultRemarks={settings.defaultRemarks}
            onChange={(remarks) => change({ remarks })}
          />
        </div>
        <PrintBar selection={selection} />
      </div>
      <SlipPreview preview={preview} selection={selection} outdated={previewed !== shown} onShow={showPreview} />
    </div>
  );
}
