import { Alert, Button } from 'antd';
import type { ReactNode } from 'react';
import type { CallError } from '../app/backend.ts';

export interface ErrorNoteProps {
  error: CallError | null | undefined;
  onRetry?: () => void;
  onClose?: () => void;
  /** A way out other than trying again: a link to the screen that helps. */
  action?: ReactNode;
}

/** What went wrong, what to do next, the code for the telephone, and 再試一次. Nothing when there is no error. */
export function ErrorNote({ error, onRetry, onClose, action }: ErrorNoteProps) {
  if (!error) return null;
  return (
    <Alert
      className="error-note"
      type="error"
      showIcon
      role="alert"
      title={error.message}
      description={<span className="error-code">代碼 {error.code}</span>}
      closable={onClose ? { onClose, 'aria-label': '關閉訊息' } : false}
      action={
        (onRetry || action) && (
          <>
            {action}
            {onRetry && (
              <Button size="small" onClick={onRetry}>
                再試一次
              </Button>
            )}
          </>
        )
      }
    />
  );
}
