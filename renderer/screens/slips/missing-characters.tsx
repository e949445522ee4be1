import { Alert } from 'antd';
import type { OutputOf } from '../../../main/features/contract.ts';

/** Names with characters that no font has: never silent, so that the office writes them in by hand. */
export function MissingCharacters({ students }: { students: OutputOf<'slips.print'>['missingCharacters'] }) {
  if (students.length === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={`${students.length} 位學生的姓名有字型沒有的字，確認單上以 〓 表示，請手寫補上：`}
      description={
        <ul className="slips-missing">
          {students.map((student) => (
            <li key={student.studentNumber}>
              {student.studentNumber}：{student.characters}
            </li>
          ))}
        </ul>
      }
    />
  );
}
