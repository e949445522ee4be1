import { Button, Modal, Skeleton } from 'antd';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import { useQueryOperation } from '../../app/backend.ts';
import { ErrorNote } from '../../components/index.ts';
import { StudentMessages } from './student-messages.tsx';

interface ImportDetailsProps {
  /** Of the import; null shows nothing. */
  id: string | null;
  onClose: () => void;
}

/** 明細 of one line of 資料匯入紀錄 (manual §3.16). */
export function ImportDetails({ id, onClose }: ImportDetailsProps) {
  const details = useQueryOperation('transferIn.details', { id: id ?? '' }, { enabled: id !== null });
  return (
    <Modal
      title="訊息"
      open={id !== null}
      onCancel={onClose}
      footer={
        <Button type="primary" onClick={onClose}>
          確定
        </Button>
      }
    >
      <ErrorNote error={details.error} onRetry={() => void details.refetch()} />
      {details.isPending && <Skeleton active title={false} paragraph={{ rows: 6 }} />}
      {details.data && (
        <>
          <p className="transfer-in-note">
            {details.data.fileName}・{formatRocDateTime(details.data.createdAt)}
          </p>
          <StudentMessages students={details.data.students} />
        </>
      )}
    </Modal>
  );
}
