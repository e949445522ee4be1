import { Alert, Button, Modal, Skeleton } from 'antd';
import { useState } from 'react';
import { addDays, taipeiDay } from '../../../domain/roc-date.ts';
import type { IncomingFile } from '../../../main/application/contract.ts';
import type { OutputOf } from '../../../main/features/contract.ts';
import type { RosterScope } from '../../../main/features/submissions/contract.ts';
import { useJob } from '../../app/backend.ts';
import { ErrorNote, FileDrop, formatCount, JobProgress } from '../../components/index.ts';
import type { SubmissionKind } from '../submissions/kinds.ts';
import { RosterChoice } from '../submissions/roster-choice.tsx';
import { useChosenRoster } from '../submissions/use-roster.ts';
import { completeWindow, type WindowDraft } from './rules.ts';
import { WindowFields } from './window-fields.tsx';

const endings = ['.xlsx', '.csv', '.txt'];
/** What the form proposes: a week. */
const proposedDays = 7;

interface ImportDialogProps {
  kind: SubmissionKind;
  onClose: () => void;
  onOpen: (statementId: string) => void;
}

/** 匯入收訖明細: whose it is, the file, and how long the students have to look at it. */
export function ImportDialog({ kind, onClose, onOpen }: ImportDialogProps) {
  const { choices, roster: proposed } = useChosenRoster(kind);
  const [chosen, setChosen] = useState<RosterScope | null>(null);
  const [file, setFile] = useState<IncomingFile | null>(null);
  const [window, setWindow] = useState<WindowDraft>(() => {
    const today = taipeiDay(new Date());
    return { confirmFrom: today, confirmUntil: addDays(today, proposedDays - 1) };
  });
  const read = useJob('receiptStatements.read', kind);
  const roster = chosen ?? proposed;
  const complete = completeWindow(window);

  const chooseFile = (given: IncomingFile | null) => {
    // What was wrong with the file before is not wrong with this one.
    read.reset();
    setFile(given);
  };
  const start = () => {
    if (roster && file && complete) void read.start({ ...roster, file, ...complete });
  };
  return (
    <Modal
      open
      title="匯入收訖明細"
      width={640}
      onCancel={onClose}
      footer={
        read.result ? (
          <Button type="primary" onClick={() => read.result && onOpen(read.result.id)}>
            查看比對結果
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>{read.running ? '關閉（作業繼續）' : '取消'}</Button>
            <Button type="primary" disabled={!roster || !file || !complete || read.running} loading={read.running} onClick={start}>
              匯入並比對
            </Button>
          </>
        )
      }
    >
      {read.result ? (
        <ImportResult result={read.result} />
      ) : (
        <div className="receipt-form">
          <ErrorNote error={choices.error} onRetry={() => void choices.refetch()} />
          {choices.isPending && <Skeleton active paragraph={{ rows: 2 }} />}
          {roster && (
            <fieldset className="receipt-field" disabled={read.running}>
              <legend>
                哪一份名冊 <span aria-hidden>*</span>
              </legend>
              <div className="receipt-window">
                <RosterChoice rosters={choices.data?.rosters ?? []} roster={roster} onChoose={setChosen} />
              </div>
            </fieldset>
          )}
          {choices.data && !roster && <Alert type="info" showIcon title="還沒有可以提交的名冊；紀錄要先從市級系統同步。" />}
          <div className="receipt-field">
            <FileDrop label="收訖明細" accept={endings} file={file} disabled={read.running} onFile={chooseFile} />
            <p className="muted">國教署提供的 .xlsx；也可以是 .csv。欄位順序不同、沒有檔案連結欄都沒有關係。</p>
          </div>
          <WindowFields value={window} onChange={setWindow} disabled={read.running} />
          {read.running && <JobProgress job={read.job} onCancel={read.cancel} />}
          <ErrorNote error={read.error} onClose={read.reset} />
          {read.job?.state === 'cancelled' && <Alert type="info" title="已取消，沒有匯入任何資料。" />}
        </div>
      )}
    </Modal>
  );
}

function ImportResult({ result }: { result: OutputOf<'receiptStatements.read'> }) {
  const { rows, students, compared, same, missing, extra, different, unknown } = result;
  const differing = missing + extra + different;
  return (
    <div className="receipt-form">
      <Alert
        type={differing > 0 || !compared ? 'warning' : 'success'}
        showIcon
        role="status"
        title={`已匯入 ${formatCount(rows)} 筆，${formatCount(students)} 位學生。`}
        description={
          compared
            ? differing === 0
              ? `${formatCount(same)} 筆全部與送出的名冊相符。`
              : `相符 ${formatCount(same)} 筆；未收到 ${formatCount(missing)}、多出 ${formatCount(extra)}、內容不同 ${formatCount(different)} 筆。`
            : '這份名冊沒有從本系統提交過，無法比對；仍可列印給學生確認。'
        }
      />
      {unknown > 0 && (
        <Alert type="warning" showIcon title={`有 ${formatCount(unknown)} 筆的身分證號不是本校學生，列在比對結果的最後面，不印確認單。`} />
      )}
    </div>
  );
}
