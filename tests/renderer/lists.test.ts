import { describe, expect, it } from 'vitest';
import { exactly, filterIn, gridAddress, withoutFilter } from '../../renderer/components/grid/grid-address.ts';
import { nothingPicked, pick, pickAll } from '../../renderer/components/transfer-list/picking.ts';

describe('picking rows of a list', () => {
  const shown = ['a', 'b', 'c', 'd', 'e'];
  const picked = (picking: { picked: ReadonlySet<string> }) => [...picking.picked].sort().join('');

  it('a click toggles a row; Shift picks everything from the last one clicked, in either direction', () => {
    const first = pick(nothingPicked, 'd', false, shown);
    expect(picked(first)).toBe('d');
    expect(picked(pick(first, 'b', true, shown))).toBe('bcd');
    expect(picked(pick(pick(first, 'b', true, shown), 'e', true, shown))).toBe('bcde');
    expect(picked(pick(first, 'd', false, shown))).toBe('');
  });

  it('Shift after the anchor was filtered away picks the one row', () => {
    expect(picked(pick({ picked: new Set(), anchor: 'z' }, 'c', true, shown))).toBe('c');
  });

  it('all of what is shown, and again none of it; what the filter hides keeps its tick', () => {
    const hidden = pick(nothingPicked, 'hidden', false, ['hidden']);
    const all = pickAll(hidden, shown);
    expect(picked(all)).toBe('abcdehidden');
    expect(picked(pickAll(all, shown))).toBe('hidden');
    expect(picked(pickAll(nothingPicked, []))).toBe('');
  });
});

describe('the address of a filtered grid', () => {
  it('carries filters beside the screen’s own parameters, and gives them back', () => {
    const address = gridAddress('/outcomes', { className: '一年一班', tickedCount: '≤ 3' }, { term: '1091' });
    const [path, search] = address.split('?');
    expect(path).toBe('/outcomes');
    expect(filterIn(search!)).toEqual({ className: '一年一班', tickedCount: '≤ 3' });
    expect(new URLSearchParams(search).get('term')).toBe('1091');
    expect(gridAddress('/outcomes')).toBe('/outcomes');
    expect(withoutFilter(address.split('?')[1]!)).toBe('term=1091');
    expect(filterIn(gridAddress('/outcomes', { className: exactly('一年一班') }).split('?')[1]!)).toEqual({ className: '"一年一班"' });
  });
});
