import { Link } from 'wouter';
import type { OutputOf } from '../../../main/features/contract.ts';
import { useQueryOperation } from '../../app/backend.ts';
import { maySee, screens } from '../../app/screens.tsx';
import { mayUse, useOffice } from '../../app/session.ts';
import { formatCount } from '../../components/index.ts';
import { backupDuties, type Duty, dutiesOf } from './duties.ts';

const toneClass: Record<Duty['tone'], string> = { wrong: 'state-wrong', soon: 'state-soon', plain: '' };

/** What waits, the pressing first; each a link to its screen where there is one. */
export function DutyList({ overview }: { overview: OutputOf<'dashboard.overview'> }) {
  const { session } = useOffice();
  const reachable = new Set(screens.filter((screen) => maySee(session, screen)).map((screen) => screen.path));
  const backup = useQueryOperation('backup.state', {});
  const ofBackup = backup.data && mayUse(session, 'S0224S') ? backupDuties(backup.data) : [];
  // The pressing first, whatever they are of.
  const all = [...ofBackup, ...dutiesOf(overview, Boolean(overview.lastSyncAt))];
  const duties = [...all.filter(({ tone }) => tone === 'wrong'), ...all.filter(({ tone }) => tone !== 'wrong')];
  return (
    <section className="panel" aria-labelledby="duties">
      <h2 id="duties">待辦</h2>
      {duties.length === 0 ? (
        <p className="panel-empty">目前沒有待辦事項。</p>
      ) : (
        <ul className="duties">
          {duties.map((duty) => {
            const line = (
              <>
                <span className={`duty-count figure ${toneClass[duty.tone]}`}>{duty.count === null ? '！' : formatCount(duty.count)}</span>
                <span>{duty.text}</span>
              </>
            );
            return (
              <li key={duty.text}>
                {duty.path && reachable.has(duty.path.split('?')[0]!) ? (
                  <Link href={duty.path} className="duty">
                    {line}
                  </Link>
                ) : (
                  <span className="duty">{line}</span>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
