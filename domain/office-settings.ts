/** Closed sets of what the office sets for its school, shared with the city: names as the manual prints them. */

/** The four items of 學校作業時間 (manual §3.7). */
export const operationWindowItems = ['studentUpload', 'teacherCertification', 'tickOutcomes', 'tickPerformances'] as const;
export type OperationWindowItem = (typeof operationWindowItems)[number];
export const operationWindowItemNames: Record<OperationWindowItem, string> = {
  studentUpload: '學生上傳及送出學習成果認證時間',
  teacherCertification: '老師認證學生學習成果時間',
  tickOutcomes: '學生勾選學習成果時間',
  tickPerformances: '學生勾選多元表現時間',
};
/** Uploading and certifying belong to a semester; ticking to the whole year (學期 0). */
export const operationWindowSemesters: Record<OperationWindowItem, readonly number[]> = {
  studentUpload: [1, 2],
  teacherCertification: [1, 2],
  tickOutcomes: [0],
  tickPerformances: [0],
};

/** 功能參數 (manual §3.2), in the order of its table. */
export const parameterNames = [
  'outcomesPerTerm',
  'outcomesPerCourse',
  'uncertifiedNoticeHour',
  'tickOutcomesNoticeDays',
  'tickPerformancesNoticeDays',
  'certificationDeadlineNoticeDays',
  'damagedFileUpdate',
] as const;
export type ParameterName = (typeof parameterNames)[number];

/** What the school works with before it has set anything. 國教署 asks for at least six outcomes a term; null is blank. */
export const parameterDefaults: Record<ParameterName, number | null> = {
  outcomesPerTerm: 6,
  outcomesPerCourse: 6,
  uncertifiedNoticeHour: null,
  tickOutcomesNoticeDays: 3,
  tickPerformancesNoticeDays: 3,
  certificationDeadlineNoticeDays: 3,
  damagedFileUpdate: 0,
};

/** 類別 of certifying teachers of self-study plans (manual §3.13.1). */
export const certifierGroupKinds = ['subject', 'custom'] as const;
export type CertifierGroupKind = (typeof certifierGroupKinds)[number];
export const certifierGroupKindNames: Record<CertifierGroupKind, string> = { subject: '學科', custom: '自訂群組' };

/** 認證身分 (manual §3.13.2). */
export const certificationStageKinds = ['homeroomTeacher', 'subjectTeacher', 'customGroup'] as const;
export type CertificationStageKind = (typeof certificationStageKinds)[number];
export const certificationStageKindNames: Record<CertificationStageKind, string> = {
  homeroomTeacher: '導師',
  subjectTeacher: '學科教師',
  customGroup: '自訂',
};

/** 用途 of a 轉學生臨時帳號 (domain: a leaver who still ticks last year's items, or an arrival without a city account). */
export const temporaryAccountPurposes = ['transferredOut', 'transferredIn'] as const;
export type TemporaryAccountPurpose = (typeof temporaryAccountPurposes)[number];
export const temporaryAccountPurposeNames: Record<TemporaryAccountPurpose, string> = {
  transferredOut: '轉出學生勾選',
  transferredIn: '轉入學生勾選',
};
/** What is stored; 未開通 and 已到期 follow from there being no account, and from its times. */
export const temporaryAccountStatuses = ['open', 'disabled'] as const;
export type TemporaryAccountStatus = (typeof temporaryAccountStatuses)[number];
