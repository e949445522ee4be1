import { Button, Tabs } from 'antd';
import { useState } from 'react';
import { Link, useSearch } from 'wouter';
import { formatTerm } from '../../../domain/term.ts';
import { courseCounselorClassGrid, courseCounselorTeacherGrid } from '../../../main/features/course-counselors/contract.ts';
import { useQueryOperation } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { TermSelect, useViewedTerm } from '../../app/viewed-term.tsx';
import { DataGrid, formatCount, gridAddress, PageFrame, SharedChanges } from '../../components/index.ts';
import { CopyPrevious } from './copy-previous.tsx';
import './course-counselors.css';
import { TeacherClasses } from './teacher-classes.tsx';

const resources: ['course-counselors'] = ['course-counselors'];

/** 設定課程諮詢教師 (manual §3.3): choose a teacher, then move classes; or see all classes with theirs. */
export default function CourseCounselors() {
  const { term } = useViewedTerm();
  const { session } = useOffice();
  const search = new URLSearchParams(useSearch());
  const [tab, setTab] = useState<string | null>(null);
  const [teacher, setTeacher] = useState<{ id: string; name: string } | null>(null);
  const [copying, setCopying] = useState(false);
  const summary = useQueryOperation('courseCounselors.summary', term).data;
  const shown = tab ?? (search.get('tab') === 'classes' ? 'classes' : 'teachers');

  return (
    <PageFrame
      title="設定課程諮詢教師"
      meaning={
        summary && (
          <>
            ●{formatTerm(term)}已設定為課程諮詢教師 {formatCount(summary.teachers)} 位；{formatCount(summary.classes)}{' '}
            個班級中，尚未設定的有{' '}
            <Link
              href={gridAddress('/course-counselors', { assigned: '否' }, { tab: 'classes', term: formatTerm(term) })}
              onClick={() => setTab('classes')}
            >
              {formatCount(summary.classesWithout)} 班
            </Link>
          </>
        )
      }
      actions={
        <>
          <TermSelect />
          {mayUse(session, 'S0204S', 'create') && <Button onClick={() => setCopying(true)}>複製上學期設定</Button>}
        </>
      }
    >
      <SharedChanges resources={resources} />
      <Tabs
        className="fill-tabs"
        activeKey={shown}
        onChange={setTab}
        items={[
          {
            key: 'teachers',
            label: '依教師設定',
            children: (
              <div className="course-counselors">
                <DataGrid
                  grid={courseCounselorTeacherGrid}
                  list="courseCounselors.teachers"
                  workbook="courseCounselors.exportTeachers"
                  scope={term}
                  render={{
                    name: (row) => (
                      <Button
                        type="link"
                        size="small"
                        className="course-counselor-name"
                        aria-pressed={row.id === teacher?.id}
                        onClick={() => setTeacher({ id: String(row.id), name: String(row.name) })}
                      >
                        <span className="course-counselor-dot" title={row.assigned ? `${formatTerm(term)}已設定` : undefined}>
                          {row.assigned ? '●' : ''}
                        </span>
                        {row.name}
                      </Button>
                    ),
                  }}
                  onRowOpen={(row) => setTeacher({ id: String(row.id), name: String(row.name) })}
                  emptyText="還沒有教師資料，請先執行同步作業。"
                />
                <TeacherClasses teacher={teacher} />
              </div>
            ),
          },
          {
            key: 'classes',
            label: '班級一覽',
            children: (
              <DataGrid
                grid={courseCounselorClassGrid}
                list="courseCounselors.list"
                workbook="courseCounselors.exportWorkbook"
                scope={term}
                addressed
                emptyText="這個學年期沒有班級資料。請在右上角改選學年期，或先執行同步作業。"
              />
            ),
          },
        ]}
      />
      <CopyPrevious open={copying} onClose={() => setCopying(false)} />
    </PageFrame>
  );
}
