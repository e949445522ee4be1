import { Menu, type MenuProps, Tooltip } from 'antd';
import { type ReactNode, useEffect } from 'react';
import { Link, useLocation } from 'wouter';
import { useKeptState } from './kept-state.ts';
import { groups, menuOf, referenceOf, type Screen } from './screens.tsx';
import { useOffice } from './session.ts';

type Item = NonNullable<MenuProps['items']>[number];

/** Short names where the group already says the rest. */
const shortTitles: Readonly<Record<string, string>> = {
  '/outcomes': '學習成果情形',
  '/performances': '多元表現情形',
  '/certification': '未認證教師狀況表',
  '/usage': '使用人數統計表',
  '/receipts': '接收紀錄',
  '/counselors': '輔導教師',
  '/schedule': '學校作業時間',
  '/parameters': '功能參數',
  '/course-counselors': '課程諮詢教師',
  '/co-teaching': '合開課程審核老師',
  '/self-study/certifiers': '學科/領域認證老師',
  '/self-study/order': '認證順序',
  '/terms': '學校學年期',
  '/submissions/performances': '提交多元表現',
  '/submissions/outcomes': '提交學習成果',
  '/submissions/cadres': '提交校內幹部經歷',
  '/transfer-out': '匯出學習歷程',
  '/transfer-in': '匯入學習歷程',
  '/slips': '確認單',
};

function itemOf(screen: Screen, icon?: ReactNode): Item {
  return {
    key: screen.path,
    icon,
    title: '',
    label: (
      <Tooltip title={`${screen.title}（${referenceOf(screen)}）`} placement="right" mouseEnterDelay={0.5}>
        <Link href={screen.path}>{shortTitles[screen.path] ?? screen.title}</Link>
      </Tooltip>
    ),
  };
}

/** The manual's entries, grouped by what the office does; a group of one is that one. Coming to a screen opens its group alone. */
export function SideMenu() {
  const { session } = useOffice();
  const [path] = useLocation();
  const menu = menuOf(session);
  const here = menu.find(({ screens }) => screens.some((screen) => screen.path === path))?.group;
  const [open, setOpen] = useKeptState<string[]>('menu.open', []);
  useEffect(() => {
    if (here) setOpen((before) => (before.includes(here) ? before : [here]));
  }, [here, setOpen]);
  const items: Item[] = menu.map(({ group, screens: [first, ...others] }) => {
    const { title, icon } = groups[group];
    if (others.length === 0) return itemOf(first!, icon);
    return { key: group, label: title, icon, children: [first!, ...others].map((screen) => itemOf(screen)) };
  });
  return (
    <nav className="side-menu" aria-label="功能選單">
      <Menu mode="inline" inlineIndent={16} items={items} selectedKeys={[path]} openKeys={open} onOpenChange={setOpen} />
    </nav>
  );
}
