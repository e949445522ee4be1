import { Button } from 'antd';
import { useState } from 'react';
import { formatRocDay } from '../../../domain/roc-date.ts';
import { formatTerm } from '../../../domain/term.ts';
import { useCommand } from '../../app/backend.ts';
import { ErrorNote } from '../../components/index.ts';
import type { Cabinet } from './records.ts';

/** Codes of absence (缺勤紀錄名冊). */
const absenceNames: Readonly<Record<string, string>> = {
  '01': '公假',
  '02': '事假',
  '03': '病假',
  '04': '婚假',
  '05': '產前假',
  '06': '娩假',
  '07': '陪產假',
  '08': '流產假',
  '09': '育嬰假',
  '10': '生理假',
  '11': '喪假',
  '12': '曠課',
};

/** 基本資料: the register, the classes of each term, absences and rewards. The identity is shown in full on demand, audited. */
export function BasicData({ cabinet }: { cabinet: Cabinet }) {
  const { student, enrollments, attendance, rewards } = cabinet;
  const reveal = useCommand('cabinet.revealIdentity');
  const [identity, setIdentity] = useState<{ of: string; text: string } | null>(null);
  const shown = identity?.of === student.id ? identity.text : student.identity;
  const fields: [string, string][] = [
    ['姓名', student.name],
    ['學號', student.studentNumber],
    ['出生日期', formatRocDay(student.birthDate)],
    ['性別', student.sex === 'female' ? '女' : '男'],
    ['入學年', `${student.entryYear} 學年度`],
    ['E-mail', student.email ?? ''],
    ['單一身分驗證帳號', student.account ?? '尚未同步'],
    ['學籍異動日期', formatRocDay(student.statusChangedOn)],
    ['轉出入學校代碼', student.otherSchoolCode ?? ''],
  ];
  return (
    <section className="cabinet-section" aria-label="基本資料">
      <h2>基本資料</h2>
      <ErrorNote error={reveal.error} onClose={reveal.reset} />
      <dl className="cabinet-fields">
        <div>
          <dt>身分證統一編號</dt>
          <dd>
            <span className="figure">{shown ?? '無'}</span>
            {student.identity !== null && shown === student.identity && (
              <Button
                type="link"
                size="small"
                loading={reveal.pending}
                onClick={() =>
                  void reveal
                    .run({ studentId: student.id })
                    .then((answer) => answer?.identity && setIdentity({ of: student.id, text: answer.identity }))
                }
              >
                顯示
              </Button>
            )}
          </dd>
        </div>
        {fields.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h3>就讀班級</h3>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">學年期</th>
            <th scope="col">班級</th>
            <th scope="col">座號</th>
            <th scope="col">導師</th>
          </tr>
        </thead>
        <tbody>
          {enrollments.map((enrollment) => (
            <tr key={formatTerm(enrollment)}>
              <td className="figure">{formatTerm(enrollment)}</td>
              <td>{enrollment.className}</td>
              <td className="figure">{String(enrollment.seatNumber).padStart(2, '0')}</td>
              <td>{enrollment.homeroomTeacher}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>出缺勤與獎懲</h3>
      {attendance.length === 0 && rewards.length === 0 ? (
        <p className="panel-empty">沒有缺勤與獎懲紀錄。</p>
      ) : (
        <ul className="cabinet-life">
          {attendance.map(({ absenceCode, periods, ...term }) => (
            <li key={`${formatTerm(term)} ${absenceCode}`}>
              {formatTerm(term)} {absenceNames[absenceCode] ?? absenceCode} {periods} 節
            </li>
          ))}
          {rewards.map(({ kind, times, ...term }) => (
            <li key={`${formatTerm(term)} ${kind}`}>
              {formatTerm(term)} {kind} {times} 次
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
