import { Alert, Button, Empty, Select, Skeleton } from 'antd';
import { useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { formatRocDay, weekdayOf } from '../../../domain/roc-date.ts';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import { type ReturnState, returnStates, returnsGrid } from '../../../main/features/slips/contract.ts';
import { call, useCommand, useQueryOperation } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { useViewedTerm } from '../../app/viewed-term.tsx';
import { ConfirmButton, CountLink, DataGrid, ErrorNote, formatCount, gridAddress, ScanField } from '../../components/index.ts';

const stateClasses: Record<ReturnState, string> = { waiting: '', overdue: 'state-wrong', returned: 'state-done' };
/** In the workbook, for handing the list to homeroom teachers; the page itself has a single due date. */
const without = ['homeroomTeacher', 'dueDate'];

/** Registers one that a scanner read. */
async function takeIn(text: string): Promise<string> {
  const { className, seatNumber, studentNumber, name } = await call('slips.scanReturn', { text });
  const seat = seatNumber === null ? '' : ` ${String(seatNumber).padStart(2, '0')} 號`;
  return `已登錄：${className}${seat} ${studentNumber} ${name}`;
}

/** 回條登錄: the slips of one due date, scanned or ticked as they come back, and who has not brought his. */
export function ReturnDesk() {
  const { term } = useViewedTerm();
  const [, go] = useLocation();
  const mayMark = mayUse(useOffice().session, 'S0222S', 'update');
  const answer = useQueryOperation('slips.dueDates', term);
  const dueDates = answer.data?.dueDates ?? [];
  const wanted = new URLSearchParams(useSearch()).get('due');
  const shown = dueDates.find(({ dueDate }) => dueDate === wanted) ?? dueDates[0];
  const dueDate = shown?.dueDate;
  const scope = useMemo(() => ({ ...term, ...(dueDate ? { dueDate } : {}) }), [term, dueDate]);
  const [ticked, setTicked] = useState<string[]>([]);
  const mark = useCommand('slips.markReturned');
  const takeBack = useCommand('slips.takeBackReturn');

  if (answer.error) return <ErrorNote error={answer.error} onRetry={() => void answer.refetch()} />;
  if (answer.isPending) return <Skeleton active paragraph={{ rows: 8 }} />;
  if (!shown || !dueDate) {
    return (
      <Empty description="這個學年期還沒有列印過確認單；列印後，簽章繳回的單子在這裡登錄。">
        <Button type="primary" onClick={() => go('/slips')}>
          列印確認單
        </Button>
      </Empty>
    );
  }

  const address = (state?: ReturnState) => gridAddress('/slips', state ? { state } : {}, { tab: 'returns', due: dueDate });
  const waiting = shown.slips - shown.returned;
  const markTicked = async () => {
    if (await mark.run({ serials: ticked })) setTicked([]);
  };
  const takeBackTicked = async () => {
    if (await takeBack.run({ serials: ticked })) setTicked([]);
  };

  return (
    <div className="returns">
      <div className="returns-head">
        <label htmlFor="returns-due">繳交截止日期</label>
        <Select
          id="returns-due"
          className="figure"
          popupMatchSelectWidth={false}
          value={dueDate}
          options={dueDates.map((date) => ({
            value: date.dueDate,
            label: `${formatRocDay(date.dueDate)}(${weekdayOf(date.dueDate)})　共 ${formatCount(date.slips)} 份`,
          }))}
          onChange={(due: string) => {
            setTicked([]);
            go(gridAddress('/slips', {}, { tab: 'returns', due }));
          }}
        />
        <p className="returns-counts" aria-live="polite">
          已繳回 <CountLink count={shown.returned} unit="份" to={address('returned')} label="已繳回" />
          、未繳回 <CountLink count={waiting} unit="份" to={address(shown.overdue > 0 ? 'overdue' : 'waiting')} label="未繳回" />
          （逾期 <CountLink count={shown.overdue} unit="份" to={address('overdue')} label="逾期" />）
        </p>
      </div>
      {mayMark ? <ScanField onScan={takeIn} /> : <Alert type="info" title="您的帳號只能檢視；登錄回條請洽學校管理者設定角色權限。" />}
      <ErrorNote error={mark.error} onClose={mark.reset} />
      <ErrorNote error={takeBack.error} onClose={takeBack.reset} />
      <DataGrid
        grid={returnsGrid}
        list="slips.returns"
        workbook="slips.exportReturns"
        scope={scope}
        addressed
        without={without}
        {...(mayMark ? { selection: { selected: ticked, onChange: setTicked } } : {})}
        toolbar={
          mayMark && (
            <>
              <Button type="primary" ghost disabled={ticked.length === 0} loading={mark.pending} onClick={() => void markTicked()}>
                {ticked.length === 0 ? '登錄繳回' : `登錄勾選的 ${ticked.length} 份已繳回`}
              </Button>
              <ConfirmButton
                danger={false}
                disabled={ticked.length === 0}
                loading={takeBack.pending}
                question={`確定要取消勾選的 ${ticked.length} 份的繳回登錄？`}
                consequence="已繳回的會變回未繳回；還沒繳回的不受影響。"
                confirmText="取消登錄"
                onConfirm={takeBackTicked}
              >
                取消登錄
              </ConfirmButton>
            </>
          )
        }
        render={{
          state: (row: GridRow) => {
            const state = row.state as ReturnState;
            return <span className={stateClasses[state]}>{returnStates[state]}</span>;
          },
        }}
        emptyText="這個繳交截止日期沒有確認單。"
      />
    </div>
  );
}
