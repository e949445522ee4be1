import { Tabs } from 'antd';
import { useState } from 'react';
import { PageFrame } from '../../components/page-frame.tsx';
import { ProducePanel } from './produce-panel.tsx';
import { RecordsPanel } from './records-panel.tsx';
import './transfer-out.css';

type Tab = 'produce' | 'records';

/** 匯出學生學習歷程資料 (manual §3.15): gather students, make the transfer files, hand over file, password and MD5. */
export default function TransferOutScreen() {
  const [tab, setTab] = useState<Tab>('produce');
  return (
    <PageFrame title="匯出學生學習歷程資料" meaning="學生轉出至非臺北市學校時，產生學習歷程檔案，連同壓縮密碼與 MD5 值交給對方學校。">
      <Tabs
        className="transfer-out page-tabs"
        activeKey={tab}
        onChange={(key) => setTab(key as Tab)}
        items={[
          { key: 'produce', label: '產生匯出資料', children: <ProducePanel onShowRecords={() => setTab('records')} /> },
          { key: 'records', label: '資料產生紀錄', children: <RecordsPanel /> },
        ]}
      />
    </PageFrame>
  );
}
