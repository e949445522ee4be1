import { DoubleLeftOutlined, DoubleRightOutlined, LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { addDays, formatRocDay, weekdayOf } from '../../domain/roc-date.ts';
import { addMonths, dayInMonth, describeMonth, monthOf, weeksOf } from './roc-calendar.ts';

interface RocMonthProps {
  selected: string | null;
  today: string;
  allowed: (isoDay: string) => boolean;
  onPick: (isoDay: string) => void;
}

const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** One month of days with ROC years: arrows move a day or a week, PageUp and PageDown a month, Enter picks. */
export function RocMonth({ selected, today, allowed, onPick }: RocMonthProps) {
  const [focused, setFocused] = useState(selected ?? today);
  const grid = useRef<HTMLTableElement>(null);
  const month = monthOf(focused);

  useEffect(() => {
    grid.current?.querySelector<HTMLButtonElement>(`[data-day="${focused}"]`)?.focus();
  }, [focused]);

  const turn = (months: number) => setFocused((day) => dayInMonth(day, addMonths(monthOf(day), months)));
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step) setFocused((day) => addDays(day, step));
    else if (event.key === 'PageUp') turn(-1);
    else if (event.key === 'PageDown') turn(1);
    else return;
    event.preventDefault();
  };

  return (
    <div className="roc-month">
      <div className="roc-month-head">
        <Button type="text" size="small" aria-label="前一年" icon={<DoubleLeftOutlined />} onClick={() => turn(-12)} />
        <Button type="text" size="small" aria-label="前一月" icon={<LeftOutlined />} onClick={() => turn(-1)} />
        <strong aria-live="polite">{describeMonth(month)}</strong>
        <Button type="text" size="small" aria-label="後一月" icon={<RightOutlined />} onClick={() => turn(1)} />
        <Button type="text" size="small" aria-label="後一年" icon={<DoubleRightOutlined />} onClick={() => turn(12)} />
      </div>
      <table ref={grid} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            {['日', '一', '二', '三', '四', '五', '六'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <td key={day}>
                  <button
                    type="button"
                    data-day={day}
                    tabIndex={day === focused ? 0 : -1}
                    disabled={!allowed(day)}
                    aria-label={`${formatRocDay(day)} 星期${weekdayOf(day)}`}
                    aria-current={day === today ? 'date' : undefined}
                    aria-pressed={day === selected}
                    className={monthOf(day).month === month.month ? undefined : 'roc-month-other'}
                    onClick={() => onPick(day)}
                  >
                    {Number(day.slice(8))}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <Button type="link" size="small" disabled={!allowed(today)} onClick={() => onPick(today)}>
        今天 {formatRocDay(today)}
      </Button>
    </div>
  );
}
