import { Button } from 'antd';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import { arrivalGrid } from '../../../main/features/transfer-cases/contract.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { DataGrid, type GridPlace } from '../../components/index.ts';
import { TitleNote } from '../../components/page-frame.tsx';
import { caseOf, nextSteps, stepNames } from './case-row.ts';
import { CaseWindows, MoreSteps } from './case-windows.tsx';
import { StateTag, useCaseNames, WaitingDays } from './cells.tsx';
import { StateChips } from './state-chips.tsx';
import { useCaseSteps } from './use-case-steps.ts';
import './transfer-cases.css';

/** In the workbook, on hover of 處理情形 and in the drawer. */
const without = [
  'seatNumber',
  'enrollment',
  'overdue',
  'requestCount',
  'receivedHow',
  'importedAt',
  'importedFile',
  'unneededReason',
  'remark',
];

interface ArrivalsPanelProps {
  /** Whether its tab is the one that shows: the address's filter is its own then. */
  active: boolean;
  /** Goes to where a file is imported. */
  onImport: () => void;
}

/** 轉入學生追蹤: who has arrived, and whether the portfolio of the school before is here. */
export function ArrivalsPanel({ active, onImport }: ArrivalsPanelProps) {
  const { session } = useOffice();
  const mayUpdate = mayUse(session, 'S0220S', 'update');
  const mayImport = mayUse(session, 'S0220S', 'create');
  const steps = useCaseSteps('in', active);
  const { ticked, selection, start, bulk, open } = steps;
  const name = useCaseNames('in');

  const actions = (row: GridRow, place: GridPlace) => {
    const one = caseOf(row);
    const who = `${one.studentNumber} ${one.name}`;
    const next = nextSteps.in[one.state];
    return (
      <span className="transfer-case-actions">
        {mayUpdate && next && (
          <Button type="link" size="small" aria-label={`${stepNames.in[next]} ${who}`} onClick={() => start({ kind: next, cases: [one] })}>
            {next === 'receive' ? '登記收到' : stepNames.in[next]}
          </Button>
        )}
        {mayImport && row.open === 1 && !one.deleted && (
          <Button type="link" size="small" aria-label={`匯入 ${who}`} onClick={onImport}>
            匯入
          </Button>
        )}
        <Button type="link" size="small" aria-label={`歷程 ${who}`} onClick={() => open(row, place)}>
          歷程
        </Button>
      </span>
    );
  };
  const [request, receive, unneeded, school] = [bulk('request'), bulk('receive'), bulk('unneeded'), bulk('school')];

  return (
    <div className="transfer-cases">
      {active && <TitleNote>{steps.note}</TitleNote>}
      <StateChips direction="in" />
      <DataGrid
        grid={arrivalGrid}
        list="transferCases.arrivals"
        workbook="transferCases.exportArrivals"
        addressed={active}
        without={without}
        {...(mayUpdate ? { selection } : {})}
        toolbar={
          mayUpdate && (
            <>
              <Button type="primary" ghost disabled={request.cases.length === 0} onClick={request.start}>
                {request.text}
              </Button>
              <Button disabled={receive.cases.length === 0} onClick={receive.start}>
                {receive.text}
              </Button>
              <MoreSteps steps={[school, unneeded]} disabled={ticked.length === 0} />
            </>
          )
        }
        render={{
          name,
          state: (row) => <StateTag direction="in" row={row} />,
          waitingDays: (row) => <WaitingDays row={row} />,
        }}
        actions={actions}
        actionsWidth={172}
        onRowOpen={open}
        emptyText="沒有轉入的學生；學籍異動同步之後，轉入的學生會自動列在這裡。"
        emptyAction={<Button href="#/sync">前往同步作業</Button>}
      />
      <CaseWindows direction="in" steps={steps} />
    </div>
  );
}
