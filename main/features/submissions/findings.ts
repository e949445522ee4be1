import type { FindingSeverity } from '../../../domain/submission.ts';

/**
 * Every finding of the check (預檢): whether it blocks, and what the office does about it. A message says what is wrong with this record, the advice here
 * what to do.
 */
interface FindingKind {
  severity: FindingSeverity;
  advice: string;
}

const inSchoolAffairs = '請於校務行政系統更正，同步學籍及人員資料後再預檢。';
const byStudent = '請學生於學習歷程檔案系統修正這筆紀錄，同步後再預檢；已認證的學習成果要重新認證。';
const byOffice = '請於校務行政系統更正這筆資料，同步後再預檢。';

export const findingKinds = {
  'identity.missing': {
    severity: 'error',
    advice: `${inSchoolAffairs}學生確實沒有身分證也沒有居留證時，請用「略過檢查」並註明原因。`,
  },
  'identity.invalid': {
    severity: 'error',
    advice: `${inSchoolAffairs}號碼經查驗證件無誤時，請用「略過檢查」並註明原因。`,
  },
  'identity.shared': { severity: 'error', advice: inSchoolAffairs },
  'identity.waived': { severity: 'warning', advice: '提交前請再確認一次；不再需要略過時請用「恢復檢查」。' },
  'birthday.invalid': { severity: 'error', advice: inSchoolAffairs },
  'birthday.unusual': { severity: 'warning', advice: '請核對學籍資料的出生日期。' },
  'student.notEnrolled': { severity: 'error', advice: '請確認學生該學年的班級；學籍應由他校提交時，請學生取消勾選。' },
  'student.left': { severity: 'warning', advice: '請與轉入學校確認由哪一校提交，避免重複。' },
  'field.required': { severity: 'error', advice: byStudent },
  'field.control': { severity: 'error', advice: `內容有無法顯示的字元（多半是複製貼上帶進來的）。${byStudent}` },
  'field.tooLong': { severity: 'error', advice: byStudent },
  'number.invalid': { severity: 'error', advice: byStudent },
  'number.outside': { severity: 'error', advice: byStudent },
  'number.unusual': { severity: 'warning', advice: '請向學生確認數字沒有打錯。' },
  'day.invalid': { severity: 'error', advice: byStudent },
  'day.order': { severity: 'error', advice: byStudent },
  'day.future': { severity: 'error', advice: byStudent },
  'day.outside': { severity: 'warning', advice: '請確認日期，或這筆紀錄是否屬於其他學年期。' },
  'code.unknown': { severity: 'error', advice: '請以市級系統公布的代碼更正；代碼剛公布時，請先同步代碼資料。' },
  'courseCode.malformed': { severity: 'error', advice: byOffice },
  'courseCode.unknown': { severity: 'error', advice: '請確認課程計畫平臺的課程代碼，同步教師配課資料後再預檢。' },
  'schoolCode.malformed': { severity: 'error', advice: byOffice },
  'credits.differ': { severity: 'warning', advice: '請核對課程計畫的學分數與修課紀錄。' },
  'grade.differs': { severity: 'warning', advice: '請核對開課年級；重補修或跨年級選修時可以確認後提交。' },
  'course.noRecord': { severity: 'warning', advice: '請核對修課紀錄是否已由校務行政系統傳送並同步。' },
  'summary.tooLong': { severity: 'error', advice: byStudent },
  'certification.missing': { severity: 'error', advice: '請教師完成認證，或請學生取消勾選。' },
  'certification.late': { severity: 'error', advice: '請學生取消勾選後重新勾選，同步後再預檢。' },
  'tick.tooMany': { severity: 'error', advice: '請學生取消多勾選的紀錄，同步後再預檢。' },
  'file.none': { severity: 'error', advice: byStudent },
  'file.missing': { severity: 'error', advice: '市級系統找不到這個檔案，請學生重新上傳。' },
  'file.damaged': { severity: 'error', advice: '請至「設定功能參數」的異常檔案重新下載，仍不符時請學生重新上傳。' },
  'file.kind': { severity: 'error', advice: '請學生改以 PDF、JPG、PNG 或 MP3、MP4 的檔案重新上傳。' },
  'file.unreadable': { severity: 'error', advice: '請學生開啟原檔確認後重新上傳。' },
  'file.tooBig': { severity: 'error', advice: '請學生縮小檔案後重新上傳。' },
  'file.unchecked': { severity: 'warning', advice: '請連線後再預檢一次，讓程式下載並檢查檔案內容。' },
  'file.twice': { severity: 'warning', advice: '請向學生確認是否傳錯檔案。' },
  'record.duplicate': { severity: 'error', advice: '請學生取消其中一筆的勾選，或由校務行政系統刪除重複的一筆。' },
  'link.unknown': { severity: 'error', advice: '請先執行同步作業取得檔案連結網址，再預檢。' },
  'window.unknown': { severity: 'warning', advice: '請先執行同步作業；仍沒有時請洽市級系統公布提交期限。' },
  'window.soon': { severity: 'warning', advice: '可以先預檢與修正，期限開始後再提交。' },
  'window.closed': { severity: 'warning', advice: '期限已過，市級系統不會收件；需要補提交時請洽國教署。' },
} as const satisfies Record<string, FindingKind>;
export type FindingCode = keyof typeof findingKinds;

/** One finding before it is kept: of a record, of a student, or of the roster as a whole. */
export interface Finding {
  code: FindingCode;
  studentId: string | null;
  recordId: string | null;
  sheet: string | null;
  /** The roster's heading. */
  field: string | null;
  message: string;
}
