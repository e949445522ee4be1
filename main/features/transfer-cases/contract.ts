import { z } from 'zod';
import { enrollmentStatusNames } from '../../../domain/portfolio.ts';
import { isIsoDay } from '../../../domain/roc-date.ts';
import {
  arrivalStates,
  handoverWays,
  leaverStates,
  passwordWays,
  requestWays,
  transferDirections,
  transferEventKinds,
  unneededReasons,
  unneededToHandOver,
  unneededToImport,
} from '../../../domain/transfer-case.ts';
import { command, defineFeature, query, type Right } from '../../application/contract.ts';
import { defineGrid, type GridColumn, gridOperations, gridPage, rowId } from '../../application/grid-contract.ts';

/**
 * 轉出學生追蹤 and 轉入學生追蹤: a transfer is finished only when the other school has the portfolio, or it is here. Cases come with the
 * register's moves (db/migrations/0004) and stay; the office records what it did.
 */

const sent = (key: string, kind: GridColumn['kind'] = 'text') =>
  ({ key, title: key, kind, hidden: true, filterable: false, sortable: false }) as const satisfies GridColumn;

/** Who it is, in both grids. A student whom the city deleted keeps his case. */
const student = [
  sent('studentId'),
  { key: 'className', title: '班級', kind: 'text', width: 88 },
  { key: 'seatNumber', title: '座號', kind: 'number', width: 64 },
  { key: 'studentNumber', title: '學號', kind: 'text', width: 96 },
  { key: 'name', title: '姓名', kind: 'text', width: 92 },
  { key: 'enrollment', title: '學籍狀態', kind: 'choice', choices: { ...enrollmentStatusNames, deleted: '已刪除' }, width: 92 },
] as const satisfies readonly GridColumn[];

/** How long it has been open, in days since the move; a case that is finished waits no more. */
const waiting = [
  { key: 'waitingDays', title: '已過天數', kind: 'number', width: 92 },
  { key: 'overdue', title: '逾期', kind: 'flag', width: 72 },
  { key: 'open', title: '追蹤中', kind: 'flag', hidden: true, sortable: false },
] as const satisfies readonly GridColumn[];

/** 轉出學生追蹤: who waits longest stands first. */
export const leaverGrid = defineGrid({
  name: 'transferLeavers',
  title: '轉出學生追蹤',
  columns: [
    rowId,
    ...student,
    { key: 'movedOn', title: '轉出日期', kind: 'rocDay', width: 96 },
    { key: 'school', title: '轉入學校', kind: 'text' },
    { key: 'state', title: '處理情形', kind: 'choice', choices: leaverStates, width: 124 },
    ...waiting,
    sent('fileId'),
    sent('schoolCode'),
    sent('schoolName'),
    { key: 'fileName', title: '匯出檔案', kind: 'text', width: 240 },
    { key: 'fileMadeAt', title: '產生時間', kind: 'rocDateTime', width: 150 },
    { key: 'handedOverOn', title: '交付日期', kind: 'rocDay', width: 96 },
    { key: 'handedOverHow', title: '交付方式', kind: 'choice', choices: handoverWays, width: 96 },
    { key: 'handedOverTo', title: '交付對象', kind: 'text', width: 130 },
    { key: 'passwordToldOn', title: '密碼告知日期', kind: 'rocDay', width: 110 },
    { key: 'passwordToldHow', title: '密碼告知方式', kind: 'choice', choices: passwordWays, width: 110 },
    { key: 'acknowledgedOn', title: '確認日期', kind: 'rocDay', width: 96 },
    { key: 'acknowledgedBy', title: '確認人員', kind: 'text', width: 110 },
    { key: 'unneededReason', title: '無須交付原因', kind: 'choice', choices: unneededToHandOver, width: 160 },
    { key: 'remark', title: '備註', kind: 'text', width: 160 },
  ],
  students: 'studentId',
  defaultSort: { key: 'waitingDays', descending: true },
});

/** 轉入學生追蹤, likewise. */
export const arrivalGrid = defineGrid({
  name: 'transferArrivals',
  title: '轉入學生追蹤',
  columns: [
    rowId,
    ...student,
    { key: 'movedOn', title: '轉入日期', kind: 'rocDay', width: 96 },
    { key: 'school', title: '原就讀學校', kind: 'text' },
    { key: 'state', title: '處理情形', kind: 'choice', choices: arrivalStates, width: 124 },
    ...waiting,
    sent('schoolCode'),
    sent('schoolName'),
    { key: 'requestedOn', title: '最近催交', kind: 'rocDay', width: 96 },
    { key: 'requestCount', title: '催交次數', kind: 'number', width: 92 },
    { key: 'receivedOn', title: '收到日期', kind: 'rocDay', width: 96 },
    { key: 'receivedHow', title: '收到方式', kind: 'choice', choices: handoverWays, width: 96 },
    { key: 'importedAt', title: '匯入時間', kind: 'rocDateTime', width: 150 },
    { key: 'importedFile', title: '匯入檔名', kind: 'text', width: 240 },
    { key: 'unneededReason', title: '無須匯入原因', kind: 'choice', choices: unneededToImport, width: 160 },
    { key: 'remark', title: '備註', kind: 'text', width: 160 },
  ],
  students: 'studentId',
  defaultSort: { key: 'waitingDays', descending: true },
});

/** The module of each direction: 匯出 and 匯入學生學習歷程資料. */
export const transferModules = { out: 'S0219S', in: 'S0220S' } as const;
const access = <Wanted extends Right>(right: Wanted) => ({ field: 'direction', modules: transferModules, right }) as const;
const ofDirection = { direction: z.enum(transferDirections) };

const isoDay = z.string().refine(isIsoDay, '請輸入正確的日期');
const id = z.string().min(1).max(64);
const ids = z.array(id).min(1).max(500);
const text = z.string().trim().max(200);
const keysOf = <Key extends string>(choices: Readonly<Record<Key, string>>) => z.enum(Object.keys(choices) as [Key, ...Key[]]);

/** What a step ends with: the students it was recorded for. */
const recorded = z.object({ studentIds: z.array(z.string()) });
type Recorded = z.output<typeof recorded>;
const changed = { action: 'change', students: (_input: unknown, { studentIds }: Recorded) => studentIds } as const;

const leavers = gridOperations(leaverGrid, { module: 'S0219S', right: 'view' });
const arrivals = gridOperations(arrivalGrid, { module: 'S0220S', right: 'view' });

/**
 * Every step takes one or many cases and is recorded for all of them or for none. Errors of all: transferCases.unknown; .finished (of a case
 * that is done, with details.studentNumbers); .dayInFuture, .dayTooEarly where a day cannot be.
 */
export const transferCases = defineFeature('transferCases', {
  leavers: leavers.list,
  exportLeavers: leavers.exportWorkbook,
  arrivals: arrivals.list,
  exportArrivals: arrivals.exportWorkbook,
  /** How many cases are in each state, with the days of the one that waits longest. */
  summary: query({
    title: '轉學追蹤統計',
    input: z.object(ofDirection),
    output: z.object({
      states: z.record(z.string(), z.object({ count: z.int(), longestDays: z.int() })),
      overdue: z.int(),
    }),
    access: access('view'),
  }),
  /** One case with its files and its history, the newest first. */
  details: query({
    title: '查看轉學追蹤歷程',
    input: z.object({ ...ofDirection, id }),
    output: z.object({
      studentId: z.string(),
      /** As its grid has it now. */
      row: gridPage.shape.rows.element,
      /** Files made for a leaver that are still kept, the newest first. */
      files: z.array(z.object({ id: z.string(), fileName: z.string(), createdAt: z.string(), studentCount: z.int() })),
      events: z.array(
        z.object({
          sequence: z.int(),
          at: z.string(),
          /** Null for what came with the register. */
          recordedBy: z.string().nullable(),
          kind: z.enum(transferEventKinds),
          details: z.record(z.string(), z.unknown()),
        }),
      ),
    }),
    access: access('view'),
    audit: { action: 'view', students: (_input, { studentId }) => [studentId] },
  }),
  /** Schools that cases have named, so that a code is not typed with its name each time. */
  schools: query({
    title: '轉學學校',
    input: z.object(ofDirection),
    output: z.object({ schools: z.array(z.object({ code: z.string(), name: z.string() })) }),
    access: access('view'),
  }),
  /** Where a leaver goes, or an arrival came from; the register no longer changes it. */
  nameSchool: command({
    title: '登記轉學學校',
    input: z.object({
      ...ofDirection,
      ids,
      code: z
        .string()
        .trim()
        .regex(/^([0-9A-Z]{6})?$/, '學校代碼是六碼英數字'),
      name: text,
    }),
    output: recorded,
    access: access('update'),
    audit: { ...changed, summary: ({ code, name }) => `登記轉學學校 ${code} ${name}`.trim() },
  }),
  /**
   * 登記交付: each leaver's newest file, or the one that is named; again it replaces what was recorded before. Errors:
   * transferCases.noFile (details.studentNumbers), .dayTooEarly (before the file was made).
   */
  handOver: command({
    title: '登記交付',
    input: z.object({
      direction: z.literal('out'),
      cases: z
        .array(z.object({ id, fileId: id.optional() }))
        .min(1)
        .max(500),
      on: isoDay,
      how: keysOf(handoverWays),
      to: text.min(1, '請輸入交付對象'),
      password: z.object({ on: isoDay, how: keysOf(passwordWays) }).nullable(),
      remark: text,
    }),
    output: recorded,
    access: access('update'),
    audit: { ...changed, summary: ({ on, how }) => `登記交付 ${on} ${handoverWays[how]}` },
  }),
  /** The password was told, on another way than the file. Errors: transferCases.noFile. */
  tellPassword: command({
    title: '登記密碼告知',
    input: z.object({ direction: z.literal('out'), ids, on: isoDay, how: keysOf(passwordWays) }),
    output: recorded,
    access: access('update'),
    audit: { ...changed, summary: ({ on, how }) => `登記密碼告知 ${on} ${passwordWays[how]}` },
  }),
  /** 登記確認: the other school has it; the case is done. Errors: transferCases.notHandedOver (details.studentNumbers), .dayTooEarly. */
  acknowledge: command({
    title: '登記對方學校確認',
    input: z.object({ direction: z.literal('out'), ids, on: isoDay, by: text.min(1, '請輸入確認人員'), remark: text }),
    output: recorded,
    access: access('update'),
    audit: { ...changed, summary: ({ on }) => `登記對方學校確認 ${on}` },
  }),
  /** 登記催交: the school before was asked for the file. */
  request: command({
    title: '登記催交',
    input: z.object({ direction: z.literal('in'), ids, on: isoDay, how: keysOf(requestWays), whom: text, remark: text }),
    output: recorded,
    access: access('update'),
    audit: { ...changed, summary: ({ on, how }) => `登記催交 ${on} ${requestWays[how]}` },
  }),
  /** 登記收到檔案: it is here, and still to be imported. */
  receive: command({
    title: '登記收到檔案',
    input: z.object({ direction: z.literal('in'), ids, on: isoDay, how: keysOf(handoverWays), remark: text }),
    output: recorded,
    access: access('update'),
    audit: { ...changed, summary: ({ on }) => `登記收到檔案 ${on}` },
  }),
  /** 無須交付, 無須匯入: with a reason, and can be taken back. Errors: transferCases.reasonMissing (其他 without a remark). */
  markUnneeded: command({
    title: '登記無須處理',
    input: z.discriminatedUnion('direction', [
      z.object({ direction: z.literal('out'), ids, reason: keysOf(unneededToHandOver), remark: text }),
      // That the city has it is found out, not recorded.
      z.object({ direction: z.literal('in'), ids, reason: keysOf(unneededToImport).exclude(['cityHasIt']), remark: text }),
    ]),
    output: recorded,
    access: access('update'),
    audit: {
      ...changed,
      summary: ({ direction, reason }) => `登記${direction === 'out' ? '無須交付' : '無須匯入'}：${unneededReasons[reason]}`,
    },
  }),
  /**
   * 退回上一步: a step recorded by mistake; both stay in the history. Errors: transferCases.nothingToTakeBack, .imported (an import is taken
   * back where it was made), .withdrawn.
   */
  takeBack: command({
    title: '退回轉學追蹤的上一步',
    input: z.object({ ...ofDirection, id }),
    output: recorded,
    access: access('update'),
    audit: changed,
  }),
});
