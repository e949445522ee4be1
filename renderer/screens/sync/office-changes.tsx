import { Link } from 'wouter';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import { type ChangedResource, changeModules, syncItems } from '../../../main/features/sync/contract.ts';
import { useQueryOperation } from '../../app/backend.ts';
import { maySee, screens } from '../../app/screens.tsx';
import { useOffice } from '../../app/session.ts';
import { ErrorNote, formatAge, formatCount, SharedChanges } from '../../components/index.ts';

const resources = Object.keys(changeModules) as ChangedResource[];
const operationNames = { create: '新增', update: '修改', delete: '刪除' } as const;

/** The changes of the office that are on their way, and those the city did not take, of all screens. */
export function OfficeChanges() {
  const { session } = useOffice();
  const { changes = [], waiting: waitingInAll = 0 } = useQueryOperation('sync.changes', { resources }).data ?? {};
  const waiting = changes.filter(({ state }) => state === 'waiting');
  const screenOf = (resource: ChangedResource) =>
    screens.find(({ module, ...screen }) => {
      const itsOwn: readonly unknown[] = changeModules[resource];
      return itsOwn.includes(module) && screen.inMenu !== false && maySee(session, { module, ...screen });
    });
  return (
    <section className="panel" aria-labelledby="office-changes">
      <h2 id="office-changes">本校的變更</h2>
      <SharedChanges resources={resources} />
      {changes.length === 0 && <p className="panel-empty">本校的變更都已經送到市級系統。</p>}
      {waiting.length > 0 && (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">項目</th>
              <th scope="col">內容</th>
              <th scope="col">動作</th>
              <th scope="col">變更時間</th>
              <th scope="col">人員</th>
            </tr>
          </thead>
          <tbody>
            {waiting.map(({ resource, recordId, label, operation, changedAt, changedBy }) => {
              const screen = screenOf(resource);
              return (
                <tr key={`${resource} ${recordId}`}>
                  <td>{screen ? <Link href={screen.path}>{syncItems[resource].title}</Link> : syncItems[resource].title}</td>
                  <td>{label}</td>
                  <td>{operationNames[operation]}</td>
                  <td className="figure" title={formatRocDateTime(changedAt)}>
                    {formatAge(changedAt)}
                  </td>
                  <td>{changedBy}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {waitingInAll > waiting.length && <p className="muted">另有 {formatCount(waitingInAll - waiting.length)} 筆等待送出，未逐筆列出。</p>}
    </section>
  );
}

/** Records of the city that could not be used yet: what is wrong with each, and since when. */
export function SyncProblems() {
  const answer = useQueryOperation('sync.problems', {});
  const { problems = [], total = 0 } = answer.data ?? {};
  if (answer.error) return <ErrorNote error={answer.error} onRetry={() => void answer.refetch()} />;
  if (total === 0) return null;
  return (
    <section className="panel" aria-labelledby="sync-problems">
      <h2 id="sync-problems">還不能採用的資料（{total} 筆）</h2>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">項目</th>
            <th scope="col">編號</th>
            <th scope="col">原因</th>
            <th scope="col">發現時間</th>
          </tr>
        </thead>
        <tbody>
          {problems.map(({ resource, recordId, reason, foundAt }) => (
            <tr key={`${resource} ${recordId}`}>
              <td>{syncItems[resource].title}</td>
              <td className="figure">{recordId}</td>
              <td>{reason}</td>
              <td className="figure">{formatRocDateTime(foundAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
