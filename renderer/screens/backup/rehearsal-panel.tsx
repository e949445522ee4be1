import { formatRocDateTime } from '../../../domain/roc-date.ts';
import type { RehearsalResult } from '../../../main/features/backup/contract.ts';
import { formatCount, formatDuration } from '../../components/index.ts';

/** 還原演練: when it was last tried, and what came of it. */
export function RehearsalPanel({ rehearsal }: { rehearsal: RehearsalResult | null }) {
  return (
    <section className="panel" aria-labelledby="rehearsal">
      <h2 id="rehearsal">還原演練</h2>
      {rehearsal === null ? (
        <p className="backup-note state-soon">還沒有演練過。</p>
      ) : (
        <p className="backup-note">
          <strong className={rehearsal.ok ? 'state-done' : 'state-wrong'}>{rehearsal.ok ? '通過' : '沒有通過'}</strong>
          <br />
          <span className="muted">
            {formatRocDateTime(rehearsal.at)}，{formatDuration(rehearsal.seconds)}
          </span>
        </p>
      )}
      {rehearsal?.ok && (
        <p className="backup-note muted">
          {formatRocDateTime(rehearsal.backupMadeAt)} 的備份：{formatCount(rehearsal.tables)} 個資料表、{formatCount(rehearsal.rows)}{' '}
          列、附件 {formatCount(rehearsal.files)} 個，全部相符。
        </p>
      )}
      {rehearsal?.problem && <p className="backup-note state-wrong">{rehearsal.problem}</p>}
      <p className="backup-note muted">
        在清單按「演練」：備份會還原到暫時的資料夾，像換了電腦一樣開啟並逐一比對，不影響現在的資料。建議每學期至少一次。
      </p>
    </section>
  );
}
