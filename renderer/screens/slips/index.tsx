import { Skeleton } from 'antd';
import { useQueryOperation } from '../../app/backend.ts';
import { ErrorNote, PageFrame } from '../../components/index.ts';
import { SlipDesk } from './slip-desk.tsx';
import './slips.css';

/** 學生上傳及勾選情形確認單 (manual §3.18): which students, what is printed, a look at the page, 列印 and PDF. */
export default function SlipsScreen() {
  const settings = useQueryOperation('slips.form', {});
  return (
    <PageFrame title="學生上傳及勾選情形確認單" meaning="每位學生一頁：至列印當時的上傳、認證與勾選件數，由學生及監護人簽章後繳回。">
      <ErrorNote error={settings.error} onRetry={() => void settings.refetch()} />
      {settings.isPending && <Skeleton active paragraph={{ rows: 10 }} />}
      {settings.data && <SlipDesk settings={settings.data} />}
    </PageFrame>
  );
}
