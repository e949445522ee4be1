import { ArrowLeftOutlined, LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button, Skeleton } from 'antd';
import { useLocation, useParams, useSearch } from 'wouter';
import { type EnrollmentStatus, enrollmentStatusNames } from '../../../domain/portfolio.ts';
import { useQueryOperation } from '../../app/backend.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { cabinetPath, useStudentSteps } from '../../app/student-list.ts';
import { useViewedTerm } from '../../app/viewed-term.tsx';
import { ErrorNote, formatCount, PageFrame } from '../../components/index.ts';
import { useShortcut } from '../../components/use-shortcut.ts';
import { BasicData } from './basic-data.tsx';
import './cabinet.css';
import { SectionRecords } from './section-records.tsx';
import { sectionsOf } from './sections.ts';
import { Tiles } from './tiles.tsx';

/** 學習歷程檔案櫃 (manual §3.5, §3.8) of one student. The section is in the address; ← → go on to the next student of the list. */
export default function CabinetScreen() {
  const { studentId: encoded } = useParams<{ studentId: string }>();
  const studentId = decodeURIComponent(encoded);
  const { term } = useViewedTerm();
  const { session } = useOffice();
  const [, go] = useLocation();
  const chosen = new URLSearchParams(useSearch()).get('section') ?? 'uploads';
  const answer = useQueryOperation('cabinet.read', { studentId });
  const steps = useStudentSteps(studentId);
  useShortcut({ key: 'ArrowLeft' }, () => void steps.step(-1), steps.hasPrevious);
  useShortcut({ key: 'ArrowRight' }, () => void steps.step(1), steps.hasNext);

  const data = answer.data;
  const groups = data ? sectionsOf(data, term.academicYear) : [];
  const section = groups.flatMap(({ sections }) => sections).find(({ key }) => key === chosen);
  const student = data?.student;
  const seat = student?.seatNumber === null || student?.seatNumber === undefined ? '' : `${String(student.seatNumber).padStart(2, '0')} 號`;
  return (
    <PageFrame
      title="學習歷程檔案櫃"
      meaning={
        student && (
          <span className="cabinet-student">
            {[student.className, seat, student.studentNumber, student.name].filter(Boolean).join('　')}（
            {enrollmentStatusNames[student.status as EnrollmentStatus]}）
          </span>
        )
      }
      actions={
        <>
          {steps.position !== null && (
            <span className="cabinet-position figure">
              {formatCount(steps.position)} / {formatCount(steps.total)}
            </span>
          )}
          <Button icon={<LeftOutlined />} disabled={!steps.hasPrevious} title="上一位（←）" onClick={() => void steps.step(-1)}>
            上一位
          </Button>
          <Button
            icon={<RightOutlined />}
            iconPlacement="end"
            disabled={!steps.hasNext}
            title="下一位（→）"
            onClick={() => void steps.step(1)}
          >
            下一位
          </Button>
          {student && mayUse(session, 'S0219S') && (
            <Button onClick={() => go(`/transfer-out?number=${encodeURIComponent(student.studentNumber)}`)}>匯出學習歷程</Button>
          )}
          <Button icon={<ArrowLeftOutlined />} onClick={() => window.history.back()}>
            返回
          </Button>
        </>
      }
    >
      <ErrorNote error={answer.error ?? steps.error} onRetry={() => void answer.refetch()} />
      {answer.isPending && <Skeleton active paragraph={{ rows: 12 }} />}
      {data && (
        <div className="cabinet">
          <Tiles groups={groups} chosen={chosen} onChoose={(key) => go(`${cabinetPath(studentId)}?section=${key}`, { replace: true })} />
          {chosen === 'basic' || !section ? (
            <BasicData cabinet={data} />
          ) : (
            <SectionRecords key={`${studentId} ${section.key}`} section={section} cabinet={data} />
          )}
        </div>
      )}
    </PageFrame>
  );
}
