import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button, Drawer, Skeleton } from 'antd';
import { useQueryOperation } from '../../app/backend.ts';
import { ErrorNote, type OpenedRow, useSteps } from '../../components/index.ts';
import { useShortcut } from '../../components/use-shortcut.ts';
import type { Archive } from './archive.ts';
import type { SubmissionKind } from './kinds.ts';
import { RecordDetail } from './record-detail.tsx';
import type { Downloads } from './use-downloads.ts';

interface RecordDrawerProps {
  kind: SubmissionKind;
  opened: OpenedRow | null;
  onOpen: (row: OpenedRow | null) => void;
  downloads: Downloads;
  archive: Archive;
}

/** 明細 of one line of 提交紀錄; ← → to the next. */
export function RecordDrawer({ kind, opened, onOpen, downloads, archive }: RecordDrawerProps) {
  const id = opened?.id ?? null;
  const detail = useQueryOperation('submissions.detail', { kind, id: id ?? '' }, { enabled: id !== null });
  const steps = useSteps(opened, onOpen);
  useShortcut({ key: 'ArrowLeft' }, () => steps.step(-1), id !== null);
  useShortcut({ key: 'ArrowRight' }, () => steps.step(1), id !== null);
  const close = () => onOpen(null);
  return (
    <Drawer
      open={id !== null}
      onClose={close}
      size={960}
      title={steps.position === null ? '提交紀錄明細' : `提交紀錄明細（${steps.position} / ${steps.total}）`}
      extra={
        <>
          <Button
            type="text"
            aria-label="上一筆"
            title="上一筆（←）"
            icon={<LeftOutlined />}
            disabled={!steps.may(-1)}
            onClick={() => steps.step(-1)}
          />
          <Button
            type="text"
            aria-label="下一筆"
            title="下一筆（→）"
            icon={<RightOutlined />}
            disabled={!steps.may(1)}
            onClick={() => steps.step(1)}
          />
        </>
      }
    >
      <div className="submission-record">
        <ErrorNote error={steps.error} />
        <ErrorNote error={detail.error} onRetry={() => void detail.refetch()} />
        {detail.isPending && id !== null && <Skeleton active paragraph={{ rows: 8 }} />}
        {detail.data && id !== null && (
          <RecordDetail key={detail.data.id} kind={kind} detail={detail.data} downloads={downloads} archive={archive} />
        )}
      </div>
    </Drawer>
  );
}
