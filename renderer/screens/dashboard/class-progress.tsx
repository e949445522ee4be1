import { Link } from 'wouter';
import type { OutputOf } from '../../../main/features/contract.ts';
import { exactly, formatCount, gridAddress } from '../../components/index.ts';

type ClassRow = OutputOf<'dashboard.overview'>['classes'][number];

/** The rows of a class in 查詢學生學習成果情形. */
const of = ({ className }: ClassRow, filter: Record<string, string | number> = {}) =>
  gridAddress('/outcomes', { className: exactly(className), ...filter });

/** Certification and ticking of the year by class; each bar leads to those who are missing in it. */
export function ClassProgress({ classes }: { classes: readonly ClassRow[] }) {
  return (
    <section className="panel dashboard-wide" aria-labelledby="class-progress">
      <h2 id="class-progress">各班認證與勾選進度</h2>
      {classes.length === 0 ? (
        <p className="panel-empty">同步之後，這裡會列出各班進度。</p>
      ) : (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">班級</th>
              <th scope="col" className="figure">
                人數
              </th>
              <th scope="col" className="figure">
                已上傳
              </th>
              <th scope="col">已認證／已上傳</th>
              <th scope="col">已勾選人數／班級人數</th>
            </tr>
          </thead>
          <tbody>
            {classes.map((row) => (
              <tr key={row.className}>
                <th scope="row">
                  <Link href={of(row)}>{row.className}</Link>
                </th>
                <td className="figure">{formatCount(row.students)}</td>
                <td className="figure">{formatCount(row.uploaded)}</td>
                <td>
                  <Link href={of(row, { pending: '>0' })} className="share-link" title={`${row.className} 待認證的學生`}>
                    <Share part={row.certified} whole={row.uploaded} />
                  </Link>
                </td>
                <td>
                  <Link href={of(row, { ticked: 0 })} className="share-link" title={`${row.className} 未勾選的學生`}>
                    <Share part={row.studentsWhoTicked} whole={row.students} />
                  </Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** A bar with its figures beside it: nothing by length or colour alone. */
function Share({ part, whole }: { part: number; whole: number }) {
  const percent = whole === 0 ? 0 : Math.round((part / whole) * 100);
  return (
    <span className="share">
      <span className="share-bar" aria-hidden>
        <span style={{ width: `${percent}%` }} />
      </span>
      <span className="figure share-figures">
        {formatCount(part)}／{formatCount(whole)}
      </span>
      <span className="figure share-percent">{whole === 0 ? '—' : `${percent}%`}</span>
    </span>
  );
}
