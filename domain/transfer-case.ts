import { addDays } from './roc-date.ts';

/**
 * Leavers and arrivals until the portfolio is where it belongs: a transfer is finished only when the other school has it (or, of an arrival,
 * when it is here). The states, ways and reasons that tables, contract and screens share.
 */

export const transferDirections = ['out', 'in'] as const;
export type TransferDirection = (typeof transferDirections)[number];

/** Of a leaver: what is still to be done stands first. */
export const leaverStates = {
  withoutFile: '未產生檔案',
  fileMade: '已產生未交付',
  handedOver: '已交付待確認',
  acknowledged: '已完成',
  unneeded: '無須交付',
  withdrawn: '學籍已更正',
} as const;
export type LeaverState = keyof typeof leaverStates;

/** Of an arrival. */
export const arrivalStates = {
  expected: '未收到檔案',
  requested: '已催交',
  received: '已收到未匯入',
  imported: '已完成',
  unneeded: '無須匯入',
  withdrawn: '學籍已更正',
} as const;
export type ArrivalState = keyof typeof arrivalStates;

/** How a case ended: the other school has it, it was imported, nothing has to be done, or the register took the move back. */
export const transferOutcomes = ['acknowledged', 'imported', 'unneeded', 'withdrawn'] as const;
export type TransferOutcome = (typeof transferOutcomes)[number];

/** How a file went to the other school. */
export const handoverWays = {
  inPerson: '當面交付',
  post: '郵寄',
  officialDocument: '電子公文',
  cloud: '雲端空間',
  email: '電子郵件',
  other: '其他',
} as const;
export type HandoverWay = keyof typeof handoverWays;

/** How the file's password was told; it goes another way than the file (transfer-format.md). */
export const passwordWays = {
  phone: '電話',
  officialDocument: '公文',
  email: '電子郵件',
  post: '另函郵寄',
  inPerson: '當面告知',
  other: '其他',
} as const;
export type PasswordWay = keyof typeof passwordWays;

/** How the school before was asked for the file. */
export const requestWays = { phone: '電話', officialDocument: '公文', email: '電子郵件', student: '請學生轉達', other: '其他' } as const;
export type RequestWay = keyof typeof requestWays;

/** Why nothing has to be handed over. */
export const unneededToHandOver = {
  cityMoves: '轉入臺北市學校，由市級系統移轉',
  abroad: '出國就學',
  noRecords: '沒有學習歷程紀錄',
  declined: '學生或家長表示不需要',
  notAtSchool: '未再就學',
  other: '其他',
} as const;

/** Why nothing has to be imported. `cityHasIt` is found out, not recorded: the city already holds records of another school. */
export const unneededToImport = {
  cityHasIt: '市級系統已有前一所學校的紀錄',
  cityMoves: '由臺北市學校轉入，由市級系統移轉',
  noPortfolio: '前一所學校沒有學習歷程檔案',
  abroad: '由國外轉入',
  declined: '學生或家長表示不需要',
  left: '已再轉出或離校',
  other: '其他',
} as const;
export const unneededReasons = { ...unneededToImport, ...unneededToHandOver } as const;
export type UnneededReason = keyof typeof unneededReasons;

/**
 * Days after which a case is overdue. The UK's Common Transfer File, the one comparable rule found, must be sent within 15 school days of
 * leaving (engineering-facts.md E): three weeks of five. No rule of Taiwan's gives a number, and the clerk's calendar has no school days.
 */
export const transferDueDays = 21;

/** Moves before this day are overdue when their case is open. */
export const overdueBefore = (today: string): string => addDays(today, -transferDueDays);

/** What can happen to a case; each is kept with when and who. */
export const transferEventKinds = [
  'opened',
  'dayCorrected',
  'schoolNamed',
  'fileMade',
  'fileRemoved',
  'handedOver',
  'passwordTold',
  'acknowledged',
  'requested',
  'received',
  'imported',
  'importUndone',
  'unneeded',
  'withdrawn',
  'reopened',
  'takenBack',
] as const;
export type TransferEventKind = (typeof transferEventKinds)[number];
