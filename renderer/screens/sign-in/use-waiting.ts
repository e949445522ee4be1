import { useEffect, useState } from 'react';
import type { CallError } from '../../app/backend.ts';

/** Seconds still to wait after too many wrong entries (`session.waiting`), counted down; 0 otherwise. */
export function useWaiting(error: CallError | null): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const seconds = error?.code === 'session.waiting' ? Number(error.details.waitSeconds) : 0;
    setLeft(seconds);
    if (seconds <= 0) return undefined;
    const until = Date.now() + seconds * 1000;
    const timer = setInterval(() => {
      const now = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      setLeft(now);
      if (now === 0) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  }, [error]);
  return left;
}
