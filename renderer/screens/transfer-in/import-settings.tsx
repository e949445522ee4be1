import { Button, Input } from 'antd';
import { type ReactNode, useId, useState } from 'react';
import { ErrorNote, FileDrop, JobProgress } from '../../components/index.ts';
import { Md5Refusal } from './md5-refusal.tsx';
import { fieldRefusedBy, type RefusedField } from './refusals.ts';
import type { Import } from './use-import.ts';

/** 匯入設定: MD5值, 壓縮檔密碼, 選擇檔案. A refusal marks its field and keeps what was typed. */
export function ImportSettings({ importing }: { importing: Import }) {
  const { form, change, busy, check, run } = importing;
  const [left, setLeft] = useState<ReadonlySet<RefusedField>>(new Set());
  const error = run.error ?? check.error;
  const refused = error && fieldRefusedBy(error.code);
  const leave = (field: RefusedField) => () => setLeft((before) => new Set([...before, field]));
  const missing = (field: RefusedField, empty: boolean, text: string) => (left.has(field) && empty ? text : undefined);

  return (
    <form
      className="transfer-in-settings"
      aria-label="匯入設定"
      onSubmit={(event) => {
        event.preventDefault();
        if (importing.complete && !busy) importing.startCheck();
      }}
    >
      <h2>匯入設定</h2>
      <Field label="MD5值" problem={missing('md5', form.md5.trim() === '', '請輸入原學校提供的 MD5 值')} refused={refused === 'md5'}>
        {(field) => (
          <Input
            {...field}
            value={form.md5}
            disabled={busy}
            className="monospace"
            placeholder="大小寫、有無連字號皆可"
            autoComplete="off"
            spellCheck={false}
            onBlur={leave('md5')}
            onChange={({ target }) => change({ md5: target.value })}
          />
        )}
      </Field>
      <Field
        label="壓縮檔密碼"
        problem={missing('password', form.password === '', '請輸入原學校提供的壓縮檔密碼')}
        refused={refused === 'password'}
      >
        {(field) => (
          <Input.Password
            {...field}
            value={form.password}
            disabled={busy}
            autoComplete="off"
            onBlur={leave('password')}
            onChange={({ target }) => change({ password: target.value })}
          />
        )}
      </Field>
      <div className={refused === 'file' ? 'transfer-in-file refused' : 'transfer-in-file'}>
        <FileDrop label="轉學檔案（.zip）" accept={['.zip']} file={form.file} disabled={busy} onFile={(file) => change({ file })} />
      </div>
      {error?.code === 'transferIn.md5Mismatch' ? (
        <Md5Refusal error={error} importing={importing} />
      ) : (
        <ErrorNote
          error={error}
          onClose={run.error ? run.reset : check.reset}
          action={
            error?.code === 'transferIn.choiceChanged' && (
              <Button size="small" onClick={importing.startCheck}>
                重新檢查
              </Button>
            )
          }
        />
      )}
      {busy ? (
        <JobProgress job={run.running ? run.job : check.job} onCancel={run.running ? run.cancel : check.cancel} />
      ) : (
        <div className="transfer-in-actions">
          <Button type={check.result ? 'default' : 'primary'} htmlType="submit" disabled={!importing.complete}>
            檢查
          </Button>
          <Button type={check.result ? 'primary' : 'default'} disabled={!check.result} onClick={importing.startRun}>
            開始匯入
          </Button>
          {!check.result && <small>檢查只讀取檔案，不會寫入任何資料；檢查後才能匯入。</small>}
        </div>
      )}
      {(run.job?.state === 'cancelled' || check.job?.state === 'cancelled') && !busy && (
        <p className="transfer-in-note">已取消，沒有留下任何未完成的資料。</p>
      )}
    </form>
  );
}

interface FieldProps {
  label: string;
  problem: string | undefined;
  refused: boolean;
  children: (field: { id: string; status?: 'error'; 'aria-invalid': boolean; 'aria-describedby'?: string }) => ReactNode;
}

function Field({ label, problem, refused, children }: FieldProps) {
  const id = useId();
  const wrong = refused || problem !== undefined;
  return (
    <div className="transfer-in-field">
      <label htmlFor={id}>
        <span aria-hidden>*</span>
        {label}
      </label>
      {children({
        id,
        'aria-invalid': wrong,
        ...(wrong && { status: 'error' as const }),
        ...(problem && { 'aria-describedby': `${id}-problem` }),
      })}
      <span id={`${id}-problem`} className="field-problem">
        {problem}
      </span>
    </div>
  );
}
