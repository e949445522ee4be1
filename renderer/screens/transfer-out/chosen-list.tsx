import { CloseOutlined } from '@ant-design/icons';
import { Alert, Button } from 'antd';
import { useQueryOperation } from '../../app/backend.ts';
import { ErrorNote, formatBytes, formatCount } from '../../components/index.ts';
import { type ChosenStudents, type ChosenStudentsChange, mostStudents } from './chosen-students.ts';
import { type LeavingStudent, performancesOf, totalsOf } from './contents.ts';

interface ChosenListProps {
  chosen: ChosenStudents;
  change: (change: ChosenStudentsChange) => void;
  /** While the files are being made the list stays as it is. */
  locked: boolean;
}

/** 學生清單: who leaves, and of each what leaves with him, before anything is made. */
export function ChosenList({ chosen, change, locked }: ChosenListProps) {
  const ids = chosen.students.map(({ id }) => id);
  const preview = useQueryOperation('transferOut.preview', { studentIds: ids }, { enabled: ids.length > 0 });
  const leaving = new Map((ids.length > 0 ? (preview.data?.students ?? []) : []).map((student) => [student.id, student]));
  return (
    <>
      <div className="transfer-out-chosen-head">
        <h2>
          學生清單 <span className="figure">{formatCount(ids.length)}</span> 人
        </h2>
        <Button size="small" disabled={locked || chosen.earlier.length === 0} onClick={() => change({ kind: 'undo' })}>
          復原
        </Button>
        <Button size="small" disabled={locked || ids.length === 0} onClick={() => change({ kind: 'clear' })}>
          清空
        </Button>
      </div>
      {chosen.leftOut > 0 && (
        <Alert type="warning" showIcon title={`一次最多 ${mostStudents} 人，有 ${chosen.leftOut} 人沒有加入，請分次產生。`} />
      )}
      {ids.length === 0 ? (
        <p className="transfer-out-empty">從右邊找到學生後點選「加入清單」，學生會列在這裡；可以先勾選多位再一次加入。</p>
      ) : (
        <ul className="transfer-out-list">
          {chosen.students.map((student) => (
            <li key={student.id}>
              <span className="transfer-out-who">
                <span className="figure">{student.studentNumber}</span> {student.name}
                <small>{student.className}</small>
              </span>
              <Contents student={leaving.get(student.id)} />
              <Button
                type="text"
                size="small"
                icon={<CloseOutlined />}
                aria-label={`移除 ${student.studentNumber} ${student.name}`}
                disabled={locked}
                onClick={() => change({ kind: 'remove', ids: [student.id] })}
              />
            </li>
          ))}
        </ul>
      )}
      <ErrorNote error={ids.length > 0 ? preview.error : null} onRetry={() => void preview.refetch()} />
      {leaving.size > 0 && <Totals students={[...leaving.values()]} />}
    </>
  );
}

function Contents({ student }: { student: LeavingStudent | undefined }) {
  if (!student) return <small className="transfer-out-contents">計算中…</small>;
  return (
    <small className="transfer-out-contents">
      學習成果 {student.counts.learningOutcomes}・多元表現 {performancesOf(student)}・檔案 {student.files}（{formatBytes(student.bytes)}）
      {student.identity === null && <em>沒有身分證統一編號，無法匯出</em>}
    </small>
  );
}

function Totals({ students }: { students: readonly LeavingStudent[] }) {
  const totals = totalsOf(students);
  return (
    <div className="transfer-out-totals" aria-live="polite">
      <dl>
        <div>
          <dt>學習成果</dt>
          <dd>{formatCount(totals.learningOutcomes)} 件</dd>
        </div>
        <div>
          <dt>多元表現</dt>
          <dd>{formatCount(totals.performances)} 件</dd>
        </div>
        <div>
          <dt>幹部經歷</dt>
          <dd>{formatCount(totals.cadres)} 筆</dd>
        </div>
        <div>
          <dt>檔案</dt>
          <dd>
            {formatCount(totals.files)} 個・{formatBytes(totals.bytes)}
          </dd>
        </div>
      </dl>
      {totals.filesToFetch > 0 && <p>其中 {formatCount(totals.filesToFetch)} 個檔案還不在這台電腦，產生時會先向市端取得，需要連線。</p>}
    </div>
  );
}
