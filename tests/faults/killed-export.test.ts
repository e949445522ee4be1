import { test } from 'vitest';
import { holdsFor } from './share.ts';

test('given a program that is killed while it makes transfer files, when it starts again, then nothing half is there and the same can be done again', async () => {
  await holdsFor('kill-export', 15);
}, 240_000);
