import { InboxOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type DragEvent, useId, useState } from 'react';
import type { IncomingFile } from '../../main/application/contract.ts';
import { CallError } from '../app/backend.ts';
import { ErrorNote } from './error-note.tsx';
import { formatBytes } from './format.ts';

export interface FileDropProps {
  /** What is asked for: 轉學檔案 */
  label: string;
  /** Endings with their dot, `['.zip']`. */
  accept: string[];
  file: IncomingFile | null;
  onFile: (file: IncomingFile | null) => void;
  disabled?: boolean;
}

/** Choose a file or drop it here; the host answers with a token, never a path. The file that was there before is let go. */
export function FileDrop({ label, accept, file, onFile, disabled = false }: FileDropProps) {
  const [over, setOver] = useState(false);
  const [receiving, setReceiving] = useState(false);
  const [error, setError] = useState<CallError | null>(null);
  const hint = useId();

  const receive = async (take: () => Promise<IncomingFile | null>) => {
    setReceiving(true);
    setError(null);
    try {
      const received = await take();
      if (!received) return;
      if (file) void window.portfolio.letGo(file);
      onFile(received);
    } catch (failure) {
      setError(CallError.from(failure));
    } finally {
      setReceiving(false);
    }
  };
  const remove = () => {
    if (file) void window.portfolio.letGo(file);
    onFile(null);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [dropped, ...more] = event.dataTransfer.files;
    if (disabled || !dropped) return;
    if (more.length > 0) {
      setError(new CallError({ code: 'file.onlyOne', message: '一次只能放一個檔案，請只拖曳一個。' }));
    } else if (!accept.some((ending) => dropped.name.toLowerCase().endsWith(ending))) {
      setError(new CallError({ code: 'file.otherKind', message: `請放 ${accept.join('、')} 檔案。` }));
    } else {
      void receive(() => window.portfolio.receiveDropped(dropped));
    }
  };

  return (
    <div className="file-drop-field">
      <fieldset
        aria-label={label}
        className={over ? 'file-drop file-drop-over' : 'file-drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(!disabled);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <InboxOutlined aria-hidden className="file-drop-icon" />
        {file ? (
          <span className="file-drop-name">
            {file.name}
            <span className="muted">（{formatBytes(file.bytes)}）</span>
          </span>
        ) : (
          <span id={hint} className="muted">
            把{label}拖到這裡，或
          </span>
        )}
        <Button
          loading={receiving}
          disabled={disabled}
          aria-describedby={file ? undefined : hint}
          onClick={() => void receive(() => window.portfolio.chooseFile(accept))}
        >
          {file ? '換一個檔案' : '選擇檔案'}
        </Button>
        {file && (
          <Button type="text" disabled={disabled} onClick={remove}>
            移除
          </Button>
        )}
      </fieldset>
      <ErrorNote error={error} onClose={() => setError(null)} />
    </div>
  );
}
