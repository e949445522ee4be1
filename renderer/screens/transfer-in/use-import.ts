import type { IncomingFile } from '../../../main/application/contract.ts';
import { type JobHandle, useJob } from '../../app/backend.ts';
import { useKeptState } from '../../app/kept-state.ts';
import { type Choices, conflictsOf, givenChoices } from './choices.ts';

/** 匯入設定 as typed. */
export interface ImportSettingsForm {
  md5: string;
  password: string;
  file: IncomingFile | null;
  /** Why the clerk goes on without a matching MD5; empty in the ordinary case. */
  md5WaivedReason: string;
}

interface Given {
  file: IncomingFile;
  md5: string;
  password: string;
  md5WaivedReason?: string;
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
  /** What was chosen where records are here with other content; what has no choice keeps the one that is here. */
  choices: Choices;
  choose: (choices: Choices) => void;
  /** The file as an operation asks for it; null while none is chosen. */
  given: () => Given | null;
  startCheck: () => void;
  startRun: () => void;
  /** After an import: an empty form for the next file. */
  startOver: () => void;
}

/** One file on its way in: settings, check, import. The backend checks everything again when the import starts. */
export function useImport(): Import {
  const [form, setForm] = useKeptState('transferIn.form', blank);
  const [choices, choose] = useKeptState<Choices>('transferIn.choices', {});
  const check = useJob('transferIn.preview');
  const run = useJob('transferIn.run');
  const complete = form.file !== null && form.md5.trim() !== '' && form.password !== '';

  const change = (fields: Partial<ImportSettingsForm>) => {
    setForm((before) => ({ ...before, ...fields }));
    if ('md5WaivedReason' in fields) return;
    check.reset();
    run.reset();
  };
  const given = (): Given | null => {
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
    choices,
    choose,
    given,
    startCheck: () => {
      const input = given();
      run.reset();
      if (input) void check.start(input);
    },
    startRun: () => {
      const input = given();
      const conflicts = conflictsOf(check.result?.students ?? []);
      if (input) void run.start({ ...input, choices: givenChoices(choices, conflicts) });
    },
    startOver: () => {
      if (form.file) void window.portfolio.letGo(form.file);
      check.reset();
      run.reset();
      setForm(blank);
      choose({});
    },
  };
}
