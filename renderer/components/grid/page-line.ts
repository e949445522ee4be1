import { formatCount } from '../format.ts';

/** `1 - 30 共 1,080 條`, the manual's line under every grid. */
export function pageLine(page: number, pageSize: number, total: number): string {
  if (total === 0) return '沒有記錄';
  const first = (page - 1) * pageSize + 1;
  return `${first} - ${Math.min(total, first + pageSize - 1)} 共 ${formatCount(total)} 條`;
}
