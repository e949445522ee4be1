import { describe, test } from 'vitest';
import { holdsFor } from './share.ts';

describe('given a program that is killed, when it starts again, then nothing is half or twice, and nothing acknowledged is gone', () => {
  test('while records come from the city', () => holdsFor('kill-sync', 6), 240_000);
  test('while changes and files go to the city', () => holdsFor('kill-push', 4), 240_000);
  test('while a backup is made', () => holdsFor('kill-backup', 4), 240_000);
  test(
    'while a backup is restored: the school is the old one or the restored one, and the old one is kept',
    () => holdsFor('kill-restore', 5),
    240_000,
  );
  test('while an earlier version’s data is brought up to date', () => holdsFor('kill-migration', 5), 240_000);
  test('while the office changes settings, roles and accounts', () => holdsFor('kill-settings', 5), 240_000);
});

describe('given a computer whose power goes, when the program starts again', () => {
  test('then all is as after a kill, whatever was not flushed to the disk', () => holdsFor('cut-power', 5), 240_000);
});
