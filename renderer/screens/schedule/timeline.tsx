import { Tooltip } from 'antd';
import { operationWindowItemNames } from '../../../domain/office-settings.ts';
import { windowStateNames } from '../../../domain/operation-window.ts';
import { formatRocDateTime, formatRocDay, taipeiDay } from '../../../domain/roc-date.ts';
import { formatTerm } from '../../../domain/term.ts';
import type { ScheduledWindow } from '../../../main/features/schedule/contract.ts';

interface TimelineProps {
  windows: readonly ScheduledWindow[];
  /** Instant, ISO. */
  now: string;
}

/** First days of the months between two instants, thinned so that their names do not touch. */
function months(from: number, to: number): { time: number; label: string }[] {
  const first = new Date(from);
  const all: { time: number; label: string }[] = [];
  for (let index = 0; ; index += 1) {
    const time = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + index, 1) - 8 * 3600 * 1000;
    if (time > to) break;
    if (time >= from) all.push({ time, label: formatRocDay(taipeiDay(new Date(time))).slice(0, 6) });
  }
  const step = Math.ceil(all.length / 12);
  return all.filter((_, index) => index % step === 0);
}

/** All windows on one line of time, with today's. Each bar tells its exact times when it is pointed at or focused. */
export function Timeline({ windows, now }: TimelineProps) {
  if (windows.length === 0) return <p className="panel-empty">目前沒有開放中或尚未開始的作業時間。</p>;
  const today = Date.parse(now);
  const from = Math.min(today, ...windows.map(({ opensAt }) => Date.parse(opensAt)));
  const to = Math.max(today, ...windows.map(({ closesAt }) => Date.parse(closesAt)));
  const at = (time: number) => `${(((time - from) / (to - from || 1)) * 100).toFixed(3)}%`;
  return (
    <div className="timeline">
      <div className="timeline-scale" aria-hidden>
        {months(from, to).map(({ time, label }) => (
          <span key={time} style={{ left: at(time) }}>
            {label}
          </span>
        ))}
      </div>
      <ul>
        {windows.map((window) => {
          const title = `${formatTerm(window)} ${operationWindowItemNames[window.item]}`;
          const times = `${formatRocDateTime(window.opensAt)} ~ ${formatRocDateTime(window.closesAt)}（${windowStateNames[window.state]}）`;
          const [left, right] = [Date.parse(window.opensAt), Date.parse(window.closesAt)];
          return (
            <li key={window.id}>
              <span className="timeline-title">{title}</span>
              <span className="timeline-track">
                <Tooltip title={times}>
                  <button
                    type="button"
                    className={`timeline-bar timeline-${window.state}`}
                    aria-label={`${title}：${times}`}
                    style={{ left: at(left), width: `${Math.max(0.4, ((right - left) / (to - from || 1)) * 100).toFixed(3)}%` }}
                  />
                </Tooltip>
                <span className="timeline-today" style={{ left: at(today) }} aria-hidden />
              </span>
            </li>
          );
        })}
      </ul>
      <div className="timeline-scale timeline-foot" aria-hidden>
        <span style={{ left: at(today) }}>今天</span>
      </div>
    </div>
  );
}
