import type { ParameterName } from './office-settings.ts';

/** 功能參數 (manual §3.2): 項目 數量 單位 說明 as the manual prints them, and what each may be. */
export interface ParameterRule {
  title: string;
  unit: string;
  explanation: string;
  least: number;
  most: number;
  /** Blank is allowed, and means what the explanation says. */
  mayBeBlank: boolean;
}

/** 國教署: at least six outcomes a term, since six may be ticked a year. */
export const leastOutcomesPerTerm = 6;

export const parameterRules: Record<Exclude<ParameterName, 'damagedFileUpdate'>, ParameterRule> = {
  outcomesPerTerm: {
    title: '學生學習成果上傳數量',
    unit: '件',
    explanation:
      '例如：6件，學生於每學期最多上傳6件學習成果供授課教師審查。備註：學生於每學年僅能自行勾選6份學習成果提交中央資料庫，此設定國教署規定不可低於6件。',
    least: leastOutcomesPerTerm,
    most: 999,
    mayBeBlank: false,
  },
  outcomesPerCourse: {
    title: '學生單科學習成果上傳數量',
    unit: '件',
    explanation: '例如：5件，學生於每學期單科最多上傳5件學習成果供授課教師審查。',
    least: 1,
    most: 999,
    mayBeBlank: false,
  },
  uncertifiedNoticeHour: {
    title: '學生未認證學習成果Email通知教師時間',
    unit: '--',
    explanation: '設定教師未認證的學習成果，要在每天幾點發送通知信，提醒教師登入審查，請輸入0~23的整數，空白表示不寄送通知',
    least: 0,
    most: 23,
    mayBeBlank: true,
  },
  tickOutcomesNoticeDays: {
    title: '通知學生勾選學習成果',
    unit: '天',
    explanation: '設定系統於貴校勾選結束日期前幾天，通知學生登入勾選要提交的學習成果，預設為3天',
    least: 0,
    most: 60,
    mayBeBlank: true,
  },
  tickPerformancesNoticeDays: {
    title: '通知學生勾選多元表現',
    unit: '天',
    explanation: '設定系統於貴校勾選結束日期前幾天，通知學生登入勾選要提交的多元表現，預設為3天',
    least: 0,
    most: 60,
    mayBeBlank: true,
  },
  certificationDeadlineNoticeDays: {
    title: '通知學生學習成果送出認證截止日',
    unit: '天',
    explanation: '預設3天',
    least: 0,
    most: 60,
    mayBeBlank: true,
  },
};
export type NumberedParameter = keyof typeof parameterRules;
export const numberedParameters = Object.keys(parameterRules) as NumberedParameter[];
export type ParameterValues = Record<NumberedParameter, number | null>;

/** Why values cannot be saved, by parameter; empty when they can. */
export function parameterRefusals(values: ParameterValues): Partial<Record<NumberedParameter, string>> {
  const refusals: Partial<Record<NumberedParameter, string>> = {};
  for (const name of numberedParameters) {
    const { least, most, mayBeBlank } = parameterRules[name];
    const value = values[name];
    if (value === null) {
      if (!mayBeBlank) refusals[name] = '這一項不能空白。';
    } else if (!Number.isInteger(value) || value < least || value > most) {
      refusals[name] = name === 'outcomesPerTerm' && value < least ? '國教署規定不可低於6件。' : `請輸入 ${least}~${most} 的整數。`;
    }
  }
  const { outcomesPerTerm, outcomesPerCourse } = values;
  if (!refusals.outcomesPerCourse && outcomesPerTerm !== null && outcomesPerCourse !== null && outcomesPerCourse > outcomesPerTerm) {
    refusals.outcomesPerCourse = `單科的數量不能超過每學期的 ${outcomesPerTerm} 件。`;
  }
  return refusals;
}

/** Titles of every parameter, the switch of damaged files (§3.2.7) too. */
export const parameterTitles: Record<ParameterName, string> = {
  ...(Object.fromEntries(numberedParameters.map((name) => [name, parameterRules[name].title])) as Record<NumberedParameter, string>),
  damagedFileUpdate: '切換學習成果異常檔案更新功能',
};
