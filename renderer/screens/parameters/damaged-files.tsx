import { App, Button, Radio } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import { damagedGrid } from '../../../main/features/parameters/contract.ts';
import { useCommand, useJob, useQueryOperation } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { DataGrid, ErrorNote, JobProgress } from '../../components/index.ts';
import { ReplaceFile } from './replace-file.tsx';

/** 切換學習成果異常檔案更新功能 (manual §3.2.7): switched on, it shows the subjects whose files are damaged. */
export function DamagedFiles() {
  const { session } = useOffice();
  const { message } = App.useApp();
  const stored = useQueryOperation('parameters.values', {}).data;
  const toggle = useCommand('parameters.switchDamagedFileUpdate');
  const refetch = useJob('parameters.refetch');
  const [wanted, setWanted] = useState<boolean | null>(null);
  const [selected, setSelected] = useState<string[]>([]);
  const [seen, setSeen] = useState<ReadonlyMap<string, GridRow>>(new Map());
  const [replacing, setReplacing] = useState<GridRow | null>(null);
  const may = mayUse(session, 'S0203S1', 'update');
  const mayOpen = mayUse(session, 'S0205S') || mayUse(session, 'S0206S');
  if (!stored) return null;
  const on = wanted ?? stored.damagedFileUpdate;

  const fetchAgain = async (sha256s: string[]) => {
    const result = await refetch.start({ sha256s });
    if (!result) return;
    setSelected([]);
    if (result.failed > 0) message.warning(`取得 ${result.mended} 件，還有 ${result.failed} 件無法取得，請改用「更換檔案」`);
    else message.success(`已重新取得 ${result.mended} 件檔案`);
  };

  return (
    <>
      <section className="panel damaged-switch" aria-labelledby="damaged-files">
        <h2 id="damaged-files">切換學習成果異常檔案更新功能</h2>
        <Radio.Group
          disabled={!may}
          value={on}
          options={[
            { value: true, label: '開啟' },
            { value: false, label: '關閉' },
          ]}
          onChange={(event) => setWanted(event.target.value as boolean)}
        />
        {may && (
          <Button
            type="primary"
            disabled={wanted === null || wanted === stored.damagedFileUpdate}
            loading={toggle.pending}
            onClick={() => void toggle.run({ on }).then((ok) => ok && setWanted(null))}
          >
            存檔
          </Button>
        )}
        <span className="muted">
          {stored.damagedFiles === 0
            ? '目前沒有發現異常的檔案。'
            : `目前有 ${stored.damagedFiles} 個學習成果檔案異常${stored.damagedFileUpdate ? '。' : '，開啟後會列出科目並可以更新檔案。'}`}
        </span>
      </section>
      <ErrorNote error={toggle.error} onClose={toggle.reset} />
      {stored.damagedFileUpdate && (
        <>
          <ErrorNote error={refetch.error} onClose={refetch.reset} />
          <DataGrid
            grid={damagedGrid}
            list="parameters.damaged"
            workbook="parameters.exportDamaged"
            addressed
            without={['studentNumber', 'term']}
            emptyText="目前沒有檔案異常的學習成果。"
            selection={
              may
                ? {
                    selected,
                    onChange: (ids, rows) => {
                      setSelected(ids);
                      setSeen((before) => new Map([...before, ...rows.map((row) => [String(row.id), row] as const)]));
                    },
                  }
                : undefined
            }
            toolbar={
              <>
                {may && (
                  <Button
                    disabled={selected.length === 0 || refetch.running}
                    onClick={() => void fetchAgain(selected.map((id) => String(seen.get(id)?.sha256)))}
                  >
                    重新取得勾選的 {selected.length} 件
                  </Button>
                )}
                <JobProgress job={refetch.job} onCancel={refetch.cancel} />
              </>
            }
            render={{
              studentName: (row) => (mayOpen ? <Link href={`/cabinet/${row.studentId}`}>{row.studentName}</Link> : row.studentName),
            }}
            actionsWidth={176}
            actions={(row) =>
              may && (
                <>
                  <Button type="link" size="small" disabled={refetch.running} onClick={() => void fetchAgain([String(row.sha256)])}>
                    重新取得
                  </Button>
                  <Button type="link" size="small" onClick={() => setReplacing(row)}>
                    更換檔案
                  </Button>
                </>
              )
            }
          />
        </>
      )}
      <ReplaceFile row={replacing} onClose={() => setReplacing(null)} />
    </>
  );
}
