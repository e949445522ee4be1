import { Alert, Button, Checkbox, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import type { OutgoingFile } from '../../../main/application/contract.ts';
import { CallError, useJob } from '../../app/backend.ts';
import { useSaveFile } from '../../app/save-file.ts';
import { ErrorNote, formatCount, JobProgress } from '../../components/index.ts';
import type { SubmissionKind } from '../submissions/kinds.ts';

interface PrintDialogProps {
  kind: SubmissionKind;
  statementId: string;
  /** Students ticked in the list. */
  ticked: readonly string[];
  onClose: () => void;
}

/** 列印確認單: everyone's, a class's, those of who has not answered, or of the students ticked. */
export function PrintDialog({ kind, statementId, ticked, onClose }: PrintDialogProps) {
  const [who, setWho] = useState<'all' | 'class' | 'ticked'>(ticked.length > 0 ? 'ticked' : 'all');
  const [className, setClassName] = useState('');
  const [unansweredOnly, setUnansweredOnly] = useState(false);
  const [refusal, setRefusal] = useState<CallError | null>(null);
  const printing = useJob('receiptStatements.print', statementId);
  const saveFile = useSaveFile();
  const ready = !printing.running && (who !== 'class' || className.trim() !== '');

  const print = async (file: OutgoingFile) => {
    try {
      await window.portfolio.printFile(file);
    } catch (error) {
      setRefusal(CallError.from(error));
    }
  };
  const produce = async (then: (file: OutgoingFile) => Promise<unknown>) => {
    setRefusal(null);
    const result = await printing.start({
      kind,
      statementId,
      unansweredOnly,
      ...(who === 'ticked' && { studentIds: [...ticked] }),
      ...(who === 'class' && { className: className.trim() }),
    });
    if (result) await then(result.file);
  };
  const { result } = printing;
  return (
    <Modal
      open
      title="列印收訖明細確認單"
      width={560}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>關閉</Button>
          <Button disabled={!ready} onClick={() => void produce(saveFile)}>
            存成 PDF
          </Button>
          <Button type="primary" disabled={!ready} loading={printing.running} onClick={() => void produce(print)}>
            列印
          </Button>
        </>
      }
    >
      <div className="receipt-form">
        <fieldset className="receipt-field" disabled={printing.running}>
          <legend>列印哪些學生</legend>
          <Radio.Group className="receipt-choices" value={who} onChange={({ target }) => setWho(target.value)}>
            <Radio value="all">全部學生</Radio>
            <Radio value="class">一個班級</Radio>
            {ticked.length > 0 && <Radio value="ticked">勾選的 {formatCount(ticked.length)} 位學生</Radio>}
          </Radio.Group>
          {who === 'class' && (
            <Input
              aria-label="班級"
              placeholder="班級名稱，例如 二年一班"
              value={className}
              maxLength={50}
              onChange={({ target }) => setClassName(target.value)}
            />
          )}
          <Checkbox checked={unansweredOnly} onChange={({ target }) => setUnansweredOnly(target.checked)}>
            只印尚未確認的
          </Checkbox>
        </fieldset>
        <p className="muted">依班級座號排序，每位學生從新的一頁開始；右上角的 QR 碼供收回時掃描登錄。</p>
        {printing.running && <JobProgress job={printing.job} onCancel={printing.cancel} />}
        <ErrorNote error={printing.error ?? refusal} onClose={() => (printing.error ? printing.reset() : setRefusal(null))} />
        {result && (
          <Alert
            type="success"
            showIcon
            role="status"
            title={`已產生 ${formatCount(result.students)} 位學生，共 ${formatCount(result.pages)} 頁。`}
            description={
              result.missingCharacters !== '' && `字型沒有這些字，印成〓，請手寫補上：${[...result.missingCharacters].join('、')}`
            }
          />
        )}
      </div>
    </Modal>
  );
}
