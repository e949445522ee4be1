import { Tag } from 'antd';
import { Link } from 'wouter';
import { formatRocDay, weekdayOf } from '../../../domain/roc-date.ts';
import type { OutputOf } from '../../../main/features/contract.ts';
import { mayUse, useOffice } from '../../app/session.ts';

type OperationWindow = OutputOf<'dashboard.overview'>['windows'][number];

const states: Record<OperationWindow['state'], { text: string; color: string }> = {
  closing: { text: '即將截止', color: 'warning' },
  open: { text: '開放中', color: 'success' },
  soon: { text: '即將開始', color: 'default' },
};
const order: OperationWindow['state'][] = ['closing', 'open', 'soon'];

/** The city's windows and the school's that are open, close soon or open soon. */
export function WindowList({ windows }: { windows: readonly OperationWindow[] }) {
  const maySet = mayUse(useOffice().session, 'S0203S');
  const sorted = [...windows].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.endsOn.localeCompare(b.endsOn));
  return (
    <section className="panel" aria-labelledby="windows">
      <h2 id="windows">作業期限</h2>
      {sorted.length === 0 ? (
        <p className="panel-empty">三十天內沒有開放或即將開放的作業期限。</p>
      ) : (
        <ul className="windows">
          {sorted.map((one) => (
            <li key={`${one.origin}${one.title}${one.startsOn}${one.endsOn}`}>
              <span className="window-title">
                {one.origin === 'school' && maySet ? <Link href="/schedule">{one.title}</Link> : one.title}
              </span>
              <span className="figure">
                {formatRocDay(one.startsOn.slice(0, 10))} – {day(one.endsOn)}
              </span>
              <Tag color={states[one.state].color}>{states[one.state].text}</Tag>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function day(isoDay: string): string {
  const only = isoDay.slice(0, 10);
  return `${formatRocDay(only)}（${weekdayOf(only)}）`;
}
