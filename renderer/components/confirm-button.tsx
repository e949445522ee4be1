import { Button, type ButtonProps, Popconfirm } from 'antd';
import type { ReactNode } from 'react';

export interface ConfirmButtonProps extends Omit<ButtonProps, 'onClick' | 'title'> {
  /** The question, in the manual's words: 確定要刪除勾選的班級？ */
  question: ReactNode;
  /** What will happen, one line. */
  consequence?: ReactNode;
  /** What the button that does it says; never 確定 alone. */
  confirmText: string;
  onConfirm: () => void | Promise<void>;
}

/** A button that asks first. */
export function ConfirmButton({ question, consequence, confirmText, onConfirm, danger = true, ...button }: ConfirmButtonProps) {
  return (
    <Popconfirm
      title={question}
      description={consequence}
      okText={confirmText}
      okButtonProps={{ danger }}
      cancelText="不要"
      onConfirm={onConfirm}
      disabled={button.disabled}
    >
      <Button danger={danger} {...button} />
    </Popconfirm>
  );
}
