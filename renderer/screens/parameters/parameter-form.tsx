import { App, Button, Input, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { type NumberedParameter, numberedParameters, parameterRefusals, parameterRules } from '../../../domain/parameters.ts';
import { useCommand, useQueryOperation } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { useUnsavedChanges } from '../../app/unsaved-changes.tsx';
import { ErrorNote } from '../../components/index.ts';

type Typed = Record<NumberedParameter, string>;

/** As a number; NaN for what is none, so that it is refused and kept. */
const numberIn = (text: string): number | null => {
  const trimmed = text.normalize('NFKC').trim();
  if (trimmed === '') return null;
  return /^\d+$/.test(trimmed) ? Number(trimmed) : Number.NaN;
};
const valuesOf = (typed: Typed) =>
  Object.fromEntries(numberedParameters.map((name) => [name, numberIn(typed[name])])) as Record<NumberedParameter, number | null>;

/** 項目 數量 單位 說明, as the manual's table. Complains about a field once it was left. */
export function ParameterForm() {
  const { session } = useOffice();
  const { message } = App.useApp();
  const answer = useQueryOperation('parameters.values', {});
  const save = useCommand('parameters.save');
  /** What was typed over the stored values; kept through a refusal. */
  const [typed, setTyped] = useState<Partial<Typed>>({});
  const [left, setLeft] = useState<ReadonlySet<NumberedParameter>>(new Set());
  const may = mayUse(session, 'S0203S1', 'update');
  const stored = answer.data?.values;
  const shown = (name: NumberedParameter) => typed[name] ?? (stored?.[name] === null ? '' : String(stored?.[name] ?? ''));
  const whole = Object.fromEntries(numberedParameters.map((name) => [name, shown(name)])) as Typed;
  const changed = stored ? numberedParameters.filter((name) => numberIn(whole[name]) !== stored[name]) : [];
  const refusals = stored ? parameterRefusals(valuesOf(whole)) : {};
  useUnsavedChanges(changed.length > 0 ? `${changed.length} 項參數` : null);

  useEffect(() => {
    if (save.error) setLeft(new Set(numberedParameters));
  }, [save.error]);

  const onSave = async () => {
    setLeft(new Set(numberedParameters));
    if (Object.keys(refusals).length > 0) return;
    const saved = await save.run({ values: valuesOf(whole) });
    if (!saved) return;
    await answer.refetch();
    setTyped({});
    setLeft(new Set());
    message.success(`已儲存 ${saved.saved} 項參數`);
  };

  return (
    <section className="panel parameters" aria-label="功能參數">
      <ErrorNote error={answer.error} onRetry={() => void answer.refetch()} />
      <ErrorNote error={save.error} onClose={save.reset} />
      {answer.isPending && <Skeleton active paragraph={{ rows: 6 }} />}
      {stored && (
        <>
          <table className="plain-table parameters-table">
            <thead>
              <tr>
                <th scope="col">項目</th>
                <th scope="col">數量</th>
                <th scope="col">單位</th>
                <th scope="col">說明</th>
              </tr>
            </thead>
            <tbody>
              {numberedParameters.map((name) => {
                const { title, unit, explanation } = parameterRules[name];
                const refusal = left.has(name) ? refusals[name] : undefined;
                return (
                  <tr key={name}>
                    <th scope="row">{title}</th>
                    <td>
                      <Input
                        className="parameters-value figure"
                        aria-label={title}
                        inputMode="numeric"
                        maxLength={4}
                        disabled={!may}
                        status={refusal ? 'error' : undefined}
                        aria-invalid={refusal !== undefined}
                        aria-describedby={refusal ? `refusal-${name}` : undefined}
                        value={shown(name)}
                        onChange={(event) => setTyped((before) => ({ ...before, [name]: event.target.value }))}
                        onBlur={() => setLeft((before) => new Set(before).add(name))}
                        onPressEnter={() => void onSave()}
                      />
                    </td>
                    <td>{unit}</td>
                    <td>
                      {refusal && (
                        <span id={`refusal-${name}`} className="parameters-refusal" role="alert">
                          {refusal}{' '}
                        </span>
                      )}
                      {explanation}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
          {may && (
            <div className="parameters-buttons">
              <Button type="primary" disabled={changed.length === 0} loading={save.pending} onClick={() => void onSave()}>
                {changed.length === 0 ? '儲存' : `儲存 ${changed.length} 項參數`}
              </Button>
              {changed.length > 0 && <Button onClick={() => setTyped({})}>復原</Button>}
            </div>
          )}
        </>
      )}
    </section>
  );
}
