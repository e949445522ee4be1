import type { PerformanceDetails } from './performance-fields.ts';
import { type OutcomeState, type PerformanceCategory, performanceCategories } from './portfolio.ts';

/**
 * What a transfer file says of a student, in our own terms: the shape between the JSON that schools exchange
 * (transfer-writing.ts, transfer-reading.ts) and the records of a portfolio.
 */

/** A record's file by its place in the ZIP. */
export interface TransferLink {
  /** Path of the entry, `A123456789/多元表現/M01.pdf`. */
  path: string;
  /** 32 lower-case hex digits; empty where the sender gave none. */
  md5: string;
}

interface TransferRecord {
  sourceSchoolCode: string;
  /** Null where unknown. */
  sourceUnitCode: string | null;
  academicYear: number;
  semester: number;
  /** UTC, to the second. */
  createdAt: string;
  /** `1091`, or `0000` for never. */
  submittedTerm: string;
}

interface TransferUpload extends TransferRecord {
  document: TransferLink | null;
  media: TransferLink | null;
  summary: string;
  uploadedTerm: string;
}

export interface TransferOutcome extends TransferUpload {
  courseCode: string;
  subjectName: string;
  credits: number;
  grade: number;
  courseSemester: number;
  exchange: boolean;
  retake: boolean;
  retakeTerm: string | null;
  retakeMethod: string | null;
  makeup: boolean;
  makeupTerm: string | null;
  makeupMethod: string | null;
  repeat: boolean;
  repeatTerm: string | null;
  beforeTransfer: boolean;
  state: OutcomeState;
  /** Read where a sender gives them; never written (they are not of the format). */
  certifiedAt: string | null;
  certifierName: string | null;
  certificationRemark: string | null;
  sentForCertificationAt: string | null;
}

export interface TransferPerformance extends TransferUpload {
  category: PerformanceCategory;
  details: PerformanceDetails;
  externalLink: string | null;
}

export interface TransferCadre extends TransferRecord {
  unitName: string;
  positionName: string;
  levelCode: string;
  startsOn: string;
  endsOn: string;
}

export interface TransferStudent {
  schoolCode: string;
  unitCode: string | null;
  academicYear: number;
  semester: number;
  identity: string;
  name: string;
  birthDate: string;
  outcomes: TransferOutcome[];
  performances: TransferPerformance[];
  cadres: TransferCadre[];
}

/** Keys that stand in many records (exchange-fields.json). */
export const transferKeys = {
  basics: '基本資料',
  outcomes: '課程學習成果紀錄',
  performances: '多元表現',
  cadres: '擔任學校幹部經歷紀錄',
  schoolCode: '就讀學校代碼',
  unitCode: '就讀單位代碼',
  academicYear: '學年度',
  semester: '學期',
  identity: '國民身分證統一編號(或居留證統一證號)',
  name: '學生中文姓名',
  birthDate: '學生出生年月日',
  summary: '內容簡述',
  mediaLink: '影音檔案連結',
  mediaMd5: '影音檔案MD5',
  externalLink: '外部影音連結',
  uploadedTerm: '本紀錄上傳學年度及學期',
  createdAt: '建立日期',
  submittedTerm: '提交紀錄(學年度及學期)',
} as const;

/** 就讀單位代碼 where it is not known. */
export const unknownUnitCode = '000000000';
/** Hours, periods and scores that are not known. */
export const unknownNumber = -1;

/** Where files of a student lie, below the folder named by the identity. */
export const transferFolders = { outcomes: '課程學習成果', performances: '多元表現' } as const;
export const fileNameMapping = 'filename_mapping.json';
export const transferManifest = 'manifest.json';

/** 080000_2020_07_17_09_59_14.zip: who sent it and when, local time of Taipei. */
export const transferFileName = /^([0-9A-Z]{6})_(\d{4})_(\d{2})_(\d{2})_(\d{2})_(\d{2})_(\d{2})/i;

/** Sections of a portfolio, as counts and 明細 call them; the order is the manual's: outcomes, the ten categories, cadres. */
export const outcomeSection = '課程學習成果';
export const cadreSection = '校內幹部經歷';

/** Sections of a transfer file in the order and the words of the manual's 明細 (§3.16), which does not name 先修課程 and ends with the cadres. */
export const transferSections: readonly string[] = [
  outcomeSection,
  ...[1, 2, 3, 4, 5, 7, 8, 6, 9, 10].map((wanted) => performanceCategories.find(({ category }) => category === wanted)!.transferKey),
  cadreSection,
];

/** 隱私格式: the one entry of such a file, an inner ZIP in which everything lies, so that no name shows. */
export const privateEntry = 'portfolio.zip';
/** Of `manifest.json`. A file of a higher version is refused by name. */
export const transferFormatVersion = 1;
