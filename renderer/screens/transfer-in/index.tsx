import { Button } from 'antd';
import { useState } from 'react';
import { transferInGrid } from '../../../main/features/transfer-in/contract.ts';
import { DataGrid, PageFrame } from '../../components/index.ts';
import { CheckResult } from './check-result.tsx';
import { ConflictPanel } from './conflict-panel.tsx';
import { ImportDetails } from './import-details.tsx';
import { ImportSettings } from './import-settings.tsx';
import { ImportTabs, useImportTab } from './import-tabs.tsx';
import { ImportedMessage } from './imported-message.tsx';
import { useImport } from './use-import.ts';
import './transfer-in.css';

/** 匯入學生學習歷程資料 (manual §3.16): check a file from another school, see what is inside, take it over. */
export default function TransferInScreen() {
  const importing = useImport();
  const { meaning } = useImportTab();
  const [detailsOf, setDetailsOf] = useState<string | null>(null);
  return (
    <PageFrame title="匯入學生學習歷程資料" meaning={meaning}>
      <ImportTabs>
        <div className="transfer-in-work">
          <ImportSettings importing={importing} />
          <CheckResult importing={importing} />
        </div>
        <ConflictPanel importing={importing} />
        <section className="transfer-in-records" aria-labelledby="transfer-in-records">
          <DataGrid
            grid={transferInGrid}
            list="transferIn.list"
            workbook="transferIn.exportWorkbook"
            toolbar={<h2 id="transfer-in-records">資料匯入紀錄</h2>}
            emptyText="還沒有匯入過檔案。在上方選擇檔案，輸入 MD5 值與壓縮檔密碼後檢查。"
            onRowOpen={(row) => setDetailsOf(String(row.id))}
            actionsWidth={80}
            actions={(row) => (
              <Button type="link" size="small" aria-label={`檢視 ${row.fileName} 的明細`} onClick={() => setDetailsOf(String(row.id))}>
                檢視
              </Button>
            )}
          />
        </section>
      </ImportTabs>
      <ImportedMessage result={importing.run.result} onClose={importing.startOver} />
      <ImportDetails id={detailsOf} onClose={() => setDetailsOf(null)} />
    </PageFrame>
  );
}
