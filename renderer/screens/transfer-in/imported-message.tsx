import { Button, Modal } from 'antd';
import type { OutputOf } from '../../../main/features/contract.ts';
import { StudentMessages } from './student-messages.tsx';

interface ImportedMessageProps {
  result: OutputOf<'transferIn.run'> | null;
  onClose: () => void;
}

/** What came of 開始匯入. */
export function ImportedMessage({ result, onClose }: ImportedMessageProps) {
  return (
    <Modal
      title="訊息"
      open={result !== null}
      onCancel={onClose}
      footer={
        <Button type="primary" onClick={onClose}>
          確定
        </Button>
      }
    >
      {result && (
        <>
          <p>
            匯入{result.students}人，完成{result.completed}人
          </p>
          <StudentMessages students={result.details} />
        </>
      )}
    </Modal>
  );
}
