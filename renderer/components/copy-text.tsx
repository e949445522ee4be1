import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import { useEffect, useState } from 'react';

export interface CopyTextProps {
  text: string;
  /** What is copied, for the tooltip and for a screen reader: 壓縮密碼 */
  label: string;
  /** What stands there instead of the text, where that is long and only to be copied. */
  shown?: string;
  /** For passwords and checksums: one width a character. */
  monospace?: boolean;
}

type Copying = 'idle' | 'copied' | 'failed';
const tooltips: Record<Copying, (label: string) => string> = {
  idle: (label) => `複製${label}`,
  copied: () => '已複製',
  failed: () => '無法複製，請選取文字後按 Ctrl+C',
};

/** A text and a button that copies it. */
export function CopyText({ text, label, shown, monospace = false }: CopyTextProps) {
  const [state, setState] = useState<Copying>('idle');
  useEffect(() => {
    if (state === 'idle') return undefined;
    const timer = setTimeout(() => setState('idle'), 2000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('failed'),
    );
  };
  return (
    <span className="copy-text">
      <span className={monospace ? 'monospace' : undefined}>{shown ?? text}</span>
      <Tooltip title={tooltips[state](label)}>
        <Button
          type="text"
          size="small"
          aria-label={tooltips[state](label)}
          icon={state === 'copied' ? <CheckOutlined /> : <CopyOutlined />}
          onClick={copy}
        />
      </Tooltip>
    </span>
  );
}
