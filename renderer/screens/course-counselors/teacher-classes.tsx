import { Empty, Skeleton } from 'antd';
import type { CounseledClass } from '../../../main/features/course-counselors/contract.ts';
import { useCommand, useQueryOperation } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { useViewedTerm } from '../../app/viewed-term.tsx';
import { ErrorNote, type TransferColumn, TransferList } from '../../components/index.ts';

const columns: TransferColumn<CounseledClass>[] = [
  { title: '學年', text: ({ academicYear }) => String(academicYear), width: 52 },
  { title: '學期', text: ({ semester }) => String(semester), width: 52 },
  {
    title: '班級',
    text: ({ className, others }) => (others.length > 0 ? `${className} 另有 ${others.join('、')}` : className),
    render: ({ className, others }) => (
      <>
        {className}
        {others.length > 0 && <span className="course-counselor-others">另有 {others.join('、')}</span>}
      </>
    ),
  },
];

/** 可選班級 and 已選班級 of the teacher chosen at the left. */
export function TeacherClasses({ teacher }: { teacher: { id: string; name: string } | null }) {
  const { term } = useViewedTerm();
  const { session } = useOffice();
  const classes = useQueryOperation('courseCounselors.classes', { ...term, teacherId: teacher?.id ?? '' }, { enabled: teacher !== null });
  const add = useCommand('courseCounselors.add');
  const remove = useCommand('courseCounselors.remove');

  if (!teacher) {
    return (
      <div className="course-counselor-classes">
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="請在左邊的教師清單選擇一位教師" />
      </div>
    );
  }
  return (
    <section className="course-counselor-classes" aria-label={`${teacher.name}的班級`}>
      <ErrorNote error={classes.error ?? add.error ?? remove.error} onRetry={() => void classes.refetch()} />
      {classes.isPending && <Skeleton active paragraph={{ rows: 8 }} />}
      {classes.data && (
        <TransferList
          key={teacher.id}
          available={{ title: '可選班級', rows: classes.data.available, columns, emptyText: '這個學年期的班級都已經選了' }}
          chosen={{ title: `${teacher.name} 已選班級`, rows: classes.data.chosen, columns, emptyText: '還沒有選班級' }}
          unit="班"
          removeQuestion="確定要刪除勾選的班級？"
          disabled={!mayUse(session, 'S0204S', 'create')}
          onAdd={async (classIds) => (await add.run({ teacherId: teacher.id, classIds: [...classIds] })) !== null}
          onRemove={async (classIds) => (await remove.run({ teacherId: teacher.id, classIds: [...classIds] })) !== null}
        />
      )}
    </section>
  );
}
