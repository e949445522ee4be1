import { Alert, Button, Checkbox, Pagination, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { maskIdentity } from '../../../domain/national-id.ts';
import { conflictChoiceNames, conflictChoices } from '../../../domain/transfer-conflicts.ts';
import { useQueryOperation } from '../../app/backend.ts';
import { ErrorNote, formatCount } from '../../components/index.ts';
import { choiceOf, choiceSummary, chooseAll, conflictsOf, countChoices } from './choices.ts';
import { ConflictCard } from './conflict-card.tsx';
import type { Import } from './use-import.ts';

const pageSize = 10;
const headingId = 'transfer-in-conflicts';

/** Brings the list into view, and the keyboard with it. */
export function showConflicts(): void {
  const heading = document.getElementById(headingId);
  heading?.scrollIntoView({ block: 'start' });
  heading?.focus({ preventScroll: true });
}

/** Records of the file that are here with other content, both sides beside each other: chosen one by one, or for all that are listed. */
export function ConflictPanel({ importing }: { importing: Import }) {
  const result = importing.check.result;
  const conflicts = result ? conflictsOf(result.students) : [];
  // A check of another file begins at its first page.
  return result && conflicts.length > 0 && <Panel key={result.check} check={result.check} importing={importing} />;
}

function Panel({ check, importing }: { check: string; importing: Import }) {
  const { choices, choose, busy } = importing;
  const [student, setStudent] = useState<string | null>(null);
  const [page, setPage] = useState(1);
  const [withSame, setWithSame] = useState(false);
  const all = conflictsOf(importing.check.result?.students ?? []);
  const listed = all.filter(({ nationalId }) => student === null || nationalId === student);
  const shown = listed.slice((page - 1) * pageSize, page * pageSize);
  const sides = useQueryOperation(
    'transferIn.conflicts',
    { check, keys: shown.map(({ key }) => key) },
    { staleTime: Number.POSITIVE_INFINITY },
  );
  const found = new Map(sides.data?.conflicts.map((conflict) => [conflict.key, conflict]));
  const locked = listed.filter(({ barrier }) => barrier !== null).length;
  const students = [...new Map(all.map(({ nationalId, studentName }) => [nationalId, studentName]))];
  return (
    <section className="transfer-in-conflicts" aria-labelledby={headingId}>
      <header>
        <h2 id={headingId} tabIndex={-1}>
          內容不同的紀錄（{formatCount(all.length)} 筆）
        </h2>
        <p className="transfer-in-note">本校已有這些紀錄，但內容與檔案不同。沒有另外選擇的，一律保留現有資料。</p>
      </header>
      <div className="transfer-in-conflict-tools">
        {students.length > 1 && (
          <Select
            aria-label="學生"
            value={student}
            onChange={(value) => {
              setStudent(value);
              setPage(1);
            }}
            options={[
              { value: null, label: `全部學生（${students.length} 人）` },
              ...students.map(([nationalId, name]) => ({ value: nationalId, label: `${name} ${maskIdentity(nationalId)}` })),
            ]}
          />
        )}
        <fieldset disabled={busy}>
          <legend>
            {student === null ? '全部' : '這位學生'} {formatCount(listed.length)} 筆：
          </legend>
          {conflictChoices.map((choice) => (
            <Button key={choice} size="small" disabled={busy} onClick={() => choose(chooseAll(choices, listed, choice))}>
              {conflictChoiceNames[choice]}
            </Button>
          ))}
        </fieldset>
        <Checkbox checked={withSame} onChange={({ target }) => setWithSame(target.checked)}>
          也列出相同的欄位
        </Checkbox>
      </div>
      {locked > 0 && <Alert type="info" showIcon title={`其中 ${formatCount(locked)} 筆不能改用檔案中的資料，原因列在各筆上。`} />}
      <ErrorNote error={sides.error} onRetry={importing.startCheck} />
      {sides.isPending && <Skeleton active paragraph={{ rows: 6 }} />}
      {sides.data &&
        shown.map((conflict) => (
          <ConflictCard
            key={conflict.key}
            conflict={conflict}
            sides={found.get(conflict.key)}
            choice={choiceOf(choices, conflict)}
            withSame={withSame}
            withStudent={students.length > 1}
            importing={importing}
            check={check}
          />
        ))}
      <footer>
        <Pagination
          size="small"
          current={page}
          total={listed.length}
          pageSize={pageSize}
          hideOnSinglePage
          showSizeChanger={false}
          onChange={setPage}
          showTotal={(total, [first, last]) => `${first} - ${last} 共 ${formatCount(total)} 筆`}
        />
        <span className="transfer-in-choice-summary" role="status">
          {choiceSummary(countChoices(choices, all))}
        </span>
        <Button type="primary" disabled={busy} onClick={importing.startRun}>
          依選擇匯入
        </Button>
      </footer>
    </section>
  );
}
