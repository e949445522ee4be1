import { Button } from 'antd';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import { leaverGrid } from '../../../main/features/transfer-cases/contract.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { DataGrid, type GridPlace } from '../../components/index.ts';
import { TitleNote } from '../../components/page-frame.tsx';
import type { ChosenStudent } from '../transfer-out/chosen-students.ts';
import { type CaseRow, caseOf, nextSteps, stepNames } from './case-row.ts';
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
  'fileName',
  'fileMadeAt',
  'handedOverHow',
  'handedOverTo',
  'passwordToldOn',
  'passwordToldHow',
  'acknowledgedOn',
  'acknowledgedBy',
  'unneededReason',
  'remark',
];

interface LeaversPanelProps {
  /** Whether its tab is the one that shows: the address's filter is its own then. */
  active: boolean;
  /** Puts students on the list of 產生匯出檔案. */
  onProduce: (students: readonly ChosenStudent[]) => void;
}

/** 轉出學生追蹤: who has left, and how far the portfolio has come to the other school. */
export function LeaversPanel({ active, onProduce }: LeaversPanelProps) {
  const { session } = useOffice();
  const mayUpdate = mayUse(session, 'S0219S', 'update');
  const mayProduce = mayUse(session, 'S0219S', 'create');
  const steps = useCaseSteps('out', active);
  const { ticked, clear, selection, start, bulk, open } = steps;
  const name = useCaseNames('out');

  const producible = ticked.filter(({ state, deleted }) => state === 'withoutFile' && !deleted);
  const produce = (cases: readonly CaseRow[]) => {
    clear();
    onProduce(cases.map(({ studentId: id, studentNumber, name: called, className }) => ({ id, studentNumber, name: called, className })));
  };

  const actions = (row: GridRow, place: GridPlace) => {
    const one = caseOf(row);
    const who = `${one.studentNumber} ${one.name}`;
    const next = nextSteps.out[one.state];
    return (
      <span className="transfer-case-actions">
        {mayUpdate && next && (
          <Button type="link" size="small" aria-label={`${stepNames.out[next]} ${who}`} onClick={() => start({ kind: next, cases: [one] })}>
            {stepNames.out[next]}
          </Button>
        )}
        {mayProduce && one.state === 'withoutFile' && !one.deleted && (
          <Button type="link" size="small" aria-label={`產生檔案 ${who}`} onClick={() => produce([one])}>
            產生檔案
          </Button>
        )}
        <Button type="link" size="small" aria-label={`歷程 ${who}`} onClick={() => open(row, place)}>
          歷程
        </Button>
      </span>
    );
  };
  const [handOver, acknowledge, tellPassword, unneeded, school] = [
    bulk('handOver'),
    bulk('acknowledge'),
    bulk('tellPassword'),
    bulk('unneeded'),
    bulk('school'),
  ];

  return (
    <div className="transfer-cases">
      {active && <TitleNote>{steps.note}</TitleNote>}
      <StateChips direction="out" />
      <DataGrid
        grid={leaverGrid}
        list="transferCases.leavers"
        workbook="transferCases.exportLeavers"
        addressed={active}
        without={without}
        {...(mayUpdate || mayProduce ? { selection } : {})}
        toolbar={
          (mayUpdate || mayProduce) && (
            <>
              {mayUpdate && (
                <>
                  <Button type="primary" ghost disabled={handOver.cases.length === 0} onClick={handOver.start}>
                    {handOver.text}
                  </Button>
                  <Button disabled={acknowledge.cases.length === 0} onClick={acknowledge.start}>
                    {acknowledge.text}
                  </Button>
                </>
              )}
              {mayProduce && (
                <Button disabled={producible.length === 0} onClick={() => produce(producible)}>
                  {`加入匯出清單${producible.length > 0 ? `（${producible.length} 人）` : ''}`}
                </Button>
              )}
              {mayUpdate && <MoreSteps steps={[tellPassword, school, unneeded]} disabled={ticked.length === 0} />}
            </>
          )
        }
        render={{
          name,
          state: (row) => <StateTag direction="out" row={row} />,
          waitingDays: (row) => <WaitingDays row={row} />,
        }}
        actions={actions}
        actionsWidth={146}
        onRowOpen={open}
        emptyText="沒有轉出的學生；學籍異動同步之後，轉出的學生會自動列在這裡。"
        emptyAction={<Button href="#/sync">前往同步作業</Button>}
      />
      <CaseWindows direction="out" steps={steps} />
    </div>
  );
}
