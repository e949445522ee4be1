import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import type { UseQueryResult } from '@tanstack/react-query';
import { Button, Drawer, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import type { CallError } from '../app/backend.ts';
import { ErrorNote } from './error-note.tsx';
import { type OpenedRow, useSteps } from './grid/use-steps.ts';
import { useShortcut } from './use-shortcut.ts';

interface RowDrawerProps<Details> {
  title: string;
  opened: OpenedRow | null;
  onOpen: (row: OpenedRow | null) => void;
  /** What the drawer shows of the opened row, asked for while one is. */
  details: Pick<UseQueryResult<Details, CallError>, 'data' | 'error' | 'isPending' | 'refetch'>;
  /** Pixels. */
  width?: number;
  /** Of the body. */
  className?: string;
  /** Whether a dialog lies over the drawer: the keys are its own then. */
  covered?: boolean;
  children: (details: Details, id: string) => ReactNode;
}

/** What is known of one row of a grid; ← → to the next, over the ends of its pages too. */
export function RowDrawer<Details>({
  title,
  opened,
  onOpen,
  details: { data, error, isPending, refetch },
  width = 720,
  className,
  covered = false,
  children,
}: RowDrawerProps<Details>) {
  const id = opened?.id ?? null;
  const steps = useSteps(opened, onOpen);
  useShortcut({ key: 'ArrowLeft' }, () => steps.step(-1), id !== null && !covered);
  useShortcut({ key: 'ArrowRight' }, () => steps.step(1), id !== null && !covered);
  return (
    <Drawer
      open={id !== null}
      onClose={() => onOpen(null)}
      size={width}
      title={steps.position === null ? title : `${title}（${steps.position} / ${steps.total}）`}
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
      <div className={className}>
        <ErrorNote error={steps.error} />
        <ErrorNote error={error} onRetry={() => void refetch()} />
        {isPending && id !== null && <Skeleton active paragraph={{ rows: 8 }} />}
        {data && id !== null && children(data, id)}
      </div>
    </Drawer>
  );
}
