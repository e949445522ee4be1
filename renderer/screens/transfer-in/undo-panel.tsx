import { Alert, Button, Select } from 'antd';
import { useState } from 'react';
import { maskIdentity } from '../../../domain/national-id.ts';
import { undoObstacleNames } from '../../../domain/transfer-undo.ts';
import type { OutputOf } from '../../../main/features/contract.ts';
import { useCommand, useJob } from '../../app/backend.ts';
import { ErrorNote, formatCount, JobProgress } from '../../components/index.ts';
import type { Details } from './import-details.tsx';
import { sectionWords } from './sections.ts';

type Plan = OutputOf<'transferIn.undoPlan'>;

/** Reasons listed one by one; more of them say no more. */
const reasonsShown = 20;

/** 復原: first what exactly would be taken back, or what stands in the way; then it is done. */
export function UndoPanel({ id, details }: { id: string; details: Details }) {
  const [position, setPosition] = useState<number | null>(null);
  const [plan, setPlan] = useState<Plan | null>(null);
  const asking = useCommand('transferIn.undoPlan');
  const undoing = useJob('transferIn.undo', id);
  const left = details.students.filter(({ undoneAt, studentId }) => undoneAt === null && studentId !== null);
  if (!details.undoable) return undoing.result && <Undone result={undoing.result} />;
  const ask = async () => setPlan(await asking.run({ id, position }));
  const carryOut = async () => {
    const done = await undoing.start({ id, position });
    setPlan(null);
    if (done) setPosition(null);
  };
  return (
    <section aria-labelledby="transfer-in-undo">
      <h3 id="transfer-in-undo">復原</h3>
      <p className="muted">匯入當天，在沒有後續變動之前可以復原：新增的紀錄刪除，被取代的紀錄恢復原來的內容。</p>
      {undoing.result && <Undone result={undoing.result} />}
      <ErrorNote error={asking.error ?? undoing.error} onClose={() => (asking.error ? asking.reset() : undoing.reset())} />
      {undoing.running ? (
        <JobProgress job={undoing.job} onCancel={undoing.cancel} />
      ) : plan ? (
        <Question plan={plan} onUndo={() => void carryOut()} onLeave={() => setPlan(null)} />
      ) : (
        <div className="transfer-in-undo-ask">
          {left.length > 1 && (
            <Select
              aria-label="復原的範圍"
              value={position}
              onChange={setPosition}
              options={[
                { value: null, label: `全部 ${left.length} 位學生` },
                ...left.map((student) => ({ value: student.position, label: `${student.name} ${maskIdentity(student.nationalId)}` })),
              ]}
            />
          )}
          <Button danger loading={asking.pending} onClick={() => void ask()}>
            復原這次匯入…
          </Button>
        </div>
      )}
    </section>
  );
}

interface QuestionProps {
  plan: Plan;
  onUndo: () => void;
  onLeave: () => void;
}

function Question({ plan, onUndo, onLeave }: QuestionProps) {
  if (plan.refusal || plan.obstacles.length > 0) return <Obstacles plan={plan} onLeave={onLeave} />;
  return (
    <Alert
      type="warning"
      showIcon
      title={`確定要復原 ${formatCount(plan.students)} 位學生的匯入？`}
      description={
        <>
          <ul>
            {undoWords(plan).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <div className="transfer-in-undo-ask">
            <Button danger type="primary" onClick={onUndo}>
              復原
            </Button>
            <Button onClick={onLeave} autoFocus>
              不要
            </Button>
          </div>
        </>
      }
    />
  );
}

/** What is taken back, by count. */
function undoWords({ removed, restored, files, told }: Omit<Plan, 'obstacles' | 'refusal' | 'students' | 'studentIds'>): string[] {
  const [gone, back] = [sectionWords(removed), sectionWords(restored)];
  return [
    ...(gone ? [`刪除這次新增的${gone}。`] : []),
    ...(back ? [`恢復被取代的${back}原來的內容。`] : []),
    ...(gone || back ? [] : ['沒有要刪除或恢復的紀錄。']),
    ...(files > 0 ? [`移除沒有其他紀錄使用的檔案 ${formatCount(files)} 個。`] : []),
    ...(told > 0 ? [`其中 ${formatCount(told)} 筆已送到市級系統，會一併通知更正。`] : []),
  ];
}

function Obstacles({ plan: { refusal, obstacles }, onLeave }: { plan: Plan; onLeave: () => void }) {
  const lines = obstacles.map(({ student, record, obstacle }) => {
    const what = record ? ` ${record.section}「${record.title}」` : '';
    return `${student}${what}：${undoObstacleNames[obstacle]}`;
  });
  return (
    <Alert
      type="info"
      showIcon
      role="alert"
      title={
        refusal === 'anotherDay' ? '只能在匯入當天復原。' : refusal === 'undone' ? '這次匯入已經復原過了。' : '有後續的變動，不能復原：'
      }
      description={
        <>
          <ul>
            {[...new Set(lines)].slice(0, reasonsShown).map((line) => (
              <li key={line}>{line}</li>
            ))}
            {lines.length > reasonsShown && <li>另有 {formatCount(lines.length - reasonsShown)} 項</li>}
          </ul>
          <Button onClick={onLeave}>知道了</Button>
        </>
      }
    />
  );
}

function Undone({ result }: { result: OutputOf<'transferIn.undo'> }) {
  return (
    <Alert
      type="success"
      showIcon
      role="status"
      title={`已復原 ${formatCount(result.students)} 位學生的匯入`}
      description={
        <ul>
          {undoWords(result).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      }
    />
  );
}
