import { Link } from 'wouter';
import { groupMd5 } from '../../../domain/md5-text.ts';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import type { OutputOf } from '../../../main/features/contract.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { CopyText, formatBytes, formatCount } from '../../components/index.ts';
import { StudentMessages } from './student-messages.tsx';
import { UndoPanel } from './undo-panel.tsx';

export type Details = OutputOf<'transferIn.details'>;

/** What was imported from whom and by whom, what came of it, how far the city has it, and the way back while there is one. */
export function ImportDetails({ id, details }: { id: string; details: Details }) {
  const { session } = useOffice();
  return (
    <div className="transfer-in-details">
      <dl className="transfer-in-import-facts">
        <Fact label="匯入時間">{formatRocDateTime(details.createdAt)}</Fact>
        <Fact label="匯入人員">{details.createdBy}</Fact>
        <Fact label="轉出學校">
          {details.senderSchoolCode} {details.senderSchoolName}
        </Fact>
        <Fact label="大小">{formatBytes(details.bytes)}</Fact>
        <Fact label="檔名" wide>
          {details.fileName}
        </Fact>
        <Fact label="MD5" wide>
          <CopyText text={groupMd5(details.md5)} label="MD5" monospace />
        </Fact>
        {details.md5WaivedReason && (
          <Fact label="未核對 MD5" wide>
            {details.md5WaivedReason}
          </Fact>
        )}
      </dl>
      <section aria-labelledby="transfer-in-messages">
        <h3 id="transfer-in-messages">訊息</h3>
        <StudentMessages students={details.students} />
      </section>
      <section aria-labelledby="transfer-in-at-city">
        <h3 id="transfer-in-at-city">傳送至市級系統</h3>
        <AtCity atCity={details.atCity} />
      </section>
      {mayUse(session, 'S0220S', 'delete') && <UndoPanel id={id} details={details} />}
    </div>
  );
}

function Fact({ label, wide, children }: { label: string; wide?: boolean; children: React.ReactNode }) {
  return (
    <div className={wide ? 'wide' : undefined}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Records and files on their way; what the city did not take is decided at the top of this screen. */
function AtCity({ atCity: { accepted, waiting, disputed, withdrawn, filesWaiting } }: Pick<Details, 'atCity'>) {
  const total = accepted + waiting + disputed + withdrawn;
  if (total === 0) return <p className="muted">這次匯入沒有寫入任何紀錄。</p>;
  return (
    <>
      <dl className="transfer-in-at-city">
        <Figure label="已送達" count={accepted} className={accepted > 0 ? 'state-done' : undefined} />
        <Figure label="等待傳送" count={waiting} className={waiting > 0 ? 'state-soon' : undefined} />
        <Figure label="被退回" count={disputed} className={disputed > 0 ? 'state-wrong' : undefined} />
        {withdrawn > 0 && <Figure label="已撤回" count={withdrawn} />}
        <Figure label="檔案等待傳送" count={filesWaiting} unit="個" className={filesWaiting > 0 ? 'state-soon' : undefined} />
      </dl>
      {waiting + filesWaiting > 0 && (
        <p className="muted">
          連線後會自動傳送，也可以到 <Link href="/sync">同步作業</Link> 立即同步。
        </p>
      )}
      {disputed > 0 && <p className="state-wrong">被退回的紀錄並列在這個畫面的最上方，請選擇要採用哪一邊。</p>}
    </>
  );
}

function Figure({ label, count, unit = '筆', className }: { label: string; count: number; unit?: string; className?: string | undefined }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className={className}>
        {formatCount(count)} {unit}
      </dd>
    </div>
  );
}
