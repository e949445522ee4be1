import type { PerformanceCategory } from './portfolio.ts';

/**
 * The official fields of each category of 多元表現, beside those every record has. One table for the store, the
 * transfer file, the rosters and the cabinet (domain.md §1.1, exchange-fields.json).
 */
export interface PerformanceField {
  /** Key in `diverse_performances.details`. */
  key: string;
  /** Heading on screens and in rosters. */
  title: string;
  /** Key in a transfer file. */
  transferKey: string;
  kind: 'text' | 'day' | 'number' | 'code';
}

function field(key: string, title: string, kind: PerformanceField['kind'] = 'text', transferKey = title): PerformanceField {
  return { key, title, transferKey, kind };
}

/** Fields in the order of the transfer file, up to and without 內容簡述. */
export const performanceFields: Record<PerformanceCategory, readonly PerformanceField[]> = {
  1: [
    field('unitName', '單位名稱'),
    field('startsOn', '開始日期', 'day'),
    field('endsOn', '結束日期', 'day'),
    field('positionName', '擔任職務', 'text', '擔任職務名稱'),
    field('levelCode', '幹部等級', 'code', '幹部等級代碼'),
  ],
  2: [
    field('competitionName', '競賽名稱'),
    field('levelCode', '競賽等級代碼', 'code'),
    field('award', '獎項', 'text', '競賽獎項'),
    field('announcedOn', '結果公布日期', 'day'),
    field('group', '項目', 'text', '競賽項目組別'),
    field('participationCode', '團體參與代碼', 'code', '團體或個人參與代碼'),
  ],
  3: [
    field('certificateCode', '證照代碼', 'code', '檢定證照代碼'),
    field('certificateTypeCode', '類型', 'code', '檢定證照類型代碼'),
    field('score', '分數', 'number', '檢定證照結果分數'),
    field('obtainedOn', '取得證照日期', 'day', '取得檢定證照日期'),
    field('itemResults', '分項結果'),
    field('certificateNumber', '證照字號', 'text', '檢定證照字號'),
    field('group', '檢定組別', 'text', '檢定證照組別'),
  ],
  4: [
    field('serviceName', '服務名稱'),
    field('unitName', '服務單位', 'text', '服務單位名稱'),
    field('startsOn', '開始日期', 'day'),
    field('endsOn', '結束日期', 'day'),
    field('hours', '時數', 'number', '服務學習時數'),
  ],
  5: [
    field('kindCode', '彈性學習時間類別種類代碼', 'code', '彈性學習時間類別(種類)代碼'),
    field('contentName', '內容開設名稱', 'text', '內容(開設名稱)'),
    field('unitName', '開設單位'),
    field('weeklyPeriods', '每週節數', 'number'),
    field('weeks', '開設週數', 'number'),
  ],
  6: [
    field('kindCode', '團體活動時間類別代碼', 'code'),
    field('unitName', '辦理單位'),
    field('contentName', '團體活動內容名稱'),
    field('periods', '節數', 'number'),
  ],
  7: [
    field('kindCode', '職場學習類別代碼', 'code'),
    field('unitName', '職場學習單位'),
    field('positionName', '職場學習職稱'),
    field('startsOn', '開始日期', 'day'),
    field('endsOn', '結束日期', 'day'),
    field('hours', '時數', 'number'),
  ],
  8: [field('workName', '名稱'), field('workDate', '日期', 'day', '作品日期')],
  9: [
    field('project', '計畫專案'),
    field('unitName', '開設單位'),
    field('courseName', '課程名稱'),
    field('startsOn', '開始日期', 'day'),
    field('endsOn', '結束日期', 'day'),
    field('credits', '學分數', 'number'),
    field('totalHours', '總時數', 'number'),
  ],
  10: [
    field('activityName', '名稱'),
    field('unitName', '主辦單位'),
    field('startsOn', '開始日期', 'day'),
    field('endsOn', '結束日期', 'day'),
    field('hours', '時數', 'number'),
  ],
};

/** Transfer keys of the document link and its MD5: 作品成果 has its own (exchange-fields.json). */
export function documentTransferKeys(category: PerformanceCategory): { link: string; md5: string } {
  return category === 8 ? { link: '作品成果連結', md5: '作品成果MD5' } : { link: '證明文件連結', md5: '證明文件MD5' };
}

export type PerformanceDetails = Record<string, string | number | null>;

/** The field a record is called by in lists: the name of the competition, the service, the work … */
export function performanceTitle(category: PerformanceCategory, details: PerformanceDetails): string {
  const key: Record<PerformanceCategory, string> = {
    1: 'positionName',
    2: 'competitionName',
    3: 'certificateCode',
    4: 'serviceName',
    5: 'contentName',
    6: 'contentName',
    7: 'positionName',
    8: 'workName',
    9: 'courseName',
    10: 'activityName',
  };
  return String(details[key[category]] ?? '');
}
