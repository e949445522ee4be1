import { formatCount } from './format.ts';

/** 勾選數量, marked in words where it is over the limit of an academic year (domain/portfolio.ts). */
export function TickedCount({ count, limit }: { count: number; limit: number }) {
  if (count <= limit) return formatCount(count);
  return (
    <span className="state-wrong" title={`每學年至多 ${limit} 件`}>
      {formatCount(count)} 超過上限
    </span>
  );
}
