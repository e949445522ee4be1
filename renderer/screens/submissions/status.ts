import type { ProcessingStatus } from '../../../domain/submission.ts';

/** The colour of a 處理狀態; its words say the same. */
export const statusClasses: Record<ProcessingStatus, string> = { waiting: 'state-soon', accepted: 'state-done', refused: 'state-wrong' };
