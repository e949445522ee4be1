import { Link } from 'wouter';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import type { Cabinet } from './records.ts';

/** By which import a record came, or has its content, and the way to its 明細. Nothing of a record that was made here. */
export function RecordOrigin({ origin }: { origin: Cabinet['origins'][string] | undefined }) {
  const { session } = useOffice();
  if (!origin) return null;
  return (
    <section className="cabinet-origin" aria-labelledby="cabinet-origin">
      <h3 id="cabinet-origin">來源</h3>
      <p>
        {origin.treatment === 'replaced' ? '內容在匯入時以轉學檔案取代' : '由轉學檔案匯入'}：{origin.fileName}
        <br />
        <span className="figure">{formatRocDateTime(origin.createdAt)}</span>，{origin.createdBy}
      </p>
      {mayUse(session, 'S0220S') && <Link href={`/transfer-in?import=${encodeURIComponent(origin.importId)}`}>查看匯入明細</Link>}
    </section>
  );
}
