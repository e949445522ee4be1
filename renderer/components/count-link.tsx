import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { formatCount } from './format.ts';

interface CountLinkProps {
  count: number;
  /** Address of the rows it counts (gridAddress); null where the account may not see them. */
  to: string | null;
  /** `件`, `人`. */
  unit?: string;
  /** What is counted, for who hears the link without its column: `一年一班 未勾選`. */
  label?: string;
}

/** A number that leads to the rows it counts; a zero leads nowhere. */
export function CountLink({ count, to, unit, label }: CountLinkProps): ReactNode {
  const text = unit ? `${formatCount(count)} ${unit}` : formatCount(count);
  if (count === 0 || to === null) return <span className="figure">{text}</span>;
  return (
    <Link href={to} className="figure count-link" aria-label={label && `${label} ${text}`}>
      {text}
    </Link>
  );
}
