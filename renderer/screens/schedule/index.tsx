import { PlusOutlined } from '@ant-design/icons';
import { Button, Switch } from 'antd';
import { useState } from 'react';
import { operationWindowItemNames } from '../../../domain/office-settings.ts';
import { formatRocDay } from '../../../domain/roc-date.ts';
import { formatTerm } from '../../../domain/term.ts';
import { type ScheduledWindow, scheduleGrid } from '../../../main/features/schedule/contract.ts';
import { useCommand, useQueryOperation } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { ConfirmButton, DataGrid, ErrorNote, PageFrame, SharedChanges } from '../../components/index.ts';
import './schedule.css';
import { Timeline } from './timeline.tsx';
import { WindowForm } from './window-form.tsx';

const resources: ['operation-windows'] = ['operation-windows'];
const cityTitles = { outcomes: '學習成果作業時間', performances: '多元表現作業時間' } as const;

/** 設定學校作業時間 (manual §3.7). */
export default function Schedule() {
  const { session, term } = useOffice();
  const overview = useQueryOperation('schedule.overview', {});
  const remove = useCommand('schedule.remove');
  const [editing, setEditing] = useState<ScheduledWindow | 'new' | null>(null);
  const [past, setPast] = useState(false);
  const may = {
    create: mayUse(session, 'S0203S', 'create'),
    update: mayUse(session, 'S0203S', 'update'),
    delete: mayUse(session, 'S0203S', 'delete'),
  };
  const data = overview.data;
  const byId = new Map(data?.windows.map((window) => [window.id, window]));
  const odd = data?.windows.filter(({ warnings, state }) => warnings.length > 0 && state !== 'past') ?? [];

  return (
    <PageFrame
      title="設定學校作業時間"
      meaning="依照市級系統的學習成果／多元表現期限，設定本校各項目的作業時間。結束時間以整個小時計，23 表示到 23:59:59。學生勾選時間學期為0代表1學年。"
      actions={
        may.create && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing('new')}>
            新增
          </Button>
        )
      }
    >
      <SharedChanges resources={resources} />
      <ErrorNote error={overview.error ?? remove.error} onRetry={() => void overview.refetch()} />
      {data && (
        <section className="panel schedule-panel" aria-label="作業時間一覽">
          <div className="schedule-city">
            {(['outcomes', 'performances'] as const).map((kind) => {
              const window =
                data.city.find((each) => each.kind === kind && each.academicYear === term.academicYear) ??
                data.city.find((each) => each.kind === kind);
              return (
                <p key={kind}>
                  {cityTitles[kind]}：
                  {window
                    ? `${window.academicYear}學年度 ${formatRocDay(window.startsOn)} ~ ${formatRocDay(window.endsOn)}`
                    : '市級系統尚未公布'}
                </p>
              );
            })}
            <span className="schedule-past">
              <Switch size="small" checked={past} onChange={setPast} aria-label="顯示已結束的作業時間" /> 顯示已結束的
            </span>
          </div>
          <Timeline windows={data.windows.filter(({ state }) => past || state !== 'past')} now={data.now} />
          {odd.length > 0 && (
            <ul className="schedule-warnings">
              {odd.map((window) => (
                <li key={window.id}>
                  {formatTerm(window)} {operationWindowItemNames[window.item]}：{window.warnings.join('')}
                </li>
              ))}
            </ul>
          )}
        </section>
      )}
      <DataGrid
        grid={scheduleGrid}
        list="schedule.list"
        workbook="schedule.exportWorkbook"
        addressed
        emptyText="還沒有設定作業時間。請按「新增」設定學生上傳、老師認證與學生勾選的時間。"
        emptyAction={may.create && <Button onClick={() => setEditing('new')}>新增</Button>}
        actionsWidth={120}
        actions={(row) => {
          const window = byId.get(String(row.id));
          return (
            <>
              {may.update && (
                <Button type="link" size="small" disabled={!window} onClick={() => window && setEditing(window)}>
                  修改
                </Button>
              )}
              {may.delete && (
                <ConfirmButton
                  type="link"
                  size="small"
                  question="確定要刪除這筆作業時間？"
                  consequence="刪除後，這個項目在這個學年期就不開放了。"
                  confirmText="刪除作業時間"
                  onConfirm={async () => {
                    await remove.run({ id: String(row.id) });
                  }}
                >
                  刪除
                </ConfirmButton>
              )}
            </>
          );
        }}
      />
      <WindowForm editing={editing} city={data?.city ?? []} onClose={() => setEditing(null)} />
    </PageFrame>
  );
}
