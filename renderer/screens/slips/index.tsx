import { Skeleton, Tabs } from 'antd';
import { useLocation, useSearch } from 'wouter';
import { useQueryOperation } from '../../app/backend.ts';
import { TermSelect } from '../../app/viewed-term.tsx';
import { ErrorNote, PageFrame } from '../../components/index.ts';
import { ReturnDesk } from './return-desk.tsx';
import { SlipDesk } from './slip-desk.tsx';
import './slips.css';
import './returns.css';

/** 學生上傳及勾選情形確認單 (manual §3.18): printing it, and ticking off what came back signed. */
export default function SlipsScreen() {
  const [, go] = useLocation();
  const tab = new URLSearchParams(useSearch()).get('tab') === 'returns' ? 'returns' : 'print';
  return (
    <PageFrame
      title="學生上傳及勾選情形確認單"
      meaning={
        tab === 'print'
          ? '每位學生一頁：至列印當時的上傳、認證與勾選件數，由學生及監護人簽章後繳回。'
          : '簽章繳回的確認單：掃描右上角的 QR 碼，或在清單勾選；同一繳交截止日期以每位學生最新列印的一張為準。'
      }
      actions={tab === 'returns' && <TermSelect />}
    >
      <Tabs
        className="slips page-tabs"
        activeKey={tab}
        destroyOnHidden
        onChange={(key) => go(key === 'returns' ? '/slips?tab=returns' : '/slips')}
        items={[
          { key: 'print', label: '列印確認單', children: <PrintSlips /> },
          { key: 'returns', label: '回條登錄', children: <ReturnDesk /> },
        ]}
      />
    </PageFrame>
  );
}

/** Which students, what is printed, a look at the page, 列印 and PDF. */
function PrintSlips() {
  const settings = useQueryOperation('slips.form', {});
  return (
    <>
      <ErrorNote error={settings.error} onRetry={() => void settings.refetch()} />
      {settings.isPending && <Skeleton active paragraph={{ rows: 10 }} />}
      {settings.data && <SlipDesk settings={settings.data} />}
    </>
  );
}
