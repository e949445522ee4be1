import { Alert, Button } from 'antd';
import { useState } from 'react';
import { remarksFit } from '../../../domain/slip-remarks.ts';
import type { OutgoingFile } from '../../../main/application/contract.ts';
import type { SlipSelection } from '../../../main/features/slips/contract.ts';
import { CallError, useJob, useQueryOperation } from '../../app/backend.ts';
import { useSaveFile } from '../../app/save-file.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { ErrorNote, formatCount, JobProgress } from '../../components/index.ts';
import { useShortcut } from '../../components/use-shortcut.ts';
import { MissingCharacters } from './missing-characters.tsx';

/** How many slips the form makes, 列印 and 存成 PDF, and what came of the last run. */
export function PrintBar({ selection }: { selection: SlipSelection | null }) {
  const count = useSlipCount(selection);
  const printing = useJob('slips.print');
  const saveFile = useSaveFile();
  const [refusal, setRefusal] = useState<CallError | null>(null);
  const mayPrint = mayUse(useOffice().session, 'S0222S', 'create');
  const ready = mayPrint && selection !== null && remarksFit(selection.remarks) && count !== 0;

  const print = async (file: OutgoingFile) => {
    try {
      await window.portfolio.printFile(file);
    } catch (error) {
      setRefusal(CallError.from(error));
    }
  };
  const produce = async (then: (file: OutgoingFile) => Promise<unknown>) => {
    if (!selection) return;
    setRefusal(null);
    const result = await printing.start(selection);
    if (result) await then(result.file);
  };
  useShortcut({ key: 'p', mod: true }, () => void produce(print), ready && !printing.running);

  return (
    <div className="slips-print">
      <p className="slips-total" aria-live="polite">
        {selection === null
          ? '填好年級與繳交截止日期後，這裡會顯示份數。'
          : count === null
            ? '計算中…'
            : count === 0
              ? '沒有符合條件的學生，請放寬班級代碼或學號。'
              : `共 ${formatCount(count)} 份，每位學生一頁。`}
      </p>
      {printing.running ? (
        <JobProgress job={printing.job} onCancel={printing.cancel} />
      ) : (
        <div className="slips-print-buttons">
          <Button type="primary" disabled={!ready} onClick={() => void produce(print)}>
            列印
          </Button>
          <Button disabled={!ready} onClick={() => void produce(saveFile)}>
            存成 PDF
          </Button>
        </div>
      )}
      <ErrorNote error={printing.error ?? refusal} onClose={() => (printing.error ? printing.reset() : setRefusal(null))} />
      {printing.job?.state === 'cancelled' && <Alert type="info" title="已取消，沒有產生任何確認單。" />}
      {printing.result && (
        <div className="slips-made">
          <p>
            已產生 {formatCount(printing.result.slips)} 份，{formatCount(printing.result.pages)} 頁，{printing.result.seconds.toFixed(1)}{' '}
            秒。
            <Button type="link" size="small" onClick={() => printing.result && void print(printing.result.file)}>
              再列印一次
            </Button>
            <Button type="link" size="small" onClick={() => printing.result && void saveFile(printing.result.file)}>
              存檔
            </Button>
          </p>
          {printing.result.signAgain > 0 && (
            <Alert
              type="warning"
              showIcon
              title={`其中 ${formatCount(printing.result.signAgain)} 位學生先前已繳回，但件數在那之後有變更，需要在新的確認單重新簽章。`}
            />
          )}
          <MissingCharacters students={printing.result.missingCharacters} />
        </div>
      )}
    </div>
  );
}

/** How many slips, without asking again when only the remarks or the due date change; null while it is being counted. */
function useSlipCount(selection: SlipSelection | null): number | null {
  const counted = { ...(selection ?? { grade: 1, currentYear: true }), dueDate: '2000-01-01', remarks: '' };
  const answer = useQueryOperation('slips.count', counted, { enabled: selection !== null });
  return selection === null ? null : (answer.data?.slips ?? null);
}
