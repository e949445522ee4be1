import { Button, Tag } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import { studentGrid } from '../../../main/features/students/contract.ts';
import { useJob } from '../../app/backend.ts';
import { useKeptState } from '../../app/kept-state.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { DataGrid } from '../../components/index.ts';
import { ChosenList } from './chosen-list.tsx';
import type { ChosenStudent, ChosenStudents, ChosenStudentsChange } from './chosen-students.ts';
import { ProducedMessage } from './produced-message.tsx';
import { type Choices, ProductionChoices } from './production-choices.tsx';

function studentOf(row: GridRow): ChosenStudent {
  return {
    id: String(row.id),
    studentNumber: String(row.studentNumber ?? ''),
    name: String(row.name ?? ''),
    className: String(row.className ?? ''),
  };
}

interface ProducePanelProps {
  /** Whether its tab is the one that shows: the address's filter is its own then. */
  active: boolean;
  chosen: ChosenStudents;
  change: (change: ChosenStudentsChange) => void;
  onShowRecords: () => void;
}

/** 產生匯出資料: 學生清單 on the left with what will leave and how, the search that fills it on the right. */
export function ProducePanel({ active, chosen, change, onShowRecords }: ProducePanelProps) {
  const [ticked, setTicked] = useState<readonly ChosenStudent[]>([]);
  const [choices, setChoices] = useKeptState<Choices>('transferOut.choices', { oneFile: false, format: 'aes256' });
  const production = useJob('transferOut.produce');
  const { result: produced } = production;
  const mayProduce = mayUse(useOffice().session, 'S0219S', 'create');

  useEffect(() => {
    if (produced) change({ kind: 'clear' });
  }, [produced, change]);

  const only = useSoughtStudent();
  const scope = useMemo(() => (only.number ? { numberFrom: only.number, numberTo: only.number } : undefined), [only.number]);

  const add = (students: readonly ChosenStudent[]) => {
    change({ kind: 'add', students });
    setTicked([]);
  };
  /** Ticks stay while the clerk searches on: rows ticked on an earlier page are remembered here. */
  const tick = (ids: string[], rows: GridRow[]) => {
    const known = new Map([...ticked, ...rows.map(studentOf)].map((student) => [student.id, student]));
    setTicked(ids.flatMap((id) => known.get(id) ?? []));
  };

  return (
    <div className="transfer-out-produce">
      <section className="transfer-out-chosen" aria-label="學生清單">
        <ChosenList chosen={chosen} change={change} locked={production.running} />
        <ProductionChoices
          students={chosen.students.length}
          choices={choices}
          onChange={setChoices}
          production={production}
          mayProduce={mayProduce}
          onProduce={() => void production.start({ studentIds: chosen.students.map(({ id }) => id), ...choices })}
        />
      </section>
      <section className="transfer-out-search" aria-label="搜尋學生">
        <DataGrid
          grid={studentGrid}
          list="students.list"
          workbook="students.exportWorkbook"
          scope={scope}
          addressed={active}
          without={['grade', 'seatNumber']}
          selection={{ selected: ticked.map(({ id }) => id), onChange: tick }}
          toolbar={
            <>
              <Button type="primary" ghost disabled={ticked.length === 0 || production.running} onClick={() => add(ticked)}>
                {ticked.length === 0 ? '加入清單' : `將勾選的 ${ticked.length} 人加入清單`}
              </Button>
              {only.number && (
                <Tag closable={{ closeIcon: true, 'aria-label': '顯示全部學生' }} onClose={only.showAll}>
                  只列出學號 {only.number}
                </Tag>
              )}
            </>
          }
          actions={(row) => <AddOne row={row} chosen={chosen.students} disabled={production.running} onAdd={add} />}
          actionsWidth={100}
          onRowOpen={(row) => add([studentOf(row)])}
          emptyText="還沒有學生資料，請先到「同步作業」同步學籍及人員資料。"
        />
      </section>
      <ProducedMessage
        produced={produced}
        onClose={production.reset}
        onShowRecords={() => {
          production.reset();
          onShowRecords();
        }}
      />
    </div>
  );
}

/** The student that Ctrl+K came here with (`?number=`): the address is cleared at once, so that coming back lists all again. */
function useSoughtStudent(): { number: string | null; showAll: () => void } {
  const sought = new URLSearchParams(useSearch()).get('number');
  const [, go] = useLocation();
  const [number, setNumber] = useState(sought);
  useEffect(() => {
    if (!sought) return;
    setNumber(sought);
    go('/transfer-out', { replace: true });
  }, [sought, go]);
  return { number, showAll: () => setNumber(null) };
}

interface AddOneProps {
  row: GridRow;
  chosen: readonly ChosenStudent[];
  disabled: boolean;
  onAdd: (students: readonly ChosenStudent[]) => void;
}

function AddOne({ row, chosen, disabled, onAdd }: AddOneProps) {
  const student = studentOf(row);
  if (chosen.some(({ id }) => id === student.id)) return <span className="transfer-out-added">已在清單</span>;
  return (
    <Button
      size="small"
      type="link"
      disabled={disabled}
      aria-label={`將 ${student.studentNumber} ${student.name} 加入清單`}
      onClick={() => onAdd([student])}
    >
      加入清單
    </Button>
  );
}
