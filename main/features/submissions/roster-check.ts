import { formatRocDay } from '../../../domain/roc-date.ts';
import { checkCells } from './check-cells.ts';
import type { CheckContext } from './check-context.ts';
import { checkFiles, type MissingFiles } from './check-files.ts';
import type { Finding, FindingCode } from './findings.ts';
import type { RosterRow } from './roster-rows.ts';

/** 預檢 of a roster, row by row and then as a whole. */
export interface RosterCheck {
  /** Looks at a row; what is wrong with it is told at once. */
  row: (row: RosterRow) => void;
  /** What only the whole roster shows. */
  finish: () => void;
}

interface StudentTally {
  name: string;
  identity: string | null;
  ticked: number;
  /** Keys of the rows seen, for duplicates. */
  rows: Set<string>;
  /** SHA-256 of the documents seen. */
  documents: Set<string>;
}

/** @param tell hears each finding, in the order of the rows */
export function rosterCheck(context: CheckContext, missing: MissingFiles, tell: (finding: Finding) => void): RosterCheck {
  const { roster, limits, window, today, school } = context;
  const { kind } = roster.scope;
  const tallies = new Map<string, StudentTally>();
  /** Identity → the first student who has it. */
  const identities = new Map<string, string>();
  let files = false;

  const general = (code: FindingCode, message: string) =>
    tell({ code, studentId: null, recordId: null, sheet: null, field: null, message });

  const checkStudent = (row: RosterRow, tellRow: (code: FindingCode, field: string | null, message: string) => void): StudentTally => {
    const { record } = row;
    const studentId = String(record.studentId);
    const known = tallies.get(studentId);
    if (known) return known;
    const tally: StudentTally = {
      name: String(record.name),
      identity: record.identity as string | null,
      ticked: 0,
      rows: new Set(),
      documents: new Set(),
    };
    tallies.set(studentId, tally);
    if (record.studentDeletedAt !== null || record.className === null) tellRow('student.notEnrolled', null, '該學年期沒有學籍資料');
    else if (
      record.status === 'transferredOut' &&
      typeof record.statusChangedOn === 'string' &&
      record.statusChangedOn < context.schoolEnds
    ) {
      tellRow('student.left', null, `已於 ${formatRocDay(record.statusChangedOn)} 轉出`);
    }
    if (tally.identity) {
      const other = identities.get(tally.identity);
      if (other === undefined) identities.set(tally.identity, studentId);
      else {
        const heading = row.sheet.columns.find((column) => column.kind === 'identity')?.title ?? '身分證號';
        tellRow('identity.shared', heading, `「${heading}」與另一位學生相同`);
      }
    }
    return tally;
  };

  const checkOutcome = ({ sheet, record }: RosterRow, tellRow: (code: FindingCode, field: string | null, message: string) => void) => {
    const headingOf = (field: string) => sheet.columns.find((column) => column.field === field)?.title ?? null;
    if (record.state !== 'approved') tellRow('certification.missing', '認證狀態', '已勾選但教師認證沒有通過');
    else if (typeof record.certifiedAt === 'string' && typeof record.tickedAt === 'string' && record.certifiedAt > record.tickedAt) {
      tellRow('certification.late', '認證狀態', '勾選的時間早於教師認證的時間');
    }
    if (sheet.special !== 'none') return;
    if (
      typeof record.offeringCredits === 'number' &&
      record.offeringCode === record.courseCode &&
      record.offeringCredits !== record.credits
    ) {
      tellRow('credits.differ', headingOf('credits'), `「${headingOf('credits')}」${record.credits}，開課資料為 ${record.offeringCredits}`);
    }
    if (typeof record.studentGrade === 'number' && record.studentGrade !== record.courseGrade) {
      tellRow(
        'grade.differs',
        headingOf('courseGrade'),
        `「${headingOf('courseGrade')}」${record.courseGrade}，學生為 ${record.studentGrade} 年級`,
      );
    }
    if (!context.coursesTaken.has(`${record.studentId}/${record.courseCode}`)) {
      tellRow('course.noRecord', headingOf('courseCode'), '修課紀錄沒有這門課');
    }
  };

  return {
    row: (row) => {
      const { sheet, record, cells } = row;
      const tellRow = (code: FindingCode, field: string | null, message: string) =>
        tell({ code, studentId: String(record.studentId), recordId: String(record.recordId), sheet: sheet.name, field, message });
      const tally = checkStudent(row, tellRow);
      checkCells(sheet, record, context, tellRow);
      checkFiles(sheet, record, limits, missing, tellRow);
      if (sheet.source === 'outcomes') checkOutcome(row, tellRow);
      files ||= record.documentSha256 != null || record.mediaSha256 != null;

      tally.ticked += 1;
      const key = `${sheet.name}${JSON.stringify(cells)}`;
      if (tally.rows.has(key)) tellRow('record.duplicate', null, '與同一位學生的另一筆完全相同');
      tally.rows.add(key);
      if (typeof record.documentSha256 === 'string') {
        if (tally.documents.has(record.documentSha256)) {
          const heading = sheet.columns.find(({ field }) => field === 'documentLink')?.title ?? null;
          tellRow('file.twice', heading, `文件檔案「${record.documentName}」與同一位學生的另一筆相同`);
        }
        tally.documents.add(record.documentSha256);
      }
    },
    finish: () => {
      const most =
        kind === 'outcomes' ? limits.tickedOutcomes : kind === 'performances' ? limits.tickedPerformances : Number.POSITIVE_INFINITY;
      for (const [studentId, { ticked }] of tallies) {
        if (ticked > most) {
          tell({
            code: 'tick.tooMany',
            studentId,
            recordId: null,
            sheet: null,
            field: '勾選數量',
            message: `勾選 ${ticked} 件，超過一學年 ${most} 件`,
          });
        }
      }
      if (files && school.fileLinks === null) general('link.unknown', '市級系統還沒有提供檔案連結的網址');
      if (!window) general('window.unknown', '市級系統還沒有公布這份名冊的提交期限');
      else if (today < window.startsOn) general('window.soon', `提交期限 ${formatRocDay(window.startsOn)} 才開始`);
      else if (today > window.endsOn) general('window.closed', `提交期限已於 ${formatRocDay(window.endsOn)} 截止`);
    },
  };
}
