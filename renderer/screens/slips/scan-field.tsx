import { Input, type InputRef } from 'antd';
import { useRef, useState } from 'react';
import { CallError, call } from '../../app/backend.ts';
import { playTone } from './scan-tone.ts';

interface Scan {
  /** Counts up, for React. */
  number: number;
  taken: boolean;
  /** What was done, or what to do with the paper in hand. */
  message: string;
}

/** Scans that stay on the screen: enough to see what the last slips of a pile were. */
const keptScans = 3;

/**
 * Takes what a hand scanner types: the text and Enter. The focus stays and nothing is disabled meanwhile, so that a pile is scanned as
 * fast as the hand goes; a high tone says taken, a low one says look.
 */
export function ScanField() {
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
      const { className, seatNumber, studentNumber, name } = await call('slips.scanReturn', { text: typed });
      const seat = seatNumber === null ? '' : ` ${String(seatNumber).padStart(2, '0')} 號`;
      tell(true, `已登錄：${className}${seat} ${studentNumber} ${name}`);
    } catch (error) {
      tell(false, CallError.from(error).message);
    }
  };

  return (
    <div className="returns-scan">
      <label htmlFor="returns-scan">掃描 QR 碼或輸入序號</label>
      <Input
        id="returns-scan"
        ref={input}
        autoFocus
        value={text}
        maxLength={200}
        autoComplete="off"
        placeholder="以手持掃描器掃描，或輸入頁尾序號後按 Enter"
        onChange={({ target }) => setText(target.value)}
        onPressEnter={() => void scan()}
      />
      <ol className="returns-scans" aria-live="assertive" aria-label="掃描結果">
        {scans.map(({ number, taken, message }, index) => (
          <li key={number} className={`${taken ? 'state-done' : 'state-wrong'}${index === 0 ? ' latest' : ''}`}>
            <span aria-hidden>{taken ? '✓' : '✕'}</span> {message}
          </li>
        ))}
      </ol>
    </div>
  );
}
