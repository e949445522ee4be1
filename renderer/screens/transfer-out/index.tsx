import { Tabs } from 'antd';
import { useCallback } from 'react';
import { useLocation, useSearch } from 'wouter';
import { useKeptState } from '../../app/kept-state.ts';
import { PageFrame } from '../../components/page-frame.tsx';
import { LeaversPanel } from '../transfer-cases/leavers-panel.tsx';
import { type ChosenStudentsChange, changeChosen, noneChosen } from './chosen-students.ts';
import { ProducePanel } from './produce-panel.tsx';
import { RecordsPanel } from './records-panel.tsx';
import './transfer-out.css';

const tabs = ['produce', 'records', 'leavers'] as const;
type Tab = (typeof tabs)[number];

const meanings: Record<Tab, string> = {
  produce: '學生轉出至非臺北市學校時，產生學習歷程檔案，連同壓縮密碼與 MD5 值交給對方學校。',
  records: '產生過的匯出檔案：下載、查看壓縮密碼與 MD5 值、列印交接單。',
  leavers: '轉出的學生依學籍異動自動列入，直到對方學校確認收到為止；等待最久的在最前面。',
};

/** 匯出學生學習歷程資料 (manual §3.15): gather students, make the transfer files, hand over file, password and MD5, until the other school has it. */
export default function TransferOutScreen() {
  const [, go] = useLocation();
  const asked = new URLSearchParams(useSearch()).get('tab');
  const tab: Tab = tabs.find((one) => one === asked) ?? 'produce';
  const show = useCallback((wanted: Tab) => go(wanted === 'produce' ? '/transfer-out' : `/transfer-out?tab=${wanted}`), [go]);
  const [chosen, setChosen] = useKeptState('transferOut.chosen', noneChosen);
  const change = useCallback((wanted: ChosenStudentsChange) => setChosen((before) => changeChosen(before, wanted)), [setChosen]);
  return (
    <PageFrame title="匯出學生學習歷程資料" meaning={meanings[tab]}>
      <Tabs
        className="transfer-out page-tabs"
        activeKey={tab}
        onChange={(key) => show(key as Tab)}
        items={[
          {
            key: 'produce',
            label: '產生匯出資料',
            children: <ProducePanel active={tab === 'produce'} chosen={chosen} change={change} onShowRecords={() => show('records')} />,
          },
          { key: 'records', label: '資料產生紀錄', children: <RecordsPanel /> },
          {
            key: 'leavers',
            label: '轉出學生追蹤',
            children: (
              <LeaversPanel
                active={tab === 'leavers'}
                onProduce={(students) => {
                  change({ kind: 'add', students });
                  show('produce');
                }}
              />
            ),
          },
        ]}
      />
    </PageFrame>
  );
}
