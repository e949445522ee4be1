import { Button, Tag } from 'antd';
import { formatRocDateTime, formatRocDay, taipeiDay } from '../../../domain/roc-date.ts';
import type { OutputOf } from '../../../main/features/contract.ts';
import type { RosterScope } from '../../../main/features/submissions/contract.ts';
import { daysLeft } from './rules.ts';

export type Overview = OutputOf<'submissions.overview'>;

const stateColors = { soon: 'default', open: 'success', closed: 'default' } as const;

/** The state of 提交期限 in words. */
export function windowState(window: NonNullable<Overview['window']>, today: string): string {
  if (window.state === 'soon') return '尚未開始';
  if (window.state === 'closed') return '已截止';
  const left = daysLeft(window.endsOn, today);
  return left <= 0 ? '進行中，今天截止' : `進行中，剩 ${left} 天`;
}

interface WindowLineProps {
  roster: RosterScope;
  overview: Overview;
  onShowRoster: () => void;
}

/** The manual's line: `提交期限 108學年度 109/09/17 ~ 109/10/31 查看現有名冊`. */
export function WindowLine({ roster, overview, onShowRoster }: WindowLineProps) {
  const { window, archivedAt } = overview;
  const term = `${roster.academicYear}學年度${roster.semester === 0 ? '' : ` 第${roster.semester}學期`}`;
  return (
    <div className="submission-window">
      <strong>提交期限</strong>
      <span className="figure">
        {term}
        {window && ` ${formatRocDay(window.startsOn)} ~ ${formatRocDay(window.endsOn)}`}
      </span>
      {window ? (
        <Tag color={stateColors[window.state]}>{windowState(window, taipeiDay(new Date()))}</Tag>
      ) : (
        <Tag color="warning">市級系統尚未公布</Tag>
      )}
      {archivedAt && <Tag title={formatRocDateTime(archivedAt)}>已封存，不能再提交</Tag>}
      <Button type="link" size="small" onClick={onShowRoster}>
        查看現有名冊
      </Button>
    </div>
  );
}
