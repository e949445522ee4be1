import { Segmented } from 'antd';
import { useMemo, useState } from 'react';
import { receiptGrid } from '../../../main/features/receipts/contract.ts';
import { DataGrid, PageFrame } from '../../components/index.ts';

const origins = [
  { value: 'all', label: '全部' },
  { value: 'city', label: '市級系統' },
  { value: 'sync', label: '本機同步' },
] as const;
type Origin = (typeof origins)[number]['value'];

/** 學校查詢接收紀錄 (manual §3.10). */
export default function Receipts() {
  const [origin, setOrigin] = useState<Origin>('all');
  const scope = useMemo(() => (origin === 'all' ? {} : { origin }), [origin]);
  return (
    <PageFrame
      title="學校查詢接收紀錄"
      meaning="「市級系統」是市級系統從本校收到的資料，「本機同步」是這台電腦從市級系統收到的資料；檔案大小以位元組計。"
    >
      <DataGrid
        grid={receiptGrid}
        list="receipts.list"
        workbook="receipts.exportWorkbook"
        scope={scope}
        addressed
        without={['rows', 'origin']}
        toolbar={<Segmented<Origin> aria-label="來源" options={[...origins]} value={origin} onChange={setOrigin} />}
        emptyText="還沒有接收紀錄。執行同步作業之後，這裡會列出每一次收到的資料。"
      />
    </PageFrame>
  );
}
