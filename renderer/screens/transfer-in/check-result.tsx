import { Alert, Button, Skeleton } from 'antd';
import { maskIdentity } from '../../../domain/national-id.ts';
import type { Inspection, PreviewedStudent } from '../../../main/features/transfer-in/contract.ts';
import { formatBytes, formatCount } from '../../components/index.ts';
import { showConflicts } from './conflict-panel.tsx';
import { sectionRows } from './sections.ts';
import type { Import } from './use-import.ts';

/** What 檢查 found: who is inside, and of each section how many are new, the same, in conflict. Nothing is written yet. */
export function CheckResult({ importing }: { importing: Import }) {
  const { check } = importing;
  return (
    <section className="transfer-in-check" aria-label="檔案內容" aria-live="polite">
      <h2>檔案內容</h2>
      {check.running ? (
        <Skeleton active paragraph={{ rows: 5 }} />
      ) : check.result ? (
        <>
          <FileFacts inspection={check.result.inspection} />
          {check.result.students.map((student) => (
            <StudentInside key={student.nationalId} student={student} />
          ))}
        </>
      ) : (
        <p className="transfer-in-note">檢查後，這裡會列出檔案裡的學生，以及各項紀錄有多少筆是新的、已經有的、與現有資料不一致的。</p>
      )}
    </section>
  );
}

function FileFacts({ inspection }: { inspection: Inspection }) {
  const files = inspection.students.reduce((sum, student) => sum + student.files, 0);
  return (
    <>
      <p className="transfer-in-facts">
        <span>轉出學校 {inspection.senderSchoolCode}</span>
        <span>{formatCount(inspection.students.length)} 位學生</span>
        <span>
          {formatCount(files)} 個檔案・{formatBytes(inspection.bytes)}
        </span>
        <span>加密 {inspection.encryption}</span>
      </p>
      {inspection.remarks.map((remark) => (
        <Alert key={remark} type="info" showIcon title={remark} />
      ))}
      {inspection.problems.map((problem) => (
        <Alert key={`${problem.code} ${problem.message}`} type="warning" showIcon title={problem.message} />
      ))}
    </>
  );
}

function StudentInside({ student }: { student: PreviewedStudent }) {
  const rows = sectionRows(student);
  return (
    <article className="transfer-in-student">
      <h3>
        {student.name} <span className="monospace">{maskIdentity(student.nationalId)}</span>
      </h3>
      {student.problems
        .filter(({ code }) => code !== 'transferIn.conflict')
        .map((problem) => (
          <Alert key={`${problem.code} ${problem.message}`} type="error" showIcon title={problem.message} />
        ))}
      {student.differing.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={`${formatCount(student.differing.length)} 筆與本校現有的內容不同，請在下方比對並選擇。`}
          action={
            <Button size="small" onClick={showConflicts}>
              逐筆比對
            </Button>
          }
        />
      )}
      {rows.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">項目</th>
              <th scope="col">新增</th>
              <th scope="col">已有相同</th>
              <th scope="col">不一致</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.section}>
                <th scope="row">{row.section}</th>
                <td>{formatCount(row.added)}</td>
                <td>{formatCount(row.unchanged)}</td>
                <td className={row.conflicts > 0 ? 'conflict' : undefined}>{formatCount(row.conflicts)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </article>
  );
}
