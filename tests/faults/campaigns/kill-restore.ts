import { restoring } from '../backup-work.ts';
import { killing } from '../killing.ts';

export const killRestore = killing({ name: 'kill-restore', title: 'killed while a backup is restored', works: [restoring] });
