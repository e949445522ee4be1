import { expect, it } from 'vitest';
import { completeWindow, earliestEnd, windowProblem } from '../../renderer/screens/receipt-statements/rules.ts';

it('a window of confirmation has three days at least, over the ends of months and years', () => {
  expect(earliestEnd('2026-12-30')).toBe('2027-01-01');
  expect(windowProblem({ confirmFrom: '2026-12-30', confirmUntil: '2027-01-01' })).toBeNull();
  expect(windowProblem({ confirmFrom: '2026-12-30', confirmUntil: '2026-12-31' })).toBe(
    '確認期間至少 3 天，截止日期請設在 116/01/01 或以後。',
  );
  expect(windowProblem({ confirmFrom: '2026-12-30', confirmUntil: '2026-12-29' })).not.toBeNull();
});

it('complains of nothing while a day is still being typed, and is not kept then', () => {
  expect(windowProblem({ confirmFrom: '2026-12-30', confirmUntil: null })).toBeNull();
  expect(completeWindow({ confirmFrom: '2026-12-30', confirmUntil: null })).toBeNull();
  expect(completeWindow({ confirmFrom: null, confirmUntil: '2026-12-30' })).toBeNull();
  expect(completeWindow({ confirmFrom: '2026-12-30', confirmUntil: '2026-12-31' })).toBeNull();
  expect(completeWindow({ confirmFrom: '2026-12-30', confirmUntil: '2027-01-02' })).toEqual({
    confirmFrom: '2026-12-30',
    confirmUntil: '2027-01-02',
  });
});
