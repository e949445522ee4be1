import { describe, test } from 'vitest';
import { holdsFor } from './share.ts';

describe('given a transfer that is under way', () => {
  test('when it is cancelled at any instant, then it leaves no trace', () => holdsFor('cancel-transfers', 25), 240_000);
  test('when its worker thread dies, then nothing is left of its work and the program goes on', () => holdsFor('kill-threads', 3), 240_000);
  test(
    'when the disk fills up, then it says so, and the same program does it again once there is space',
    () => holdsFor('fill-disk', 3),
    240_000,
  );
  test('when an operation on the disk or the database fails, then it fails in good order', () => holdsFor('fail-operations', 3), 240_000);
  test('when the right to write is taken away, then it fails in good order', () => holdsFor('take-permission', 3), 240_000);
});
