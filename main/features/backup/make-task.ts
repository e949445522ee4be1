import type { Task } from '../../application/task-context.ts';
import { makeBackup } from './make.ts';
import type { BackupOrder, MadeBackup } from './making.ts';

/** 立即備份, and every backup that the program makes by itself. */
export const run: Task<BackupOrder, MadeBackup> = (order, context) => makeBackup(context, order);
