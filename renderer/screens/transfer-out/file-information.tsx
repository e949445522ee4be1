import { Button, Modal, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import type { OutgoingFile } from '../../../main/application/contract.ts';
import type { OutputOf } from '../../../main/features/contract.ts';
import { CallError, call, useCommand } from '../../app/backend.ts';
import { useSaveFile } from '../../app/save-file.ts';
import { CopyText, ErrorNote, formatBytes, formatCount } from '../../components/index.ts';

interface FileInformationProps {
  /** Of the record whose password and MD5 are shown; null shows nothing. */
  id: string | null;
  onClose: () => void;
  onDownload: (id: string) => void;
}

/**
 * 檔案資訊 (manual §3.15). Asked for each time it is opened (the look is audited) and kept nowhere: a query cache would
 * hold the password after the dialog is closed.
 */
export function FileInformation({ id, onClose, onDownload }: FileInformationProps) {
  const [information, setInformation] = useState<OutputOf<'transferOut.fileInformation'> | null>(null);
  const [error, setError] = useState<CallError | null>(null);
  const sheet = useCommand('transferOut.printHandover');
  const notice = useCommand('transferOut.printPassword');
  const saveFile = useSaveFile();
  const print = async (file: OutgoingFile) => {
    try {
      await window.portfolio.printFile(file);
    } catch (failure) {
      setError(CallError.from(failure));
    }
  };
  const produce = async (paper: typeof sheet | typeof notice, then: (file: OutgoingFile) => Promise<unknown>) => {
    const made = id === null ? null : await paper.run({ id });
    if (made) await then(made.file);
  };
  useEffect(() => {
    setInformation(null);
    setError(null);
    if (id === null) return undefined;
    let open = true;
    call('transferOut.fileInformation', { id }).then(
      (answer) => open && setInformation(answer),
      (failure: unknown) => open && setError(CallError.from(failure)),
    );
    return () => {
      open = false;
    };
  }, [id]);

  return (
    <Modal
      title="檔案資訊"
      width={600}
      open={id !== null}
      onCancel={onClose}
      footer={[
        <Button key="download" disabled={!information} onClick={() => id && onDownload(id)}>
          下載檔案
        </Button>,
        <Button key="close" type="primary" onClick={onClose}>
          確定
        </Button>,
      ]}
    >
      <ErrorNote error={error} />
      <ErrorNote error={sheet.error} onClose={sheet.reset} />
      <ErrorNote error={notice.error} onClose={notice.reset} />
      {!information && !error && <Skeleton active title={false} paragraph={{ rows: 6 }} />}
      {information && (
        <>
          <Information {...information} />
          <dl className="transfer-out-papers">
            <dt>交接單</dt>
            <dd>
              <Button size="small" loading={sheet.pending} onClick={() => void produce(sheet, print)}>
                列印交接單
              </Button>
              <Button size="small" disabled={sheet.pending} onClick={() => void produce(sheet, saveFile)}>
                交接單存成 PDF
              </Button>
              <small>學生、各類筆數、檔名、大小與 MD5 值，不含密碼</small>
            </dd>
            <dt>密碼通知單</dt>
            <dd>
              <Button size="small" loading={notice.pending} onClick={() => void produce(notice, print)}>
                列印密碼通知單
              </Button>
              <Button size="small" disabled={notice.pending} onClick={() => void produce(notice, saveFile)}>
                密碼通知單存成 PDF
              </Button>
              <small>請與檔案、交接單分開交付</small>
            </dd>
          </dl>
        </>
      )}
    </Modal>
  );
}

function Information({ password, md5, fileName, bytes, students, createdAt }: OutputOf<'transferOut.fileInformation'>) {
  return (
    <>
      <dl className="transfer-out-information">
        <dt>壓縮密碼</dt>
        <dd>
          <CopyText text={password} label="壓縮密碼" monospace />
        </dd>
        <dt>MD5 值</dt>
        <dd>
          <CopyText text={md5} label="MD5 值" monospace />
        </dd>
        <dt>檔名</dt>
        <dd>
          <CopyText text={fileName} label="檔名" monospace />
        </dd>
        <dt>大小</dt>
        <dd>
          {formatBytes(bytes)}（{formatCount(bytes)} 位元組）
        </dd>
        <dt>學生</dt>
        <dd>{students}</dd>
        <dt>資料產生時間</dt>
        <dd>{formatRocDateTime(createdAt)}</dd>
      </dl>
      <ul className="transfer-out-handover">
        <li>請記錄壓縮密碼以及 MD5 值及壓縮檔提供給對方學校。</li>
        <li>請勿更改檔案檔名，會導致 MD5 值錯誤，檔案會無法匯入。</li>
        <li>壓縮密碼請以電話或公文等其他方式告知，不要與檔案一起寄送。</li>
      </ul>
    </>
  );
}
