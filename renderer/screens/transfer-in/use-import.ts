import type { IncomingFile } from '../../../main/application/contract.ts';
import { type JobHandle, useJob } from '../../app/backend.ts';
import { useKeptState } from '../../app/kept-state.ts';

/** 匯入設定 as typed. */
export interface ImportSettingsForm {
  md5: string;
  password: string;
  file: IncomingFile | null;
  /** Why the clerk goes on without a matching MD5; empty in the ordinary case. */
  md5WaivedReason: string;
}

const blank: ImportSettingsForm = { md5: '', password: '', file: null, md5WaivedReason: '' };

export interface Import {
  form: ImportSettingsForm;
  /** Changes a field. A check made of other settings counts no more. */
  change: (fields: Partial<ImportSettingsForm>) => void;
  complete: boolean;
  busy: boolean;
  check: JobHandle<'transferIn.preview'>;
  run: JobHandle<'transferIn.run'>;
  startCheck: () => void;
  startRun: () => void;
  /** After an import: an empty form for the next file. */
  startOver: () => void;
}

/** One file on its way in: settings, check, import. The backend checks everything again when the import starts. */
export function useImport(): Import {
  const [form, setForm] = useKeptState('transferIn.form', blank);
  const check = useJob('transferIn.preview');
  const run = useJob('transferIn.run');
  const complete = form.file !== null && form.md5.trim() !== '' && form.password !== '';

  const change = (fields: Partial<ImportSettingsForm>) => {
    setForm((before) => ({ ...before, ...fields }));
    if ('md5WaivedReason' in fields) return;
    check.reset();
    run.reset();
  };
  const given = () => {
    const reason = form.md5WaivedReason.trim();
    return form.file && { file: form.file, md5: form.md5, password: form.password, ...(reason && { md5WaivedReason: reason }) };
  };

  return {
    form,
    change,
    complete,
    busy: check.running || run.running,
    check,
    run,
    startCheck: () => {
      const input = given();
      run.reset();
      if (input) void check.start(input);
    },
    startRun: () => {
      const input = given();
      if (input) void run.start(input);
    },
    startOver: () => {
      check.reset();
      run.reset();
      setForm(blank);
    },
  };
}
