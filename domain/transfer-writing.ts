import { documentTransferKeys, performanceFields } from './performance-fields.ts';
import { md5OfNothing, outcomeStateNames, performanceCategories } from './portfolio.ts';
import { taipeiDateTime } from './roc-date.ts';
import {
  transferKeys as keys,
  type TransferCadre,
  type TransferLink,
  type TransferOutcome,
  type TransferPerformance,
  type TransferStudent,
  unknownNumber,
  unknownUnitCode,
} from './transfer-content.ts';

/** One student as the object of a transfer file: every key of exchange-fields.json, in its order. Pure. */

const western = (day: string | null | undefined) => (day ?? '').replaceAll('-', '/');
const local = (instant: string) => taipeiDateTime(new Date(instant));
const link = (file: TransferLink | null) => file?.path ?? '';
const md5 = (file: TransferLink | null) => file?.md5 ?? md5OfNothing;

function cadre(record: TransferCadre, student: TransferStudent): Record<string, unknown> {
  return {
    擔任學校幹部期間就讀學校代碼: record.sourceSchoolCode,
    擔任學校幹部期間就讀單位代碼: record.sourceUnitCode ?? unknownUnitCode,
    [keys.academicYear]: record.academicYear,
    [keys.semester]: record.semester,
    [keys.identity]: student.identity,
    [keys.birthDate]: western(student.birthDate),
    單位名稱: record.unitName,
    開始日期: western(record.startsOn),
    結束日期: western(record.endsOn),
    擔任職務名稱: record.positionName,
    幹部等級代碼: record.levelCode,
    [keys.createdAt]: local(record.createdAt),
    [keys.submittedTerm]: record.submittedTerm,
  };
}

function outcome(record: TransferOutcome, student: TransferStudent): Record<string, unknown> {
  return {
    修課學校代碼: record.sourceSchoolCode,
    修課單位代碼: record.sourceUnitCode ?? unknownUnitCode,
    應修課學年度: record.academicYear,
    應修課學期: record.semester,
    [keys.identity]: student.identity,
    [keys.birthDate]: western(student.birthDate),
    課程代碼: record.courseCode,
    科目名稱: record.subjectName,
    學分數: record.credits,
    開課年級: record.grade,
    開課學期: record.courseSemester,
    是否為借讀生時的課程學習成果: record.exchange,
    是否為重修時的課程學習成果: record.retake,
    重修學年度及學期: record.retakeTerm ?? '',
    重修方式: record.retakeMethod ?? '',
    是否為補修時的課程學習成果: record.makeup,
    補修學年度及學期: record.makeupTerm ?? '',
    補修方式: record.makeupMethod ?? '',
    是否為重讀時的課程學習成果: record.repeat,
    重讀學年度及學期: record.repeatTerm ?? '',
    是否為轉學轉科前的課程學習成果: record.beforeTransfer,
    課程學習成果文件檔案連結: link(record.document),
    文件檔案MD5: md5(record.document),
    課程學習成果影音檔案連結: link(record.media),
    影音檔案MD5: md5(record.media),
    課程學習成果簡述: record.summary,
    認證狀態: outcomeStateNames[record.state],
    本課程學習成果上傳學年度及學期: record.uploadedTerm,
    建立日期及時間: local(record.createdAt),
    [keys.submittedTerm]: record.submittedTerm,
  };
}

function performance(record: TransferPerformance, student: TransferStudent): Record<string, unknown> {
  const fields = performanceFields[record.category].map(({ key, transferKey, kind }) => {
    const value = record.details[key] ?? null;
    if (kind === 'number') return [transferKey, value === null || value === '' ? unknownNumber : value];
    return [transferKey, kind === 'day' ? western(value as string | null) : (value ?? '')];
  });
  // 競賽參與紀錄 has 內容簡述 before its last field (exchange-fields.json).
  const afterSummary = record.category === 2 ? fields.splice(-1) : [];
  const document = documentTransferKeys(record.category);
  return {
    [keys.schoolCode]: record.sourceSchoolCode,
    [keys.unitCode]: record.sourceUnitCode ?? unknownUnitCode,
    [keys.academicYear]: record.academicYear,
    [keys.semester]: record.semester,
    [keys.identity]: student.identity,
    [keys.birthDate]: western(student.birthDate),
    ...Object.fromEntries(fields),
    [keys.summary]: record.summary,
    ...Object.fromEntries(afterSummary),
    [document.link]: link(record.document),
    [document.md5]: md5(record.document),
    [keys.mediaLink]: link(record.media),
    [keys.mediaMd5]: md5(record.media),
    [keys.externalLink]: record.externalLink ?? '',
    [keys.uploadedTerm]: record.uploadedTerm,
    [keys.createdAt]: local(record.createdAt),
    [keys.submittedTerm]: record.submittedTerm,
  };
}

export function writeTransferStudent(student: TransferStudent): Record<string, unknown> {
  const performances = performanceCategories.map(({ category, transferKey }) => [
    transferKey,
    student.performances.filter((record) => record.category === category).map((record) => performance(record, student)),
  ]);
  return {
    [keys.basics]: {
      [keys.schoolCode]: student.schoolCode,
      [keys.unitCode]: student.unitCode ?? unknownUnitCode,
      [keys.academicYear]: student.academicYear,
      [keys.semester]: student.semester,
      [keys.identity]: student.identity,
      [keys.name]: student.name,
      [keys.birthDate]: western(student.birthDate),
      [keys.cadres]: student.cadres.map((record) => cadre(record, student)),
    },
    [keys.outcomes]: student.outcomes.map((record) => outcome(record, student)),
    [keys.performances]: Object.fromEntries(performances),
  };
}
