import { Input, type InputRef } from 'antd';
import { type ReactNode, useRef, useState } from 'react';
import { CallError } from '../app/backend.ts';
import { playTone } from './scan-tone.ts';

interface Scan {
  /** Counts up, for React. */
  number: number;
  taken: boolean;
  /** What was done, or what to do with the paper in hand. */
  message: string;
}

/** Scans that stay on the screen: enough to see what the last papers of a pile were. */
const keptScans = 3;

interface ScanFieldProps {
  /** Takes one in. @returns what was done; what it throws says what to do with the paper */
  onScan: (text: string) => Promise<string>;
  /** How each one is taken in, above the field. */
  children?: ReactNode;
}

/**
 * Takes what a hand scanner types: the text and Enter. The focus stays and nothing is disabled meanwhile, so that a pile is scanned as
 * fast as the hand goes; a high tone says taken, a low one says look.
 */
export function ScanField({ onScan, children }: ScanFieldProps) {
  const input = useRef<InputRef>(null);
  const [text, setText] = useState('');
  const [scans, setScans] = useState<readonly Scan[]>([]);

  const tell = (taken: boolean, message: string) => {
    playTone(taken ? 'taken' : 'refused');
    setScans((before) => [{ number: (before[0]?.number ?? 0) + 1, taken, message }, ...before].slice(0, keptScans));
  };
  const scan = async () => {
    const typed = text.trim();
    setText('');
    input.current?.focus();
    if (typed === '') return;
    try {
      tell(true, await onScan(typed));
    } catch (error) {
      tell(false, CallError.from(error).message);
    }
  };

  return (
    <div className="scan-field">
      <label htmlFor="scan-field">掃描 QR 碼或輸入序號</label>
      <div className="scan-field-input">
        <Input
          id="scan-field"
          ref={input}
          autoFocus
          value={text}
          maxLength={200}
          autoComplete="off"
          placeholder="以手持掃描器掃描，或輸入頁尾序號後按 Enter"
          onChange={({ target }) => setText(target.value)}
          onPressEnter={() => void scan()}
        />
        {children}
      </div>
      <ol className="scan-field-scans" aria-live="assertive" aria-label="掃描結果">
        {scans.map(({ number, taken, message }, index) => (
          <li key={number} className={`${taken ? 'state-done' : 'state-wrong'}${index === 0 ? ' latest' : ''}`}>
            <span aria-hidden>{taken ? '✓' : '✕'}</span> {message}
          </li>
        ))}
      </ol>
    </div>
  );
}
