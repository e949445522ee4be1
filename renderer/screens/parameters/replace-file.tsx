import { App, Button, Modal } from 'antd';
import { useState } from 'react';
import type { IncomingFile } from '../../../main/application/contract.ts';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import { useCommand } from '../../app/backend.ts';
import { ErrorNote, FileDrop } from '../../components/index.ts';

const endings = { document: ['.pdf', '.jpg', '.jpeg', '.png'], media: ['.mp3', '.mp4'] } as const;

/** 更換檔案: the student brings the file again; the record keeps everything else, its certification too. */
export function ReplaceFile({ row, onClose }: { row: GridRow | null; onClose: () => void }) {
  const { message } = App.useApp();
  const [file, setFile] = useState<IncomingFile | null>(null);
  const replace = useCommand('parameters.replaceFile');
  const slot = row?.slot === 'media' ? 'media' : 'document';
  const close = () => {
    setFile(null);
    replace.reset();
    onClose();
  };
  const save = async () => {
    if (!row || !file) return;
    if (!(await replace.run({ outcomeId: String(row.outcomeId), slot, file }))) return;
    message.success(`已更換 ${row.studentName}「${row.subjectName}」的檔案`);
    close();
  };
  return (
    <Modal
      title="更換檔案"
      open={row !== null}
      onCancel={close}
      footer={
        <>
          <Button onClick={close}>取消</Button>
          <Button type="primary" disabled={!file} loading={replace.pending} onClick={() => void save()}>
            更換檔案
          </Button>
        </>
      }
    >
      {row && (
        <>
          <p>
            {row.className} {row.studentName}「{row.subjectName}」的檔案 {row.fileName}
            。請選擇學生重新交來的同一份檔案；認證與勾選的狀態不會改變，原來的檔案會被取代。
          </p>
          <ErrorNote error={replace.error} onClose={replace.reset} />
          <FileDrop label="學習成果檔案" accept={[...endings[slot]]} file={file} onFile={setFile} />
        </>
      )}
    </Modal>
  );
}
