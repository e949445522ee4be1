/** Closed sets of the field: the states and kinds that tables, contract and screens share. */

/** Certification of a learning outcome (manual §3.8): draft 未送出認證, pending 待認證, approved / rejected 已認證(通過 / 不通過). */
export const outcomeStates = ['draft', 'pending', 'approved', 'rejected'] as const;
export type OutcomeState = (typeof outcomeStates)[number];
export const outcomeStateNames: Record<OutcomeState, string> = {
  draft: '未送出認證',
  pending: '待認證',
  approved: '已認證(通過)',
  rejected: '已認證(不通過)',
};

export const enrollmentStatuses = ['enrolled', 'transferredIn', 'transferredOut', 'suspended', 'graduated'] as const;
export type EnrollmentStatus = (typeof enrollmentStatuses)[number];
export const enrollmentStatusNames: Record<EnrollmentStatus, string> = {
  enrolled: '在學',
  transferredIn: '轉入',
  transferredOut: '轉出',
  suspended: '休學',
  graduated: '畢業',
};

/** 修課紀錄: a regular course, or 重修 補修 重讀 借讀 轉學轉科. */
export const courseRecordKinds = ['regular', 'retake', 'makeup', 'repeat', 'exchange', 'beforeTransfer'] as const;

/** 個人簡歷: 自傳 and 學習計畫. */
export const autobiographyKinds = ['autobiography', 'studyPlan'] as const;

/** What is handed in to the national database: 課程學習成果, 多元表現, 校內幹部經歷. */
export const submissionKinds = ['outcomes', 'performances', 'cadres'] as const;

/** The ten official categories of 多元表現, in the order of the cabinet (manual §3.5). `key` is the key in transfer files. */
export const performanceCategories = [
  { category: 1, name: 'positionAndDeeds', title: '幹部經歷暨事蹟紀錄', transferKey: '幹部經歷暨事蹟紀錄' },
  { category: 2, name: 'competition', title: '競賽參與紀錄', transferKey: '競賽參與紀錄' },
  { category: 3, name: 'certificate', title: '檢定證照紀錄', transferKey: '檢定證照紀錄' },
  { category: 4, name: 'serviceLearning', title: '服務學習紀錄', transferKey: '服務學習紀錄' },
  { category: 5, name: 'flexibleLearning', title: '彈性學習時間紀錄', transferKey: '彈性學習時間紀錄' },
  { category: 6, name: 'groupActivity', title: '團體活動時間紀錄', transferKey: '團體活動時間紀錄' },
  { category: 7, name: 'workplaceLearning', title: '職場學習紀錄', transferKey: '職場學習紀錄' },
  { category: 8, name: 'creativeWork', title: '作品成果紀錄', transferKey: '作品成果紀錄' },
  { category: 9, name: 'advancedCourse', title: '大學及技專校院先修課程紀錄', transferKey: '大學及技專校院先修課程紀錄' },
  { category: 10, name: 'otherPerformance', title: '其他多元表現紀錄', transferKey: '其他多元表現' },
] as const;
export type PerformanceCategory = (typeof performanceCategories)[number]['category'];
export type PerformanceCategoryName = (typeof performanceCategories)[number]['name'];

/** A submission term of a record that never was submitted, as transfer files write it. */
export const neverSubmitted = '0000';

/** The MD5 of no bytes: what a transfer file writes where a record has no file. */
export const md5OfNothing = 'd41d8cd98f00b204e9800998ecf8427e';
