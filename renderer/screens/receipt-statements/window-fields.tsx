import { shortestConfirmation } from '../../../domain/submission.ts';
import { RocDateInput } from '../../components/index.ts';
import { type WindowDraft, windowProblem } from './rules.ts';

interface WindowFieldsProps {
  value: WindowDraft;
  onChange: (value: WindowDraft) => void;
  disabled?: boolean;
}

/** 學生確認期間: two days, checked while they are typed. */
export function WindowFields({ value, onChange, disabled = false }: WindowFieldsProps) {
  const problem = windowProblem(value);
  return (
    <fieldset className="receipt-field" disabled={disabled}>
      <legend>
        學生確認期間 <span aria-hidden>*</span>
      </legend>
      <div className="receipt-window">
        <RocDateInput
          aria-label="確認開始日期"
          disabled={disabled}
          value={value.confirmFrom}
          onChange={(confirmFrom) => onChange({ ...value, confirmFrom })}
        />
        <span>到</span>
        <RocDateInput
          aria-label="確認截止日期"
          disabled={disabled}
          value={value.confirmUntil}
          onChange={(confirmUntil) => onChange({ ...value, confirmUntil })}
        />
      </div>
      <p className={problem ? 'field-problem' : 'muted'} aria-live="polite">
        {problem ?? `含首尾至少 ${shortestConfirmation} 天；印在確認單上，截止後未繳回的列為逾期。`}
      </p>
    </fieldset>
  );
}
