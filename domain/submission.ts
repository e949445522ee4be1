/** Closed sets of handing rosters in to the national database (manual §3.6, §3.9, §3.14; domain.md §2). */

/** 梯次: 高三 is handed in apart from the others (domain.md §2.1). Which there are in a year, its layout says (assets/rosters). */
export const submissionBatches = ['regular', 'senior1', 'senior2'] as const;
export type SubmissionBatch = (typeof submissionBatches)[number];

/** 部別: 進修部 hands in outcomes of its own roster (名冊別 28). */
export const divisions = ['day', 'continuing'] as const;
export type Division = (typeof divisions)[number];
export const divisionNames: Record<Division, string> = { day: '日間部', continuing: '進修部' };

/** 處理狀態, read from the raw text. */
export const processingStatuses = ['waiting', 'accepted', 'refused'] as const;
export type ProcessingStatus = (typeof processingStatuses)[number];
export const processingStatusNames: Record<ProcessingStatus, string> = { waiting: '處理中', accepted: '檢核無誤', refused: '檢核錯誤' };

/** 提交方式: through the city, or the file uploaded at the national site by hand. */
export const submissionWays = ['city', 'manual'] as const;
export type SubmissionWay = (typeof submissionWays)[number];
export const submissionWayNames: Record<SubmissionWay, string> = { city: '市級系統', manual: '自行上傳' };

/** A finding that blocks, or one that is confirmed by who hands in. */
export const findingSeverities = ['error', 'warning'] as const;
export type FindingSeverity = (typeof findingSeverities)[number];
export const findingSeverityNames: Record<FindingSeverity, string> = { error: '錯誤', warning: '提醒' };

/** How a record of a roster differs from the roster handed in before. */
export const rosterChanges = ['added', 'removed', 'changed'] as const;
export type RosterChange = (typeof rosterChanges)[number];
export const rosterChangeNames: Record<RosterChange, string> = { added: '新增', removed: '移除', changed: '內容不同' };

/** 收訖明細 held against what was handed in. */
export const receiptComparisons = ['same', 'missing', 'extra', 'different'] as const;
export type ReceiptComparison = (typeof receiptComparisons)[number];
export const receiptComparisonNames: Record<ReceiptComparison, string> = {
  same: '相符',
  missing: '未收到',
  extra: '多出',
  different: '內容不同',
};

export const receiptAnswers = ['correct', 'wrong'] as const;
export type ReceiptAnswer = (typeof receiptAnswers)[number];
export const receiptAnswerNames: Record<ReceiptAnswer, string> = { correct: '正確', wrong: '錯誤' };

/** Days a confirmation of 收訖明細 is open at least (domain.md §1). */
export const shortestConfirmation = 3;

/** Where rosters are uploaded by hand (manual §3.6). */
export const nationalSite = 'https://ep.cloud.ncnu.edu.tw/';

/** What a raw status text says (domain.md §2.2). */
export interface ReadStatus {
  processingStatus: ProcessingStatus;
  /** `{名冊名稱=…}`, whole or cut off as the screen shows it; null where the text names none. */
  rosterName: string | null;
  /** Every `{key=value}` of the text. */
  values: Record<string, string>;
}

/**
 * Reads a status text of the national database: `檢核無誤，資料已匯入`, `資料檢核錯誤，請重新上傳{名冊名稱=學生自填多元表現名冊}`. The text itself is kept raw beside it.
 * @returns undefined for a text that says neither right nor wrong nor waiting: somebody must look at it
 */
export function readStatusText(text: string): ReadStatus | undefined {
  // A screen's column that is too narrow ends in `…`, which is `...` once normalised.
  const plain = text.normalize('NFKC').replaceAll('...', '').trim();
  const values: Record<string, string> = {};
  for (const [, key, value] of plain.matchAll(/\{?\s*([\p{L}\p{N}]+)\s*=\s*([^{}=,，;；]*)(?:\}|,|，|;|；|$)/gu))
    values[key!] = value!.trim();
  const rosterName = values.名冊名稱 ?? null;
  // Neither `{錯誤筆數=0}` nor 沒有錯誤 is an error, and 未通過 is none of the good words.
  const said = plain.replace(/\{[^}]*\}?/g, ' ').replace(/(?:無|沒有|未發現)(?:任何)?錯誤/g, '無誤');
  if (/錯誤|有誤|不符|失敗|退回|無法|[未不]能?(?:通過|成功)/.test(said)) return { processingStatus: 'refused', rosterName, values };
  if (/無誤|已匯入|成功|通過/.test(said)) return { processingStatus: 'accepted', rosterName, values };
  if (/處理中|等待|檢核中|排程/.test(said)) return { processingStatus: 'waiting', rosterName, values };
  return undefined;
}
