import type { Sqlite } from '../../../db/connection.ts';
import { formatRocDay, taipeiDay } from '../../../domain/roc-date.ts';
import type {
  HandoverWay,
  PasswordWay,
  RequestWay,
  TransferDirection,
  TransferEventKind,
  UnneededReason,
} from '../../../domain/transfer-case.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { type Doing, eventWriter } from './file-steps.ts';
import { type CaseFile, caseFinder, filesOfCase, type KeptCase } from './queries.ts';

/**
 * What the office records of a case. Each function changes every case it is given or, throwing, none: call in a transaction.
 * @returns ids of the students
 */
export interface Steps {
  nameSchool: (direction: TransferDirection, ids: readonly string[], school: { code: string; name: string }) => string[];
  handOver: (cases: readonly { id: string; fileId?: string | undefined }[], handover: Handover) => string[];
  tellPassword: (ids: readonly string[], told: Told) => string[];
  acknowledge: (ids: readonly string[], acknowledged: { on: string; by: string; remark: string }) => string[];
  request: (ids: readonly string[], request: { on: string; how: RequestWay; whom: string; remark: string }) => string[];
  receive: (ids: readonly string[], received: { on: string; how: HandoverWay; remark: string }) => string[];
  markUnneeded: (direction: TransferDirection, ids: readonly string[], why: { reason: UnneededReason; remark: string }) => string[];
  takeBack: (direction: TransferDirection, id: string) => string[];
}

interface Told {
  on: string;
  how: PasswordWay;
}

interface Handover {
  on: string;
  how: HandoverWay;
  to: string;
  password: Told | null;
  remark: string;
}

export const unknownCase = (id: string) =>
  new ApplicationError('transferCases.unknown', '找不到這筆轉學追蹤，請重新整理後再試一次。', { id });

type Column = string | number | null;

const numbersOf = (cases: readonly KeptCase[]) => cases.map(({ studentNumber }) => studentNumber);
const listed = (cases: readonly KeptCase[]) => `學號 ${numbersOf(cases).join('、')}`;

function refuseIf(refused: readonly KeptCase[], code: string, why: (who: string) => string): void {
  if (refused.length === 0) return;
  throw new ApplicationError(code, why(listed(refused)), { studentNumbers: numbersOf(refused) });
}

/**
 * @param today ISO day of Taipei: nothing is recorded for a day that has not come
 */
export function officeSteps(sqlite: Sqlite, doing: Doing, today: string): Steps {
  const record = eventWriter(sqlite);

  const keptCases = (direction: TransferDirection, ids: readonly string[]): KeptCase[] => {
    const find = caseFinder(sqlite, direction);
    return [...new Set(ids)].map((id) => {
      const found = find(id);
      if (!found) throw unknownCase(id);
      return found;
    });
  };
  const openCases = (direction: TransferDirection, ids: readonly string[]): KeptCase[] => {
    const cases = keptCases(direction, ids);
    refuseIf(
      cases.filter(({ finishedAt }) => finishedAt !== null),
      'transferCases.finished',
      (who) => `${who} 已經結案；要更改請先在歷程按「退回上一步」。`,
    );
    return cases;
  };
  const refuseFuture = (on: string) => {
    if (on > today) throw new ApplicationError('transferCases.dayInFuture', `日期不能晚於今天（${formatRocDay(today)}）。`, { on });
  };

  const set = (id: string, columns: Record<string, Column>) => {
    const names = Object.keys(columns);
    sqlite
      .prepare(`update transfer_cases set ${names.map((name) => `${name} = @${name}`).join(', ')} where id = @id`)
      .run({ ...columns, id });
  };
  /** A remark left empty leaves the one of the step before. */
  const withRemark = (remark: string): Record<string, Column> => (remark === '' ? {} : { remark });

  /** One step of many cases: what becomes of each, and what is written into its history. */
  const each = (
    cases: readonly KeptCase[],
    kind: TransferEventKind,
    step: (one: KeptCase) => { columns: Record<string, Column>; details: Record<string, unknown> },
  ): string[] => {
    for (const one of cases) {
      const { columns, details } = step(one);
      set(one.id, columns);
      record(one.id, doing, kind, details);
    }
    return cases.map(({ studentId }) => studentId);
  };

  const passwordColumns = ({ on, how }: Told): Record<string, Column> => ({ password_told_on: on, password_told_how: how });

  return {
    nameSchool: (direction, ids, { code, name }) =>
      each(openCases(direction, ids), 'schoolNamed', () => ({
        columns: { other_school_code: code || null, other_school_name: name || null, school_named: 1 },
        details: { schoolCode: code || null, schoolName: name || null },
      })),

    handOver: (wanted, { on, how, to, password, remark }) => {
      refuseFuture(on);
      if (password) refuseFuture(password.on);
      const fileIds = new Map(wanted.map(({ id, fileId }) => [id, fileId]));
      const cases = openCases('out', [...fileIds.keys()]);
      const files = new Map<string, CaseFile | null>();
      const without: KeptCase[] = [];
      for (const one of cases) {
        const made = filesOfCase(sqlite, one.id);
        const fileId = fileIds.get(one.id);
        const file = fileId === undefined ? made[0] : made.find(({ id }) => id === fileId);
        // What was handed over and is deleted here since can still be told differently.
        if (!file && (one.handedOverOn === null || fileId !== undefined)) without.push(one);
        files.set(one.id, file ?? null);
      }
      refuseIf(without, 'transferCases.noFile', (who) => `${who} 還沒有匯出檔案，請先產生匯出檔案再登記交付。`);
      refuseIf(
        cases.filter(({ id }) => {
          const file = files.get(id);
          return file && taipeiDay(new Date(file.createdAt)) > on;
        }),
        'transferCases.dayTooEarly',
        (who) => `交付日期（${formatRocDay(on)}）早於 ${who} 的檔案產生日期，請確認日期。`,
      );
      const students = each(cases, 'handedOver', ({ id, fileName }) => {
        const file = files.get(id);
        return {
          columns: {
            handed_over_on: on,
            handed_over_how: how,
            handed_over_to: to,
            ...withRemark(remark),
            ...(file ? { transfer_out_file_id: file.id, file_name: file.fileName, file_made_at: file.createdAt } : {}),
          },
          details: { on, how, to, remark, fileName: file?.fileName ?? fileName, ...(file ? { md5: file.md5 } : {}) },
        };
      });
      if (password) each(cases, 'passwordTold', () => ({ columns: passwordColumns(password), details: { ...password } }));
      return students;
    },

    tellPassword: (ids, told) => {
      refuseFuture(told.on);
      const cases = openCases('out', ids);
      refuseIf(
        cases.filter(({ fileName }) => fileName === null),
        'transferCases.noFile',
        (who) => `${who} 還沒有匯出檔案，沒有密碼可以告知。`,
      );
      return each(cases, 'passwordTold', () => ({ columns: passwordColumns(told), details: { ...told } }));
    },

    acknowledge: (ids, { on, by, remark }) => {
      refuseFuture(on);
      const cases = openCases('out', ids);
      refuseIf(
        cases.filter(({ handedOverOn }) => handedOverOn === null),
        'transferCases.notHandedOver',
        (who) => `${who} 還沒有登記交付，請先登記交付。`,
      );
      refuseIf(
        cases.filter(({ handedOverOn }) => handedOverOn! > on),
        'transferCases.dayTooEarly',
        (who) => `確認日期（${formatRocDay(on)}）早於 ${who} 的交付日期，請確認日期。`,
      );
      return each(cases, 'acknowledged', () => ({
        columns: { acknowledged_on: on, acknowledged_by: by, finished_at: doing.at, outcome: 'acknowledged', ...withRemark(remark) },
        details: { on, by, remark },
      }));
    },

    request: (ids, { on, how, whom, remark }) => {
      refuseFuture(on);
      return each(openCases('in', ids), 'requested', ({ requests }) => ({
        columns: { requests: JSON.stringify([...(JSON.parse(requests) as object[]), { on, how, whom }]), ...withRemark(remark) },
        details: { on, how, whom, remark },
      }));
    },

    receive: (ids, { on, how, remark }) => {
      refuseFuture(on);
      return each(openCases('in', ids), 'received', () => ({
        columns: { received_on: on, received_how: how, ...withRemark(remark) },
        details: { on, how, remark },
      }));
    },

    markUnneeded: (direction, ids, { reason, remark }) => {
      if (reason === 'other' && remark === '') {
        throw new ApplicationError('transferCases.reasonMissing', '原因選「其他」時，請在備註說明。');
      }
      return each(openCases(direction, ids), 'unneeded', () => ({
        columns: { finished_at: doing.at, outcome: 'unneeded', unneeded_reason: reason, ...withRemark(remark) },
        details: { reason, remark },
      }));
    },

    takeBack: (direction, id) =>
      each(keptCases(direction, [id]), 'takenBack', (one) => {
        const [what, columns] = backOf(one);
        return { columns: { ...columns, ...(what === 'handedOver' ? newestFile(id) : {}) }, details: { what } };
      }),
  };

  /** The file that a leaver's case shows while nothing is handed over. */
  function newestFile(id: string): Record<string, Column> {
    const file = filesOfCase(sqlite, id)[0];
    return { transfer_out_file_id: file?.id ?? null, file_name: file?.fileName ?? null, file_made_at: file?.createdAt ?? null };
  }
}

const reopened = { finished_at: null, outcome: null };

/** The last step of a case, and what its columns were before. */
function backOf({ direction, outcome, handedOverOn, receivedOn, requests }: KeptCase): [TransferEventKind, Record<string, Column>] {
  if (outcome === 'unneeded') return ['unneeded', { ...reopened, unneeded_reason: null }];
  if (outcome === 'acknowledged') return ['acknowledged', { ...reopened, acknowledged_on: null, acknowledged_by: null }];
  if (outcome === 'imported') {
    throw new ApplicationError('transferCases.imported', '這位學生已由匯入結案；要取消，請到資料匯入紀錄復原那一次匯入。');
  }
  if (outcome === 'withdrawn') {
    throw new ApplicationError('transferCases.withdrawn', '學籍已更正，不再是轉學；學籍再次異動並同步後會自動重新追蹤。');
  }
  if (direction === 'out' && handedOverOn !== null) {
    return [
      'handedOver',
      { handed_over_on: null, handed_over_how: null, handed_over_to: null, password_told_on: null, password_told_how: null },
    ];
  }
  if (receivedOn !== null) return ['received', { received_on: null, received_how: null }];
  const asked = JSON.parse(requests) as object[];
  if (asked.length > 0) return ['requested', { requests: JSON.stringify(asked.slice(0, -1)) }];
  throw new ApplicationError('transferCases.nothingToTakeBack', '這筆轉學追蹤還沒有登記過任何步驟。');
}
