import { Button, Modal } from 'antd';
import type { OutputOf } from '../../../main/features/contract.ts';
import { formatBytes } from '../../components/index.ts';

interface ProducedMessageProps {
  produced: OutputOf<'transferOut.produce'> | null;
  onClose: () => void;
  onShowRecords: () => void;
}

/** 系統提示訊息 after 產生匯出檔案 (manual §3.15), with the way to the next step. */
export function ProducedMessage({ produced, onClose, onShowRecords }: ProducedMessageProps) {
  return (
    <Modal
      title="訊息"
      open={produced !== null}
      onCancel={onClose}
      footer={[
        <Button key="close" onClick={onClose}>
          確定
        </Button>,
        <Button key="records" type="primary" onClick={onShowRecords}>
          前往資料產生紀錄
        </Button>,
      ]}
    >
      <p>
        匯出檔案已產生完成，共 {produced?.files.length ?? 0} 個。請至「資料產生紀錄」下載檔案，並點選「檔案資訊」查看壓縮密碼及 MD5 值。
      </p>
      <ul className="transfer-out-produced">
        {produced?.files.slice(0, 5).map((file) => (
          <li key={file.id}>
            {file.fileName}
            <small>
              {file.students} 人・{formatBytes(file.bytes)}
            </small>
          </li>
        ))}
      </ul>
      {produced && produced.files.length > 5 && <p>其餘 {produced.files.length - 5} 個檔案請見資料產生紀錄。</p>}
    </Modal>
  );
}
