import { Menu, type MenuProps, Tooltip } from 'antd';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { groups, menuOf, referenceOf, type Screen } from './screens.tsx';
import { useOffice } from './session.ts';

type Item = NonNullable<MenuProps['items']>[number];

/** Short names where the group already says the rest. */
const shortTitles: Readonly<Record<string, string>> = {
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

/** The manual's entries, grouped by what the office does; a group of one is that one. */
export function SideMenu() {
  const { session } = useOffice();
  const [path] = useLocation();
  const menu = menuOf(session);
  const items: Item[] = menu.map(({ group, screens: [first, ...others] }) => {
    const { title, icon } = groups[group];
    if (others.length === 0) return itemOf(first!, icon);
    return { key: group, label: title, icon, children: [first!, ...others].map((screen) => itemOf(screen)) };
  });
  return (
    <nav className="side-menu" aria-label="功能選單">
      <Menu mode="inline" inlineIndent={16} items={items} selectedKeys={[path]} defaultOpenKeys={menu.map(({ group }) => group)} />
    </nav>
  );
}
