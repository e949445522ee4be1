import { App, Button, Input, InputNumber, Modal } from 'antd';
import { useState } from 'react';
import { formatRocDateTime, formatRocDay } from '../../../domain/roc-date.ts';
import { leastKeptYears, mostKeptYears } from '../../../main/features/audit/contract.ts';
import type { OutputOf } from '../../../main/features/contract.ts';
import { useCommand, useJob, useQueryOperation } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { CopyText, ErrorNote, formatCount, JobProgress } from '../../components/index.ts';

type Retention = OutputOf<'audit.retention'>;

/** 保存年限 of the log, what is over it, and what was purged so far. */
export function RetentionDialog({ onClose }: { onClose: () => void }) {
  const retention = useQueryOperation('audit.retention', {});
  return (
    <Modal open title="稽核紀錄的保存年限" footer={null} width={720} onCancel={onClose}>
      <ErrorNote error={retention.error} onRetry={() => void retention.refetch()} />
      {retention.data && (
        <>
          <KeptYears key={retention.data.keptYears} retention={retention.data} />
          <Purge retention={retention.data} />
          <Purges purges={retention.data.purges} />
        </>
      )}
    </Modal>
  );
}

function KeptYears({ retention }: { retention: Retention }) {
  const { session } = useOffice();
  const { message } = App.useApp();
  const save = useCommand('audit.saveRetention');
  const [years, setYears] = useState<number | null>(retention.keptYears);
  const may = mayUse(session, 'S0223S', 'update');
  const keep = async () => {
    if (years !== null && (await save.run({ keptYears: years }))) message.success(`已改為保存 ${years} 年`);
  };
  return (
    <section className="audit-retention" aria-label="保存年限">
      <label htmlFor="audit-kept-years">保存年數 *</label>
      <div className="audit-retention-line">
        <InputNumber
          id="audit-kept-years"
          min={leastKeptYears}
          max={mostKeptYears}
          precision={0}
          value={years}
          disabled={!may}
          onChange={setYears}
          onPressEnter={() => void keep()}
        />
        {may && (
          <Button
            type="primary"
            disabled={years === null || years === retention.keptYears}
            loading={save.pending}
            onClick={() => void keep()}
          >
            儲存保存年數
          </Button>
        )}
      </div>
      <p className="muted">
        {leastKeptYears} 到 {mostKeptYears} 年；個人資料的使用紀錄通常保存 5 年。紀錄不會自動刪除，超過年限的要由有刪除權限的人清除。
      </p>
      <ErrorNote error={save.error} onClose={save.reset} />
    </section>
  );
}

function Purge({ retention }: { retention: Retention }) {
  const { session } = useOffice();
  const { message } = App.useApp();
  const purge = useJob('audit.purge');
  const [typed, setTyped] = useState('');
  const { due, entries, oldestAt, keptFrom } = retention;
  const may = mayUse(session, 'S0223S', 'delete');
  const clear = async () => {
    const purged = await purge.start({ entries: due });
    setTyped('');
    if (purged) message.success(`已清除 ${formatCount(purged.entries)} 筆，檢查點已記入稽核紀錄`);
  };
  return (
    <section className="audit-retention" aria-label="超過年限的紀錄">
      <h3>超過年限的紀錄</h3>
      <p>
        目前共 {formatCount(entries)} 筆{oldestAt && `，最早的在 ${formatRocDateTime(oldestAt)}`}。
        {due === 0 ? '沒有超過年限的。' : `${formatRocDay(keptFrom)} 之前的 ${formatCount(due)} 筆已超過年限。`}
      </p>
      {due > 0 && may && (
        <>
          <label htmlFor="audit-purge-confirm">輸入要清除的筆數 {due} 以確認</label>
          <div className="audit-retention-line">
            <Input
              id="audit-purge-confirm"
              className="audit-purge-confirm figure"
              inputMode="numeric"
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
            <Button
              danger
              type="primary"
              disabled={typed.normalize('NFKC').trim() !== String(due)}
              loading={purge.running}
              onClick={() => void clear()}
            >
              清除 {formatCount(due)} 筆
            </Button>
          </div>
          <p className="muted">
            清除後無法復原。被清除的範圍與最後一筆的雜湊會留下檢查點，其餘的紀錄仍能從檢查點開始驗證。備份裡仍有這些紀錄。
          </p>
        </>
      )}
      <JobProgress job={purge.job} />
      <ErrorNote error={purge.error} onClose={purge.reset} />
    </section>
  );
}

function Purges({ purges }: Pick<Retention, 'purges'>) {
  if (purges.length === 0) return null;
  return (
    <section aria-label="清除過的紀錄">
      <h3>清除過的紀錄</h3>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">清除時間</th>
            <th scope="col">清除人員</th>
            <th scope="col">序號</th>
            <th scope="col">紀錄的時間</th>
            <th scope="col">檢查點</th>
          </tr>
        </thead>
        <tbody>
          {purges.map(({ fromSequence, throughSequence, firstAt, lastAt, purgedAt, purgedBy, hash }) => (
            <tr key={throughSequence}>
              <td className="figure-left">{formatRocDateTime(purgedAt)}</td>
              <td>{purgedBy}</td>
              <td className="figure-left">
                {fromSequence} ~ {throughSequence}
              </td>
              <td className="figure-left">
                {formatRocDay(firstAt.slice(0, 10))} ~ {formatRocDay(lastAt.slice(0, 10))}
              </td>
              <td>
                <CopyText text={hash} label="檢查點的雜湊" shown={`${hash.slice(0, 12)}…`} monospace />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
