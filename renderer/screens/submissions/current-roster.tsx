import { FileExcelOutlined } from '@ant-design/icons';
import { Button, Empty, Select, Skeleton } from 'antd';
import { type ReactNode, useMemo, useState } from 'react';
import { type Grid, rowId } from '../../../main/application/grid-contract.ts';
import type { OutputOf } from '../../../main/features/contract.ts';
import type { RosterScope } from '../../../main/features/submissions/contract.ts';
import { useQueryOperation } from '../../app/backend.ts';
import { DataGrid, ErrorNote, formatCount, useStudentNames } from '../../components/index.ts';
import { useShortcut } from '../../components/use-shortcut.ts';
import type { RosterExport } from './use-export.ts';
import { rosterKey } from './use-roster.ts';
import type { Overview } from './window-line.tsx';

interface CurrentRosterProps {
  roster: RosterScope;
  overview: Overview;
  rosterExport: RosterExport;
}

/** 查看現有名冊: the rows as they would be handed in now, sheet by sheet. */
export function CurrentRoster({ roster, overview, rosterExport }: CurrentRosterProps) {
  const { sheets } = overview;
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = sheets.find(({ name }) => name === chosen) ?? sheets.find(({ rows }) => rows > 0) ?? sheets[0];
  if (!shown) {
    return (
      <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="名冊沒有工作表。請選擇其他學年，或先同步資料。">
        <Button href="#/sync">前往同步作業</Button>
      </Empty>
    );
  }
  return (
    <Sheet
      key={`${rosterKey(roster)} ${shown.name}`}
      roster={roster}
      name={shown.name}
      rosterExport={rosterExport}
      choice={
        <Select
          aria-label="工作表"
          popupMatchSelectWidth={false}
          value={shown.name}
          options={sheets.map(({ name, rows }) => ({ value: name, label: `${name}（${formatCount(rows)}）` }))}
          onChange={setChosen}
        />
      }
    />
  );
}

type Columns = OutputOf<'submissions.sheet'>['columns'];

/** The grid of a sheet: the student, then the sheet's own columns, which no contract can know. */
export function sheetGrid(name: string, columns: Columns): Grid {
  return {
    name: 'roster',
    title: name,
    columns: [
      rowId,
      { key: 'studentId', title: 'studentId', kind: 'text', hidden: true, filterable: false, sortable: false },
      { key: 'className', title: '班級', kind: 'text', width: 100 },
      { key: 'seatNumber', title: '座號', kind: 'number', width: 72 },
      { key: 'studentNumber', title: '學號', kind: 'text', width: 110 },
      { key: 'name', title: '姓名', kind: 'text', width: 100 },
      ...columns,
    ],
    students: 'studentId',
    defaultSort: { key: 'className' },
  };
}

interface SheetProps {
  roster: RosterScope;
  name: string;
  rosterExport: RosterExport;
  choice: ReactNode;
}

function Sheet({ roster, name, rosterExport, choice }: SheetProps) {
  const scope = useMemo(() => ({ ...roster, sheet: name }), [roster, name]);
  const sheet = useQueryOperation('submissions.sheet', scope);
  const columns = sheet.data?.columns;
  const grid = useMemo(() => columns && sheetGrid(name, columns), [name, columns]);
  const students = useStudentNames();
  const startExport = () => rosterExport.start(roster, false);
  useShortcut({ key: 'e', mod: true }, startExport, !rosterExport.job.running);
  if (sheet.error) return <ErrorNote error={sheet.error} onRetry={() => void sheet.refetch()} />;
  if (!grid) return <Skeleton active paragraph={{ rows: 8 }} />;
  return (
    <DataGrid
      grid={grid}
      list="submissions.roster"
      scope={scope}
      render={{ name: students.name }}
      onRowOpen={students.onRowOpen}
      toolbar={
        <>
          {choice}
          <span className="submission-spring" />
          <Button
            icon={<FileExcelOutlined />}
            loading={rosterExport.job.running}
            title="先預檢，再匯出官方格式的名冊（Ctrl+E）"
            onClick={startExport}
          >
            匯出名冊
          </Button>
        </>
      }
      emptyText="這個工作表現在沒有資料。"
    />
  );
}
