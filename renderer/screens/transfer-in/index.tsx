import { Button } from 'antd';
import { useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { ChangedResource } from '../../../main/features/sync/contract.ts';
import { transferInGrid } from '../../../main/features/transfer-in/contract.ts';
import { DataGrid, type OpenedRow, PageFrame, SharedChanges } from '../../components/index.ts';
import { CheckResult } from './check-result.tsx';
import { ConflictPanel } from './conflict-panel.tsx';
import { ImportDrawer } from './import-drawer.tsx';
import { ImportSettings } from './import-settings.tsx';
import { ImportTabs, useImportTab } from './import-tabs.tsx';
import { ImportedMessage } from './imported-message.tsx';
import { useImport } from './use-import.ts';
import './transfer-in.css';

/** What an import writes and shares with the city. */
const resources: ChangedResource[] = ['outcomes', 'performances', 'cadres'];

/** Whose 明細 is open: a line of the list, or the import that the address names. */
function useOpenedImport(): [OpenedRow | null, (row: OpenedRow | null) => void] {
  const [, go] = useLocation();
  const linked = new URLSearchParams(useSearch()).get('import');
  const [chosen, setChosen] = useState<OpenedRow | null>(null);
  const open = (row: OpenedRow | null) => {
    setChosen(row);
    if (linked !== null) go('/transfer-in', { replace: true });
  };
  return [chosen ?? (linked === null ? null : { id: linked, place: null }), open];
}

/** 匯入學生學習歷程資料 (manual §3.16): check a file from another school, see what is inside, take it over. */
export default function TransferInScreen() {
  const importing = useImport();
  const { meaning } = useImportTab();
  const [opened, open] = useOpenedImport();
  return (
    <PageFrame title="匯入學生學習歷程資料" meaning={meaning}>
      <ImportTabs>
        <SharedChanges resources={resources} />
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
            onRowOpen={(row, place) => open({ id: String(row.id), place })}
            actionsWidth={80}
            actions={(row, place) => (
              <Button
                type="link"
                size="small"
                aria-label={`檢視 ${row.fileName} 的明細`}
                onClick={() => open({ id: String(row.id), place })}
              >
                檢視
              </Button>
            )}
          />
        </section>
      </ImportTabs>
      <ImportedMessage result={importing.run.result} onClose={importing.startOver} />
      <ImportDrawer opened={opened} onOpen={open} />
    </PageFrame>
  );
}
