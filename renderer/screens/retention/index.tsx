import { Button, Tabs } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { formatRocDay } from '../../../domain/roc-date.ts';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import { leaverGrid, type Obstacle, obstacles, purgeGrid } from '../../../main/features/retention/contract.ts';
import { useQueryOperation } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { DataGrid, ErrorNote, exactly, formatCount, gridAddress, type OpenedRow, PageFrame } from '../../components/index.ts';
import { PurgeDialog } from './purge-dialog.tsx';
import { PurgeDrawer } from './purge-drawer.tsx';
import { YearsDialog } from './years-dialog.tsx';
import './retention.css';

const mayTick = (row: GridRow) => row.obstacle === 'none';

/** 個人資料保存期限 (S0226S): whose years here are over, what keeps them, their purge, and the purges so far. */
export default function Retention() {
  const { session } = useOffice();
  const summary = useQueryOperation('retention.summary', {});
  const [ticked, setTicked] = useState<string[]>([]);
  const [opened, setOpened] = useState<OpenedRow | null>(null);
  const [window, setWindow] = useState<'years' | 'purge' | null>(null);
  const may = (right: 'update' | 'delete') => mayUse(session, 'S0226S', right);
  const { data } = summary;
  const ready = data ? data.due - data.held : 0;

  return (
    <PageFrame
      title="個人資料保存期限"
      meaning={
        data && (
          <>
            離校後保存 {data.keptYears} 學年：{formatRocDay(data.leftBefore)} 之前離校的學生已到期，本機共 {formatCount(data.due)} 位
            {data.held > 0 && `，其中 ${formatCount(data.held)} 位還有事情沒有處理，暫時保留`}
          </>
        )
      }
      actions={
        <>
          {may('update') && <Button onClick={() => setWindow('years')}>保存學年…</Button>}
          {may('delete') && (
            <Button type="primary" danger disabled={ready === 0} onClick={() => setWindow('purge')}>
              {ticked.length > 0 ? `清除勾選的 ${formatCount(ticked.length)} 位…` : `清除全部 ${formatCount(ready)} 位…`}
            </Button>
          )}
        </>
      }
    >
      <ErrorNote error={summary.error} onRetry={() => void summary.refetch()} />
      <Tabs
        className="page-tabs"
        items={[
          {
            key: 'due',
            label: '到期學生',
            children: (
              <DataGrid
                grid={leaverGrid}
                list="retention.leavers"
                workbook="retention.exportLeavers"
                {...(may('delete') ? { selection: { selected: ticked, onChange: setTicked, mayTick } } : {})}
                render={{ obstacle: (row) => <ObstacleCell row={row} /> }}
                emptyText="沒有超過保存期限的離校學生。"
              />
            ),
          },
          {
            key: 'purges',
            label: '清除紀錄',
            children: (
              <DataGrid
                grid={purgeGrid}
                list="retention.purges"
                workbook="retention.exportPurges"
                onRowOpen={(row, place) => setOpened({ id: String(row.id), place })}
                actionsTitle="明細"
                actionsWidth={76}
                actions={(row, place) => (
                  <Button
                    type="link"
                    size="small"
                    aria-label={`明細 ${formatCount(Number(row.students))} 位`}
                    onClick={() => setOpened({ id: String(row.id), place })}
                  >
                    明細
                  </Button>
                )}
                emptyText="還沒有清除過離校學生的資料。"
              />
            ),
          },
        ]}
      />
      <PurgeDrawer opened={opened} onOpen={setOpened} />
      {window === 'years' && data && <YearsDialog keptYears={data.keptYears} onClose={() => setWindow(null)} />}
      {window === 'purge' && data && (
        <PurgeDialog summary={data} studentIds={ticked} onPurged={() => setTicked([])} onClose={() => setWindow(null)} />
      )}
    </PageFrame>
  );
}

/** Where each of them is settled; a roster's answer is awaited on the screen of its kind. */
const ways: Readonly<Partial<Record<Obstacle, (studentNumber: string) => string>>> = {
  unsent: () => '/sync',
  openLeaving: (studentNumber) => gridAddress('/transfer-out', { studentNumber: exactly(studentNumber) }, { tab: 'leavers' }),
  openArrival: (studentNumber) => gridAddress('/transfer-in', { studentNumber: exactly(studentNumber) }, { tab: 'arrivals' }),
};

function ObstacleCell({ row }: { row: GridRow }) {
  const obstacle = row.obstacle as Obstacle;
  const way = ways[obstacle];
  if (!way) return <span className={obstacle === 'none' ? undefined : 'state-soon'}>{obstacles[obstacle]}</span>;
  return (
    <Link href={way(String(row.studentNumber))} className="state-soon" title="處理完才能清除；到處理的頁面">
      {obstacles[obstacle]}
    </Link>
  );
}
