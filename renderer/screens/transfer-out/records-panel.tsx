import { Button } from 'antd';
import { useState } from 'react';
import { transferOutGrid } from '../../../main/features/transfer-out/contract.ts';
import { useCommand } from '../../app/backend.ts';
import { useSaveFile } from '../../app/save-file.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { ConfirmButton, DataGrid, ErrorNote } from '../../components/index.ts';
import { FileInformation } from './file-information.tsx';

/** 資料產生紀錄: every file that was made, to be downloaded, handed over and, once it has arrived, deleted. */
export function RecordsPanel() {
  const [informationOf, setInformationOf] = useState<string | null>(null);
  const download = useCommand('transferOut.download');
  const remove = useCommand('transferOut.remove');
  const saveFile = useSaveFile();
  const mayRemove = mayUse(useOffice().session, 'S0219S', 'delete');

  const save = async (id: string) => {
    const answer = await download.run({ id });
    if (answer) await saveFile(answer.file);
  };

  return (
    <div className="transfer-out-panel">
      <p className="transfer-out-advice">
        請記錄壓縮密碼以及 MD5 值及壓縮檔提供給對方學校。請勿更改檔案檔名，會導致 MD5 值錯誤，檔案會無法匯入。
      </p>
      <ErrorNote error={download.error} onClose={download.reset} />
      <ErrorNote error={remove.error} onClose={remove.reset} />
      <DataGrid
        grid={transferOutGrid}
        list="transferOut.list"
        workbook="transferOut.exportWorkbook"
        emptyText="還沒有產生過匯出檔案。請到「產生匯出資料」加入學生後產生。"
        actionsWidth={220}
        actions={(row) => (
          <>
            <Button type="link" size="small" onClick={() => void save(String(row.id))}>
              下載檔案
            </Button>
            <Button type="link" size="small" onClick={() => setInformationOf(String(row.id))}>
              檔案資訊
            </Button>
            {mayRemove && (
              <ConfirmButton
                type="link"
                size="small"
                question="確定要刪除這個匯出檔案？"
                consequence="檔案與壓縮密碼都會刪除，之後無法再下載；還沒有登記交付的學生會回到未產生檔案。"
                confirmText="刪除檔案"
                onConfirm={async () => {
                  await remove.run({ id: String(row.id) });
                }}
              >
                刪除
              </ConfirmButton>
            )}
          </>
        )}
      />
      <FileInformation id={informationOf} onClose={() => setInformationOf(null)} onDownload={(id) => void save(id)} />
    </div>
  );
}
