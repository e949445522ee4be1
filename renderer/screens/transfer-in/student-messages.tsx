import { Link } from 'wouter';
import { maskIdentity } from '../../../domain/national-id.ts';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import { recordTreatmentNames } from '../../../domain/transfer-conflicts.ts';
import type { ImportedStudent } from '../../../main/features/transfer-in/contract.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { cabinetPath } from '../../app/student-list.ts';
import type { Details } from './import-details.tsx';

/** A student as an import ends with him, or as 明細 tells of him afterwards. */
type ToldStudent = ImportedStudent & Partial<Pick<Details['students'][number], 'treated' | 'undoneAt' | 'undoneBy'>>;

/** 訊息 of an import, in the manual's form: `R2****1437(陳○蘭):` and a line for each thing that was done. */
export function StudentMessages({ students }: { students: readonly ToldStudent[] }) {
  const { session } = useOffice();
  const mayOpen = mayUse(session, 'S0205S') || mayUse(session, 'S0206S');
  return (
    <div className="transfer-in-messages">
      {students.map((student) => (
        <section key={student.nationalId}>
          <h4>
            {maskIdentity(student.nationalId)}({student.name}):
          </h4>
          {student.undoneAt && (
            <p className="state-soon">
              已復原（{formatRocDateTime(student.undoneAt)} {student.undoneBy}）
            </p>
          )}
          <ul className={student.undoneAt ? 'muted' : student.completed ? undefined : 'refused'}>
            {student.messages.map((message) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
          <Treated records={student.treated ?? []} />
          {mayOpen && student.completed && student.studentId !== null && (
            <Link href={cabinetPath(student.studentId)}>開啟學習歷程檔案櫃</Link>
          )}
        </section>
      ))}
    </div>
  );
}

/** What was chosen, record by record. */
function Treated({ records }: { records: Details['students'][number]['treated'] }) {
  if (records.length === 0) return null;
  return (
    <details>
      <summary>內容不同的紀錄 {records.length} 筆</summary>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">項目</th>
            <th scope="col">紀錄</th>
            <th scope="col">處理方式</th>
          </tr>
        </thead>
        <tbody>
          {records.map(({ section, title, treatment }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list is fixed, and two of its records may read alike
            <tr key={index}>
              <td>{section}</td>
              <td>{title}</td>
              <td>{recordTreatmentNames[treatment]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
