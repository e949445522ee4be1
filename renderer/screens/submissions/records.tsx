import { DownOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import type { ProcessingStatus } from '../../../domain/submission.ts';
import { processingStatusNames } from '../../../domain/submission.ts';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import { submissionGrid, submissionModules } from '../../../main/features/submissions/contract.ts';
import { useJob } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { ConfirmButton, DataGrid, ErrorNote, type GridPlace, JobProgress } from '../../components/index.ts';
import { checkAddress, tabAddress, useSubmissionPlace } from './address.ts';
import { archiveWords, useArchive } from './archive.ts';
import type { SubmissionKind } from './kinds.ts';
import { RecordDrawer } from './record-drawer.tsx';
import { statusClasses } from './status.ts';
import { useDownloads } from './use-downloads.ts';

/** 提交紀錄: every line of the national database's log, with its raw 處理狀態, what was sent and what was answered. */
export function Records({ kind }: { kind: SubmissionKind }) {
  const { session } = useOffice();
  const { open, go } = useSubmissionPlace();
  const downloads = useDownloads(kind);
  const archive = useArchive(kind);
  const results = useJob('sync.run', 'submission-results');
  const scope = useMemo(() => ({ kind }), [kind]);
  const [opened, setOpened] = useState<{ id: string; place: GridPlace | null } | null>(null);
  const mayUpdate = mayUse(session, submissionModules[kind], 'update');
  const maySync = mayUse(session, 'S0225S', 'update');
  // 封存 is the manual's for 校內幹部經歷; of the others it stands in 明細. 結果 colours 處理狀態, whose words say the same.
  const without = useMemo(() => ['processingStatus', 'way', ...(kind === 'cadres' ? [] : ['archived'])], [kind]);

  // A link to one line opens it, once.
  useEffect(() => {
    if (open === null) return;
    setOpened({ id: open, place: null });
    go(tabAddress(kind, 'records'));
  }, [open, go, kind]);

  const show = (row: GridRow, place: GridPlace) => setOpened({ id: String(row.id), place });
  return (
    <>
      <ErrorNote error={downloads.error} onClose={downloads.reset} />
      <ErrorNote error={archive.error} onClose={archive.reset} />
      <ErrorNote error={results.error} onClose={results.reset} />
      <DataGrid
        addressed
        grid={submissionGrid}
        list="submissions.list"
        workbook="submissions.exportWorkbook"
        scope={scope}
        without={without}
        toolbar={
          <>
            {maySync && (
              <Button loading={results.running} onClick={() => void results.start({ resources: ['submission-results'] })}>
                取得最新結果
              </Button>
            )}
            <JobProgress job={results.job} onCancel={results.cancel} />
          </>
        }
        render={{
          statusText: ({ statusText, processingStatus }) => (
            <span className={statusClasses[processingStatus as ProcessingStatus]} title={String(statusText)}>
              {statusText}
            </span>
          ),
          submissionFileId: ({ submissionFileId, way }) =>
            submissionFileId ?? (way === 'manual' ? <span className="state-soon">待登錄</span> : ''),
          archived: (row) => {
            if (row.archived) return '已封存';
            if (!mayUpdate || row.processingStatus !== 'accepted') return '';
            return (
              <ConfirmButton
                type="link"
                size="small"
                aria-label={`封存 FID ${row.submissionFileId}`}
                {...archiveWords(kind)}
                onConfirm={() => archive.archive(String(row.id))}
              >
                封存
              </ConfirmButton>
            );
          },
        }}
        onRowOpen={show}
        actionsTitle="下載"
        actionsWidth={152}
        actions={(row, place) => (
          <>
            <DownloadMenu row={row} onDownload={downloads.download} />
            <OpenButton
              row={row}
              text={mayUpdate && row.way === 'manual' && row.processingStatus === 'waiting' ? '登錄結果' : '明細'}
              onOpen={() => show(row, place)}
            />
          </>
        )}
        emptyText="還沒有提交過。先預檢，再提交或製作上傳檔。"
        emptyAction={<Button onClick={() => go(checkAddress(kind, 'findings'))}>前往提交</Button>}
      />
      <RecordDrawer kind={kind} opened={opened} onOpen={setOpened} downloads={downloads} archive={archive} />
    </>
  );
}

const labelOf = ({ submissionFileId, academicYear, batchName, processingStatus }: GridRow) =>
  submissionFileId
    ? `FID ${submissionFileId}`
    : `${academicYear} ${batchName} ${processingStatusNames[processingStatus as ProcessingStatus]}`;

function OpenButton({ row, text, onOpen }: { row: GridRow; text: string; onOpen: () => void }) {
  return (
    <Button type="link" size="small" aria-label={`${text} ${labelOf(row)}`} onClick={onOpen}>
      {text}
    </Button>
  );
}

interface DownloadMenuProps {
  row: GridRow;
  onDownload: (which: 'sent' | 'answer', id: string) => void;
}

/** 下載 of what was sent and of the answer; only what is there. */
function DownloadMenu({ row, onDownload }: DownloadMenuProps) {
  const items = [
    ...(row.hasSent ? [{ key: 'sent', label: '提交的名冊' }] : []),
    ...(row.hasAnswer ? [{ key: 'answer', label: '檢核結果' }] : []),
  ];
  if (items.length === 0) return null;
  return (
    <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => onDownload(key as 'sent' | 'answer', String(row.id)) }}>
      <Button type="link" size="small" icon={<DownOutlined aria-hidden />} iconPlacement="end" aria-label={`下載 ${labelOf(row)}`}>
        下載
      </Button>
    </Dropdown>
  );
}
