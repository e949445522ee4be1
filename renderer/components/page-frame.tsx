import { Typography } from 'antd';
import { type ReactNode, useEffect } from 'react';

export interface PageFrameProps {
  title: string;
  /** One line that says what the figures mean now. */
  meaning?: ReactNode;
  /** Buttons, at the top right of every page. */
  actions?: ReactNode;
  children: ReactNode;
}

/** One page, one job: the title, what it means, its actions, and the grid or form beneath. */
export function PageFrame({ title, meaning, actions, children }: PageFrameProps) {
  useEffect(() => {
    document.title = `${title}｜學習歷程檔案校管理端`;
  }, [title]);
  return (
    <main className="page">
      <header className="page-head">
        <div className="page-heading">
          <Typography.Title level={1}>{title}</Typography.Title>
          {meaning && <p className="page-meaning">{meaning}</p>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </header>
      <div className="page-body">{children}</div>
    </main>
  );
}
