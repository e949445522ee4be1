import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import { uncertifiedOutcomeGrid, uncertifiedTeacherGrid } from '../../../main/features/certification/contract.ts';
import { useQueryOperation } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { useViewedTerm } from '../../app/viewed-term.tsx';
import { CopyText, DataGrid, formatAge } from '../../components/index.ts';

/** 教師清單 at the left, 未認證學生清單 of the chosen teacher, or of all, at the right. */
export function Uncertified() {
  const { term } = useViewedTerm();
  const { session } = useOffice();
  const [teacher, setTeacher] = useState<{ id: string; name: string } | null>(null);
  const addresses = useQueryOperation('certification.addresses', term).data;
  const scope = useMemo(() => ({ ...term, ...(teacher ? { teacherId: teacher.id } : {}) }), [term, teacher]);
  const mayOpen = mayUse(session, 'S0205S') || mayUse(session, 'S0206S');
  return (
    <div className="certification">
      <section className="certification-side" aria-label="教師清單">
        <div className="certification-head">
          <h2>教師清單</h2>
          {addresses && addresses.emails.length > 0 && (
            <span className="certification-addresses">
              <CopyText label="未認證教師的 E-mail" text={addresses.emails.join('; ')} shown={`提醒 ${addresses.emails.length} 位教師`} />
              {addresses.without.length > 0 && (
                <span title={`沒有 E-mail：${addresses.without.join('、')}`}>（{addresses.without.length} 位沒有 E-mail）</span>
              )}
            </span>
          )}
        </div>
        <DataGrid
          grid={uncertifiedTeacherGrid}
          list="certification.teachers"
          workbook="certification.exportTeachers"
          scope={term}
          without={['email']}
          render={{
            name: (row) => (
              <Button
                type="link"
                size="small"
                className="certification-teacher"
                aria-pressed={row.id === teacher?.id}
                title={row.email ? String(row.email) : undefined}
                onClick={() => setTeacher({ id: String(row.id), name: String(row.name) })}
              >
                {row.name}
              </Button>
            ),
          }}
          onRowOpen={(row) => setTeacher({ id: String(row.id), name: String(row.name) })}
          emptyText="還沒有教師資料，請先執行同步作業。"
        />
      </section>
      <section className="certification-side" aria-label="未認證學生清單">
        <div className="certification-head">
          <h2>{teacher ? `${teacher.name} 的未認證學生清單` : '未認證學生清單（全部教師）'}</h2>
          {teacher && (
            <Button size="small" onClick={() => setTeacher(null)}>
              顯示全部教師
            </Button>
          )}
        </div>
        <DataGrid
          key={teacher?.id ?? 'all'}
          grid={uncertifiedOutcomeGrid}
          list="certification.list"
          workbook="certification.exportWorkbook"
          scope={scope}
          without={teacher ? ['teacherName'] : []}
          render={{
            studentName: (row) => (mayOpen ? <Link href={`/cabinet/${row.studentId}`}>{row.studentName}</Link> : row.studentName),
            sentAt: (row) => (row.sentAt ? <span title={formatRocDateTime(String(row.sentAt))}>{formatAge(String(row.sentAt))}</span> : ''),
          }}
          emptyText={teacher ? `${teacher.name} 沒有等待認證的學習成果。` : '這個學年期沒有等待認證的學習成果。'}
        />
      </section>
    </div>
  );
}
