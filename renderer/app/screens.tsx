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
  /** The manual's number: 3.15 */
  manual: string;
  /** Who may see it; without one, everybody signed in. */
  module?: FunctionModule;
  group: GroupName;
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
    path: '/slips',
    title: '學生上傳及勾選情形確認單',
    manual: '3.18',
    module: 'S0222S',
    group: 'slips',
    help: 'slips',
    component: lazy(() => import('../screens/slips/index.tsx')),
  },
];

/** The screens an account may see, in groups; a group with nothing allowed is absent. */
export function menuOf(session: SignedIn, all: readonly Screen[] = screens): { group: GroupName; screens: Screen[] }[] {
  return (Object.keys(groups) as GroupName[])
    .map((group) => ({
      group,
      screens: all.filter((screen) => screen.group === group && (!screen.module || mayUse(session, screen.module))),
    }))
    .filter((entry) => entry.screens.length > 0);
}

/** The manual's number and the module's code, for tooltips and help: `手冊 3.15．S0219S`. */
export const referenceOf = ({ manual, module }: Pick<Screen, 'manual' | 'module'>): string =>
  module ? `手冊 ${manual}．${module}` : `手冊 ${manual}`;
