import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button, Drawer, Skeleton } from 'antd';
import { useQueryOperation } from '../../app/backend.ts';
import { ErrorNote, type OpenedRow, useSteps } from '../../components/index.ts';
import { useShortcut } from '../../components/use-shortcut.ts';
import { ImportDetails } from './import-details.tsx';

interface ImportDrawerProps {
  opened: OpenedRow | null;
  onOpen: (row: OpenedRow | null) => void;
}

/** 明細 of one line of 資料匯入紀錄 (manual §3.16); ← → to the next. */
export function ImportDrawer({ opened, onOpen }: ImportDrawerProps) {
  const id = opened?.id ?? null;
  const details = useQueryOperation('transferIn.details', { id: id ?? '' }, { enabled: id !== null });
  const steps = useSteps(opened, onOpen);
  useShortcut({ key: 'ArrowLeft' }, () => steps.step(-1), id !== null);
  useShortcut({ key: 'ArrowRight' }, () => steps.step(1), id !== null);
  return (
    <Drawer
      open={id !== null}
      onClose={() => onOpen(null)}
      size={720}
      title={steps.position === null ? '匯入明細' : `匯入明細（${steps.position} / ${steps.total}）`}
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
      <ErrorNote error={steps.error} />
      <ErrorNote error={details.error} onRetry={() => void details.refetch()} />
      {details.isPending && id !== null && <Skeleton active paragraph={{ rows: 8 }} />}
      {details.data && id !== null && <ImportDetails key={id} id={id} details={details.data} />}
    </Drawer>
  );
}
