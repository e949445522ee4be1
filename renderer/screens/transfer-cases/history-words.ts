import { enrollmentStatusNames } from '../../../domain/portfolio.ts';
import { formatRocDay } from '../../../domain/roc-date.ts';
import {
  handoverWays,
  passwordWays,
  requestWays,
  type TransferDirection,
  type TransferEventKind,
  unneededReasons,
} from '../../../domain/transfer-case.ts';
import type { OutputOf } from '../../../main/features/contract.ts';

export type CaseEvent = OutputOf<'transferCases.details'>['events'][number];

const of = (names: Readonly<Record<string, string>>, key: unknown): string => names[String(key)] ?? String(key ?? '');
const day = (value: unknown): string => formatRocDay(typeof value === 'string' ? value : null);
const given = (value: unknown, words: (text: string) => string): string => (value ? words(String(value)) : '');
const school = ({ schoolCode, schoolName }: Record<string, unknown>): string => [schoolName, schoolCode].filter(Boolean).join(' ');

const titles: Record<TransferDirection, Record<TransferEventKind, string>> = {
  out: {
    opened: '轉出，開始追蹤',
    dayCorrected: '學籍更正轉出日期',
    schoolNamed: '登記轉入學校',
    fileMade: '產生匯出檔案',
    fileRemoved: '刪除匯出檔案',
    handedOver: '交付檔案',
    passwordTold: '告知密碼',
    acknowledged: '對方學校確認收到',
    requested: '',
    received: '',
    imported: '',
    importUndone: '',
    unneeded: '無須交付',
    withdrawn: '學籍已更正，結束追蹤',
    reopened: '重新追蹤',
    takenBack: '退回上一步',
  },
  in: {
    opened: '轉入，開始追蹤',
    dayCorrected: '學籍更正轉入日期',
    schoolNamed: '登記原就讀學校',
    fileMade: '',
    fileRemoved: '',
    handedOver: '',
    passwordTold: '',
    acknowledged: '',
    requested: '催交',
    received: '收到檔案',
    imported: '匯入完成',
    importUndone: '復原匯入',
    unneeded: '無須匯入',
    withdrawn: '學籍已更正，結束追蹤',
    reopened: '重新追蹤',
    takenBack: '退回上一步',
  },
};

/** What an event is called: 交付檔案. */
export const eventTitle = (direction: TransferDirection, { kind }: Pick<CaseEvent, 'kind'>): string => titles[direction][kind];

/** What is known of an event beside its title, a phrase each. */
export function eventPhrases(direction: TransferDirection, { kind, details }: Pick<CaseEvent, 'kind' | 'details'>): string[] {
  const phrases = () => {
    switch (kind) {
      case 'opened':
        return [`${direction === 'out' ? '轉出' : '轉入'}日期 ${day(details.movedOn)}`, school(details)];
      case 'dayCorrected':
        return [`${day(details.before)} → ${day(details.movedOn)}`];
      case 'schoolNamed':
        return [school(details) || '未指定'];
      case 'fileMade':
      case 'fileRemoved':
      case 'imported':
      case 'importUndone':
        return [String(details.fileName ?? '')];
      case 'handedOver':
        return [
          `${day(details.on)} ${of(handoverWays, details.how)}`,
          given(details.to, (to) => `交給 ${to}`),
          String(details.fileName ?? ''),
        ];
      case 'passwordTold':
        return [`${day(details.on)} ${of(passwordWays, details.how)}`];
      case 'acknowledged':
        return [day(details.on), given(details.by, (by) => `確認人員 ${by}`)];
      case 'requested':
        return [`${day(details.on)} ${of(requestWays, details.how)}`, given(details.whom, (whom) => `聯絡 ${whom}`)];
      case 'received':
        return [`${day(details.on)} ${of(handoverWays, details.how)}`];
      case 'unneeded':
        return [of(unneededReasons, details.reason)];
      case 'withdrawn':
        return [`學籍狀態改為${of(enrollmentStatusNames, details.status)}`];
      case 'takenBack':
        return [`取消「${titles[direction][details.what as TransferEventKind] ?? ''}」`];
      case 'reopened':
        return [];
    }
  };
  return [...phrases(), given(details.remark, (remark) => `備註：${remark}`)].filter((phrase) => phrase !== '');
}
