import { Typography } from 'antd';
import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import { createPortal } from 'react-dom';

export interface PageFrameProps {
  title: string;
  /** One line that says what the figures mean now. */
  meaning?: ReactNode;
  /** Buttons, at the top right of every page. */
  actions?: ReactNode;
  children: ReactNode;
}

const TitleNoteSlot = createContext<HTMLElement | null>(null);

/**
 * A passing note beside the page's title, announced to screen readers. It comes and goes without moving what stands beneath:
 * a row that jumps away under the pointer makes the clerk change another one.
 */
export function TitleNote({ children }: { children: ReactNode }) {
  const slot = use(TitleNoteSlot);
  return slot && createPortal(children, slot);
}

/** One page, one job: the title, what it means, its actions, and the grid or form beneath. */
export function PageFrame({ title, meaning, actions, children }: PageFrameProps) {
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  useEffect(() => {
    document.title = `${title}｜學習歷程檔案校管理端`;
  }, [title]);
  return (
    <main className="page">
      <header className="page-head">
        <div className="page-heading">
          <div className="page-title">
            <Typography.Title level={1}>{title}</Typography.Title>
            <p ref={setSlot} className="page-title-note" role="status" />
          </div>
          {meaning && <p className="page-meaning">{meaning}</p>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </header>
      <div className="page-body">
        <TitleNoteSlot value={slot}>{children}</TitleNoteSlot>
      </div>
    </main>
  );
}
