import { App, Button, Skeleton } from 'antd';
import { useState } from 'react';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import { backupGrid } from '../../../main/features/backup/contract.ts';
import { useJob, useQueryOperation } from '../../app/backend.ts';
import { useSaveFile } from '../../app/save-file.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { DataGrid, ErrorNote, formatAge, formatBytes, formatCount, JobProgress, PageFrame } from '../../components/index.ts';
import { RecoveryKeyPanel } from './recovery-key-panel.tsx';
import { RehearsalPanel } from './rehearsal-panel.tsx';
import { type ChosenBackup, RestoreDialog } from './restore-dialog.tsx';
import { RestoreFromFile } from './restore-from-file.tsx';
import { SettingsPanel } from './settings-panel.tsx';
import './backup.css';

/** 備份與還原 (S0224S): last backups, verify, restore, rehearse, where they are kept, and what opens them elsewhere. */
export default function BackupScreen() {
  const { session } = useOffice();
  const { message } = App.useApp();
  const state = useQueryOperation('backup.state', {});
  const overview = useQueryOperation('backup.overview', {});
  const create = useJob('backup.create');
  const verify = useJob('backup.verify');
  const download = useJob('backup.download');
  const rehearse = useJob('backup.rehearse');
  const saveFile = useSaveFile();
  const [chosen, setChosen] = useState<ChosenBackup | null>(null);
  const [fromFile, setFromFile] = useState(false);
  const may = (right: 'create' | 'update') => mayUse(session, 'S0224S', right);
  const busy = [create, verify, download, rehearse].some((job) => job.running);

  const backUp = async () => {
    const made = await create.start({});
    if (!made) return;
    const text = `已備份並驗證：${formatCount(Object.keys(made.tables).length)} 個資料表、附件 ${formatCount(made.files)} 個`;
    if (made.secondProblem) message.warning(`${text}；第二份沒有複製成功`);
    else message.success(text);
  };
  const check = async (row: GridRow) => {
    const found = await verify.start({ id: String(row.id) });
    if (found) message.success(`${formatRocDateTime(found.madeAt)} 的備份完好`);
  };
  const save = async (row: GridRow) => {
    const made = await download.start({ id: String(row.id) });
    if (made) await saveFile(made.file);
  };

  return (
    <PageFrame
      title="備份與還原"
      meaning={
        state.data &&
        overview.data && (
          <>
            {state.data.lastAt ? (
              <span title={formatRocDateTime(state.data.lastAt)}>最近一次驗證過的備份：{formatAge(state.data.lastAt)}</span>
            ) : (
              '還沒有驗證過的備份'
            )}
            {overview.data.nextAt && `；下次自動備份 ${formatRocDateTime(overview.data.nextAt).slice(0, -3)}`}
            ；共 {formatBytes(overview.data.bytes)}，磁碟剩餘 {formatBytes(overview.data.freeBytes)}
          </>
        )
      }
      actions={
        <>
          {may('update') && (
            <Button disabled={busy} onClick={() => setFromFile(true)}>
              從檔案還原…
            </Button>
          )}
          {may('create') && (
            <Button type="primary" disabled={busy} onClick={() => void backUp()}>
              立即備份
            </Button>
          )}
        </>
      }
    >
      {[create, verify, download, rehearse].map((job) => (
        <ErrorNote key={job.job?.operation ?? ''} error={job.error} onClose={job.reset} />
      ))}
      <ErrorNote error={state.error ?? overview.error} onRetry={() => void overview.refetch()} />
      {[create, verify, download, rehearse].map((job, index) => (
        <JobProgress key={['create', 'verify', 'download', 'rehearse'][index]} job={job.job} onCancel={job.cancel} />
      ))}
      {overview.data && state.data ? (
        <div className="backup-panels">
          <SettingsPanel overview={overview.data} secondProblem={state.data.secondProblem} mayChange={may('update')} />
          <RecoveryKeyPanel recoveryKey={state.data.recoveryKey} mayChange={may('update')} />
          <RehearsalPanel rehearsal={overview.data.rehearsal} />
        </div>
      ) : (
        !overview.error && <Skeleton active paragraph={{ rows: 4 }} />
      )}
      <DataGrid
        grid={backupGrid}
        list="backup.list"
        workbook="backup.exportWorkbook"
        emptyText="還沒有備份。按「立即備份」製作第一份，之後每天會自動備份。"
        render={{ state: (row) => <StateCell row={row} /> }}
        without={['createdBy']}
        actionsWidth={180}
        actions={(row) =>
          row.here === 1 && (
            <span className="backup-actions">
              <Button type="link" size="small" disabled={busy} onClick={() => void check(row)}>
                驗證
              </Button>
              {may('update') && (
                <Button
                  type="link"
                  size="small"
                  disabled={busy}
                  onClick={() => setChosen({ source: { id: String(row.id) }, madeAt: String(row.createdAt) })}
                >
                  還原
                </Button>
              )}
              {may('create') && (
                <>
                  <Button type="link" size="small" disabled={busy} onClick={() => void rehearse.start({ id: String(row.id) })}>
                    演練
                  </Button>
                  <Button type="link" size="small" disabled={busy} onClick={() => void save(row)}>
                    下載
                  </Button>
                </>
              )}
            </span>
          )
        }
      />
      <RestoreDialog chosen={chosen} onClose={() => setChosen(null)} />
      <RestoreFromFile
        open={fromFile}
        onClose={() => setFromFile(false)}
        onChosen={(backup) => {
          setFromFile(false);
          setChosen(backup);
        }}
      />
    </PageFrame>
  );
}

const stateNames: Readonly<Record<string, { text: string; className: string }>> = {
  verified: { text: '已驗證', className: 'state-done' },
  unverified: { text: '尚未驗證', className: 'state-soon' },
  damaged: { text: '毀損', className: 'state-wrong' },
  missing: { text: '檔案不在', className: 'state-wrong' },
};

function StateCell({ row }: { row: GridRow }) {
  const { text, className } = stateNames[String(row.state)]!;
  return <span className={className}>{text}</span>;
}
