import { Tabs } from 'antd';
import type { ReactNode } from 'react';
import { useLocation, useSearch } from 'wouter';
import { ArrivalsPanel } from '../transfer-cases/arrivals-panel.tsx';

const meanings = {
  import: '外縣市轉入的學生，須先於校務行政系統建立資料，並確認臺北市校園單一身分驗證帳號同步成功，再匯入原學校交付的檔案。',
  arrivals: '轉入的學生依學籍異動自動列入，直到原就讀學校的檔案匯入為止；等待最久的在最前面。',
};

/** Which tab shows, by the address, and what the page says of it. */
export function useImportTab(): { tab: keyof typeof meanings; meaning: string } {
  const tab = new URLSearchParams(useSearch()).get('tab') === 'arrivals' ? 'arrivals' : 'import';
  return { tab, meaning: meanings[tab] };
}

/** 匯入 on one tab, who has arrived and how far his portfolio has come on the other. */
export function ImportTabs({ children }: { children: ReactNode }) {
  const [, go] = useLocation();
  const { tab } = useImportTab();
  return (
    <Tabs
      className="transfer-in page-tabs"
      activeKey={tab}
      onChange={(key) => go(key === 'arrivals' ? '/transfer-in?tab=arrivals' : '/transfer-in')}
      items={[
        { key: 'import', label: '匯入資料', children: <div className="transfer-in-desk">{children}</div> },
        {
          key: 'arrivals',
          label: '轉入學生追蹤',
          children: <ArrivalsPanel active={tab === 'arrivals'} onImport={() => go('/transfer-in')} />,
        },
      ]}
    />
  );
}
