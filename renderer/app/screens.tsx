import {
  ApartmentOutlined,
  HomeOutlined,
  PrinterOutlined,
  SearchOutlined,
  SettingOutlined,
  SwapOutlined,
  SyncOutlined,
  UploadOutlined,
} from '@ant-design/icons';
import { type ComponentType, type LazyExoticComponent, lazy, type ReactNode } from 'react';
import type { FunctionModule } from '../../main/application/contract.ts';
import type { SignedIn } from '../../main/features/session/contract.ts';
import { mayUse } from './session.ts';

/** What the office does, in the menu's order. */
export const groups = {
  home: { title: '首頁', icon: <HomeOutlined /> },
  sync: { title: '同步作業', icon: <SyncOutlined /> },
  query: { title: '查詢', icon: <SearchOutlined /> },
  settings: { title: '設定', icon: <SettingOutlined /> },
  submission: { title: '提交', icon: <UploadOutlined /> },
  transfer: { title: '轉學', icon: <SwapOutlined /> },
  slips: { title: '確認單', icon: <PrinterOutlined /> },
  system: { title: '系統', icon: <ApartmentOutlined /> },
} as const satisfies Record<string, { title: string; icon: ReactNode }>;
export type GroupName = keyof typeof groups;

export interface Screen {
  path: string;
  /** As in the manual; short enough for the menu. */
  title: string;
  /** The manual's number: 3.15; none of what the manual does not have. */
  manual?: string;
  /** Who may see it (any one of several); without one, everybody signed in. */
  module?: FunctionModule | readonly FunctionModule[];
  group: GroupName;
  /** False of a screen that others open, one of something. */
  inMenu?: false;
  /** The help of F1: a file of renderer/help. */
  help: string;
  component: LazyExoticComponent<ComponentType>;
}

/** Every screen there is. A new one is a line here, its folder under screens/ and its help. */
export const screens: readonly Screen[] = [
  {
    path: '/',
    title: '首頁',
    manual: '1',
    group: 'home',
    help: 'dashboard',
    component: lazy(() => import('../screens/dashboard/index.tsx')),
  },
  {
    path: '/sync',
    title: '同步作業',
    manual: '2.1',
    module: 'S0225S',
    group: 'sync',
    help: 'sync',
    component: lazy(() => import('../screens/sync/index.tsx')),
  },
  {
    path: '/outcomes',
    title: '查詢學生學習成果情形',
    manual: '3.8',
    module: 'S0205S',
    group: 'query',
    help: 'outcomes',
    component: lazy(() => import('../screens/outcomes/index.tsx')),
  },
  {
    path: '/performances',
    title: '查詢學生多元表現情形',
    manual: '3.5',
    module: 'S0206S',
    group: 'query',
    help: 'performances',
    component: lazy(() => import('../screens/performances/index.tsx')),
  },
  {
    path: '/cabinet/:studentId',
    title: '學習歷程檔案櫃',
    manual: '3.5',
    module: ['S0205S', 'S0206S'],
    group: 'query',
    inMenu: false,
    help: 'cabinet',
    component: lazy(() => import('../screens/cabinet/index.tsx')),
  },
  {
    path: '/certification',
    title: '查詢未認證教師狀況表',
    manual: '3.11',
    module: 'S0216S',
    group: 'query',
    help: 'certification',
    component: lazy(() => import('../screens/certification/index.tsx')),
  },
  {
    path: '/usage',
    title: '學習成果使用人數統計表',
    manual: '3.12',
    module: 'S0215S',
    group: 'query',
    help: 'usage',
    component: lazy(() => import('../screens/usage/index.tsx')),
  },
  {
    path: '/receipts',
    title: '學校查詢接收紀錄',
    manual: '3.10',
    module: 'S0201S1',
    group: 'query',
    help: 'receipts',
    component: lazy(() => import('../screens/receipts/index.tsx')),
  },
  {
    path: '/counselors',
    title: '查詢輔導教師',
    manual: '3.1',
    module: 'S0210S',
    group: 'query',
    help: 'counselors',
    component: lazy(() => import('../screens/counselors/index.tsx')),
  },
  {
    path: '/schedule',
    title: '設定學校作業時間',
    manual: '3.7',
    module: 'S0203S',
    group: 'settings',
    help: 'schedule',
    component: lazy(() => import('../screens/schedule/index.tsx')),
  },
  {
    path: '/parameters',
    title: '設定功能參數',
    manual: '3.2',
    module: 'S0203S1',
    group: 'settings',
    help: 'parameters',
    component: lazy(() => import('../screens/parameters/index.tsx')),
  },
  {
    path: '/course-counselors',
    title: '設定課程諮詢教師',
    manual: '3.3',
    module: 'S0204S',
    group: 'settings',
    help: 'course-counselors',
    component: lazy(() => import('../screens/course-counselors/index.tsx')),
  },
  {
    path: '/co-teaching',
    title: '合開課程設定審核老師',
    manual: '3.4',
    module: 'S0209S',
    group: 'settings',
    help: 'co-teaching',
    component: lazy(() => import('../screens/co-teaching/index.tsx')),
  },
  {
    path: '/self-study/certifiers',
    title: '設定學科/領域認證老師',
    manual: '3.13.1',
    module: 'S0301S',
    group: 'settings',
    help: 'self-study-certifiers',
    component: lazy(() => import('../screens/self-study/certifiers.tsx')),
  },
  {
    path: '/self-study/order',
    title: '設定認證順序',
    manual: '3.13.2',
    module: 'S0302S',
    group: 'settings',
    help: 'self-study-order',
    component: lazy(() => import('../screens/self-study/order.tsx')),
  },
  {
    path: '/terms',
    title: '設定學校學年期',
    manual: '3.1',
    module: 'S0213S',
    group: 'settings',
    help: 'terms',
    component: lazy(() => import('../screens/terms/index.tsx')),
  },
  {
    path: '/submissions/performances',
    title: '提交多元表現至中央資料庫',
    manual: '3.6',
    module: 'S0208S',
    group: 'submission',
    help: 'submissions',
    component: lazy(() => import('../screens/submissions/performances.tsx')),
  },
  {
    path: '/submissions/outcomes',
    title: '提交學習成果至中央資料庫',
    manual: '3.9',
    module: 'S0207S',
    group: 'submission',
    help: 'submissions',
    component: lazy(() => import('../screens/submissions/outcomes.tsx')),
  },
  {
    path: '/submissions/cadres',
    title: '提交校內幹部經歷至中央資料庫',
    manual: '3.14',
    module: 'S0218S',
    group: 'submission',
    help: 'submissions',
    component: lazy(() => import('../screens/submissions/cadres.tsx')),
  },
  {
    path: '/receipt-statements',
    title: '收訖明細',
    manual: '3.6',
    module: ['S0207S', 'S0208S', 'S0218S'],
    group: 'submission',
    help: 'receipt-statements',
    component: lazy(() => import('../screens/receipt-statements/index.tsx')),
  },
  {
    path: '/transfer-out',
    title: '匯出學生學習歷程資料',
    manual: '3.15',
    module: 'S0219S',
    group: 'transfer',
    help: 'transfer-out',
    component: lazy(() => import('../screens/transfer-out/index.tsx')),
  },
  {
    path: '/transfer-in',
    title: '匯入學生學習歷程資料',
    manual: '3.16',
    module: 'S0220S',
    group: 'transfer',
    help: 'transfer-in',
    component: lazy(() => import('../screens/transfer-in/index.tsx')),
  },
  {
    path: '/temporary-accounts',
    title: '轉學生臨時帳號',
    manual: '3.17',
    module: 'S0221S',
    group: 'transfer',
    help: 'temporary-accounts',
    component: lazy(() => import('../screens/temporary-accounts/index.tsx')),
  },
  {
    path: '/slips',
    title: '學生上傳及勾選情形確認單',
    manual: '3.18',
    module: 'S0222S',
    group: 'slips',
    help: 'slips',
    component: lazy(() => import('../screens/slips/index.tsx')),
  },
  {
    path: '/roles',
    title: '維護角色權限',
    manual: '3.1',
    module: 'S0200S',
    group: 'system',
    help: 'roles',
    component: lazy(() => import('../screens/roles/index.tsx')),
  },
  {
    path: '/audit',
    title: '稽核紀錄',
    module: 'S0223S',
    group: 'system',
    help: 'audit',
    component: lazy(() => import('../screens/audit/index.tsx')),
  },
  {
    path: '/backup',
    title: '備份與還原',
    module: 'S0224S',
    group: 'system',
    help: 'backup',
    component: lazy(() => import('../screens/backup/index.tsx')),
  },
  {
    path: '/retention',
    title: '個人資料保存期限',
    module: 'S0226S',
    group: 'system',
    help: 'retention',
    component: lazy(() => import('../screens/retention/index.tsx')),
  },
];

const modulesOf = ({ module }: Pick<Screen, 'module'>): readonly FunctionModule[] =>
  module === undefined ? [] : typeof module === 'string' ? [module] : module;

/** Whether an account may see a screen. */
export const maySee = (session: SignedIn, screen: Pick<Screen, 'module'>): boolean =>
  screen.module === undefined || modulesOf(screen).some((module) => mayUse(session, module));

/** The menu's screens that an account may see, in groups; a group with nothing allowed is absent. */
export function menuOf(session: SignedIn, all: readonly Screen[] = screens): { group: GroupName; screens: Screen[] }[] {
  return (Object.keys(groups) as GroupName[])
    .map((group) => ({
      group,
      screens: all.filter((screen) => screen.group === group && screen.inMenu !== false && maySee(session, screen)),
    }))
    .filter((entry) => entry.screens.length > 0);
}

/** The manual's number and the module's code, for tooltips and help: `手冊 3.15．S0219S`. */
export const referenceOf = (screen: Pick<Screen, 'manual' | 'module'>): string =>
  [...(screen.manual ? [`手冊 ${screen.manual}`] : []), ...modulesOf(screen)].join('．');
