import { backingUp } from '../backup-work.ts';
import { killing } from '../killing.ts';

export const killBackup = killing({ name: 'kill-backup', title: 'killed while a backup is made', works: [backingUp] });
