import { Link } from 'wouter';
import { maskIdentity } from '../../../domain/national-id.ts';
import type { ImportedStudent } from '../../../main/features/transfer-in/contract.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { cabinetPath } from '../../app/student-list.ts';

/** 訊息 of an import, in the manual's form: `R2****1437(陳○蘭):` and a line for each thing that was done. */
export function StudentMessages({ students }: { students: readonly ImportedStudent[] }) {
  const { session } = useOffice();
  const mayOpen = mayUse(session, 'S0205S') || mayUse(session, 'S0206S');
  return (
    <div className="transfer-in-messages">
      {students.map((student) => (
        <section key={student.nationalId}>
          <h3>
            {maskIdentity(student.nationalId)}({student.name}):
          </h3>
          <ul className={student.completed ? undefined : 'refused'}>
            {student.messages.map((message) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
          {mayOpen && student.completed && student.studentId !== null && (
            <Link href={cabinetPath(student.studentId)}>開啟學習歷程檔案櫃</Link>
          )}
        </section>
      ))}
    </div>
  );
}
