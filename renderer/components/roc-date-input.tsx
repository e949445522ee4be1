import { CalendarOutlined } from '@ant-design/icons';
import { Button, Input, Popover } from 'antd';
import { useEffect, useState } from 'react';
import { formatRocDay, parseRocDay, taipeiDay, weekdayOf } from '../../domain/roc-date.ts';
import { RocMonth } from './roc-month.tsx';

export interface RocDateInputProps {
  /** antd Form fills these three in. */
  id?: string;
  value?: string | null;
  /** An ISO day, or null when empty or no real day. */
  onChange?: (isoDay: string | null) => void;
  /** First and last day that may be picked, included. */
  min?: string;
  max?: string;
  disabled?: boolean;
  'aria-label'?: string;
}

/** A day, typed as 1090717, 109/7/17 or picked from a calendar of ROC years. Says what it understood as a weekday. */
export function RocDateInput({ id, value = null, onChange, min, max, disabled, ...rest }: RocDateInputProps) {
  const [text, setText] = useState(formatRocDay(value));
  const [left, setLeft] = useState(true);
  const [open, setOpen] = useState(false);

  useEffect(() => {
    // A value from outside replaces what is written; the clerk's own half-typed day is left alone.
    setText((written) => ((parseRocDay(written) ?? null) === value ? written : formatRocDay(value)));
  }, [value]);

  const within = (day: string) => (!min || day >= min) && (!max || day <= max);
  const typed = parseRocDay(text);
  const wrong = left && text.trim() !== '' && (!typed || !within(typed));

  const write = (written: string) => {
    setText(written);
    const day = parseRocDay(written);
    onChange?.(day && within(day) ? day : null);
  };
  const pick = (day: string) => {
    write(formatRocDay(day));
    setOpen(false);
  };

  return (
    <span className="roc-date">
      <Input
        id={id}
        className="roc-date-text"
        value={text}
        disabled={disabled}
        placeholder="例如 109/07/17"
        inputMode="numeric"
        autoComplete="off"
        status={wrong ? 'error' : undefined}
        aria-invalid={wrong}
        aria-label={rest['aria-label']}
        // Always there: a suffix that comes and goes makes antd draw the input anew, and the clerk loses the focus while typing.
        suffix={<span className="muted">{typed && `週${weekdayOf(typed)}`}</span>}
        onChange={(event) => {
          setLeft(false);
          write(event.target.value);
        }}
        onBlur={() => {
          setLeft(true);
          if (typed) setText(formatRocDay(typed));
        }}
      />
      <Popover
        trigger="click"
        open={open}
        onOpenChange={setOpen}
        placement="bottomRight"
        destroyOnHidden
        content={<RocMonth selected={typed ?? null} today={taipeiDay(new Date())} allowed={within} onPick={pick} />}
      >
        <Button disabled={disabled} aria-label="選日期" icon={<CalendarOutlined />} />
      </Popover>
      {wrong && (
        <span className="field-problem" role="alert">
          {typed
            ? `請選 ${[min && formatRocDay(min), max && formatRocDay(max)].filter(Boolean).join(' 到 ')} ${min && !max ? '以後' : max && !min ? '以前' : '之間'}的日期。`
            : '看不懂這個日期，請輸入例如 1090717 或 109/7/17。'}
        </span>
      )}
    </span>
  );
}
