import { Button, Timeline } from 'antd';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import type { TransferDirection } from '../../../domain/transfer-case.ts';
import type { OutputOf } from '../../../main/features/contract.ts';
import { transferModules } from '../../../main/features/transfer-cases/contract.ts';
import { useCommand, useQueryOperation } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { ConfirmButton, ErrorNote, type OpenedRow, RowDrawer } from '../../components/index.ts';
import { CaseFacts } from './case-facts.tsx';
import { type CaseRow, caseOf, type StepKind, stepNames, type WantedStep } from './case-row.ts';
import { StateTag } from './cells.tsx';
import { eventPhrases, eventTitle } from './history-words.ts';

interface CaseDrawerProps {
  direction: TransferDirection;
  opened: OpenedRow | null;
  onOpen: (row: OpenedRow | null) => void;
  onStep: (step: WantedStep) => void;
  /** Whether a step's dialog lies over the drawer: the keys are its own then. */
  covered: boolean;
}

/** One case: what is known of it, what can be recorded, and everything that happened. */
export function CaseDrawer({ direction, opened, onOpen, onStep, covered }: CaseDrawerProps) {
  const details = useQueryOperation('transferCases.details', { direction, id: opened?.id ?? '' }, { enabled: opened !== null });
  const title = direction === 'out' ? '轉出追蹤' : '轉入追蹤';
  return (
    <RowDrawer title={title} opened={opened} onOpen={onOpen} details={details} covered={covered}>
      {(data) => <CaseDetails direction={direction} details={data} onStep={onStep} />}
    </RowDrawer>
  );
}

type Details = OutputOf<'transferCases.details'>;

/** Steps of a case that can be recorded from the drawer, what was recorded before included. */
const stepsOf: Record<TransferDirection, Partial<Record<CaseRow['state'], readonly StepKind[]>>> = {
  out: {
    withoutFile: ['school', 'unneeded'],
    fileMade: ['handOver', 'tellPassword', 'school', 'unneeded'],
    handedOver: ['acknowledge', 'handOver', 'tellPassword', 'school', 'unneeded'],
  },
  in: {
    expected: ['request', 'receive', 'school', 'unneeded'],
    requested: ['receive', 'request', 'school', 'unneeded'],
    received: ['receive', 'school', 'unneeded'],
  },
};

interface CaseDetailsProps {
  direction: TransferDirection;
  details: Details;
  onStep: (step: WantedStep) => void;
}

function CaseDetails({ direction, details, onStep }: CaseDetailsProps) {
  const { row, files, events } = details;
  const mayUpdate = mayUse(useOffice().session, transferModules[direction], 'update');
  const takeBack = useCommand('transferCases.takeBack');
  const one = caseOf(row);
  // A file that came although the city has the records is to be imported after all.
  const possible = row.unneededReason === 'cityHasIt' ? (['receive'] as const) : (stepsOf[direction][one.state] ?? []);
  return (
    <div className="transfer-case">
      <h2>
        {one.className} <span className="figure">{one.studentNumber}</span> {one.name} <StateTag direction={direction} row={row} />
      </h2>
      <CaseFacts direction={direction} row={row} />
      {mayUpdate && (
        <div className="transfer-case-steps">
          {possible.map((kind, index) => (
            <Button
              key={kind}
              {...(index === 0 && kind !== 'school' ? { type: 'primary' as const } : {})}
              onClick={() => onStep({ kind, cases: [one] })}
            >
              {kind === 'handOver' && one.state === 'handedOver' ? '重新登記交付' : stepNames[direction][kind]}
            </Button>
          ))}
          {mayTakeBack(direction, row) && (
            <ConfirmButton
              danger={false}
              loading={takeBack.pending}
              question="確定要退回上一步？"
              consequence="取消最近登記的一步；兩者都會留在歷程。"
              confirmText="退回上一步"
              onConfirm={async () => {
                await takeBack.run({ direction, id: one.id });
              }}
            >
              退回上一步
            </ConfirmButton>
          )}
        </div>
      )}
      <ErrorNote error={takeBack.error} onClose={takeBack.reset} />
      {files.length > 0 && (
        <>
          <h3>匯出檔案</h3>
          <ul className="transfer-case-files">
            {files.map((file) => (
              <li key={file.id}>
                <span className="monospace">{file.fileName}</span>
                <span className="muted">
                  {formatRocDateTime(file.createdAt)} 產生{file.studentCount > 1 && `，內有 ${file.studentCount} 位學生`}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      <h3>歷程</h3>
      <Timeline
        items={events.map((event) => ({
          key: event.sequence,
          content: (
            <>
              <strong>{eventTitle(direction, event)}</strong> {eventPhrases(direction, event).join('，')}
              <div className="muted">
                <span className="figure">{formatRocDateTime(event.at)}</span> {event.recordedBy ?? '依學籍資料'}
              </div>
            </>
          ),
        }))}
      />
    </div>
  );
}

/** Whether the office recorded a step that can be taken back; what the register or an import did cannot, nor what is found out. */
function mayTakeBack(direction: TransferDirection, row: Details['row']): boolean {
  if (row.state === 'acknowledged' || row.state === 'handedOver') return true;
  if (row.state === 'unneeded') return row.unneededReason !== 'cityHasIt';
  return direction === 'in' && (row.state === 'received' || row.state === 'requested');
}
