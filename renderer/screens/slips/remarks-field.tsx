import { Button, Input } from 'antd';
import { useId } from 'react';
import { layoutRemarks, remarkLimits, remarkWidth } from '../../../domain/slip-remarks.ts';
import { useCommand } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { ErrorNote } from '../../components/index.ts';

interface RemarksFieldProps {
  remarks: string;
  /** As the office keeps them now. */
  kept: string;
  defaultRemarks: string;
  onChange: (remarks: string) => void;
}

/** 備註說明: counted while typing by the very layout that the page prints, kept by 儲存備註, put back by 回復預設. */
export function RemarksField({ remarks, kept, defaultRemarks, onChange }: RemarksFieldProps) {
  const id = useId();
  const save = useCommand('slips.saveRemarks');
  const maySave = mayUse(useOffice().session, 'S0222S', 'update');
  const lines = layoutRemarks(remarks);
  const widest = Math.max(0, ...lines.map(remarkWidth));
  const tooLong = lines.length > remarkLimits.lines;
  const changed = remarks !== kept;

  return (
    <div className="slips-field slips-remarks">
      <label htmlFor={id}>備註說明</label>
      <Input.TextArea
        id={id}
        value={remarks}
        rows={6}
        maxLength={2000}
        status={tooLong ? 'error' : undefined}
        aria-invalid={tooLong}
        aria-describedby={`${id}-hint ${id}-count`}
        onChange={({ target }) => onChange(target.value)}
      />
      <p id={`${id}-count`} className={tooLong ? 'slips-count too-long' : 'slips-count'} aria-live="polite">
        <span className="figure">
          行 {lines.length}/{remarkLimits.lines}
        </span>
        <span className="figure">
          最長一行 {widest}/{remarkLimits.lineWidth} 字
        </span>
        {tooLong && <span>超過 {lines.length - remarkLimits.lines} 行，請刪減後再列印</span>}
        {changed && !tooLong && <span className="slips-unsaved">尚未儲存</span>}
      </p>
      <p id={`${id}-hint`} className="slips-hint">
        請自行調整每行字的寬度約45字可以[Enter]鍵分行，最多不可超過28行字
      </p>
      <div className="slips-remark-actions">
        <Button disabled={!changed || tooLong || !maySave} loading={save.pending} onClick={() => void save.run({ remarks })}>
          儲存備註
        </Button>
        <Button type="text" disabled={remarks === defaultRemarks} onClick={() => onChange(defaultRemarks)}>
          回復預設
        </Button>
      </div>
      <ErrorNote error={save.error} onClose={save.reset} />
    </div>
  );
}
