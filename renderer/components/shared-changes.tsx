import { Alert, Button } from 'antd';
import { formatRocDateTime } from '../../domain/roc-date.ts';
import { type ChangedResource, changeModules, type OfficeChange } from '../../main/features/sync/contract.ts';
import { useCommand, useQueryOperation } from '../app/backend.ts';
import { mayUse, useOffice } from '../app/session.ts';
import { ErrorNote } from './error-note.tsx';
import { TitleNote } from './page-frame.tsx';

interface SharedChangesProps {
  /** The resources that the screen changes. Keep it the same array. */
  resources: ChangedResource[];
}

/** Decided one by one: more at once would only bury the screen. */
const mostShown = 20;

/**
 * What of a screen's changes the city has not taken: a quiet line for what waits, and both versions side by side where the city
 * has another or refused. Stands at the top of every screen that changes shared data; nothing when all is settled.
 */
export function SharedChanges({ resources }: SharedChangesProps) {
  const answer = useQueryOperation('sync.changes', { resources, disputedOnly: true });
  const { changes = [], waiting = 0 } = answer.data ?? {};
  return (
    <>
      <ErrorNote error={answer.error} onRetry={() => void answer.refetch()} />
      {changes.slice(0, mostShown).map((change) => (
        <Disagreement key={`${change.resource} ${change.recordId}`} change={change} />
      ))}
      {changes.length > mostShown && <p className="muted">另有 {changes.length - mostShown} 項需要選擇，處理後會依序列出。</p>}
      {waiting > 0 && <TitleNote>{waiting} 項變更已存在本機，等待送到市級系統；連線後會自動送出。</TitleNote>}
    </>
  );
}

const side = (change: OfficeChange, text: string | null, whose: 'mine' | 'theirs') => {
  if (text !== null) return text;
  return whose === 'mine' || change.state === 'conflict' ? '（已刪除）' : '（沒有這筆資料）';
};

function Disagreement({ change }: { change: OfficeChange }) {
  const { session } = useOffice();
  const settle = useCommand('sync.settleChange');
  const { resource, recordId, label, state, refusal, fields, changedAt, changedBy } = change;
  const decide = (choice: 'mine' | 'theirs') => void settle.run({ resource, recordId, choice });
  const may = changeModules[resource].some((module) => mayUse(session, module, 'update'));
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      className="shared-change"
      title={
        state === 'conflict' ? `「${label}」在市級系統也被改過，請選擇要採用哪一邊的。` : `市級系統沒有接受「${label}」的變更：${refusal}`
      }
      description={
        <>
          <table className="shared-change-sides">
            <thead>
              <tr>
                <th scope="col">項目</th>
                <th scope="col">
                  本校的（{formatRocDateTime(changedAt)} {changedBy}）
                </th>
                <th scope="col">{state === 'conflict' ? '市級系統現在的' : '變更之前的'}</th>
              </tr>
            </thead>
            <tbody>
              {fields.map((field) => (
                <tr key={field.label} className={field.differs ? 'shared-change-differs' : undefined}>
                  <th scope="row">{field.label}</th>
                  <td>{side(change, field.mine, 'mine')}</td>
                  <td>{side(change, field.theirs, 'theirs')}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <ErrorNote error={settle.error} onClose={settle.reset} />
          {may && (
            <div className="shared-change-choices">
              <Button size="small" type="primary" loading={settle.pending} onClick={() => decide('mine')}>
                {state === 'conflict' ? '採用本校的' : '再送一次'}
              </Button>
              <Button size="small" disabled={settle.pending} onClick={() => decide('theirs')}>
                {state === 'conflict' ? '採用市級系統的' : '恢復變更之前的'}
              </Button>
            </div>
          )}
        </>
      }
    />
  );
}
