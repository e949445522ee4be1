import type { Task } from '../../application/task-context.ts';
import { type Notice, writeNotice } from './notice.ts';

export interface NoticeInput extends Notice {
  path: string;
}

/** The notice of one account; its password comes in memory and lies nowhere but in the page. @returns characters no font has */
export const run: Task<NoticeInput, string> = ({ path, ...notice }, context) => writeNotice(path, notice, context.clock.now());
