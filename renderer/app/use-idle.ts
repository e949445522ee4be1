import { useEffect, useRef } from 'react';

const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;

/**
 * Calls `onIdle` once nobody has touched the window for so many minutes. Looks at the clock rather than trusting one
 * long timer: a laptop that slept is idle at once when it wakes.
 * @param minutes 0 for never
 */
export function useIdle(minutes: number, onIdle: () => void): void {
  const act = useRef(onIdle);
  useEffect(() => {
    act.current = onIdle;
  });
  useEffect(() => {
    if (minutes <= 0) return undefined;
    let last = Date.now();
    const touched = () => {
      last = Date.now();
    };
    const look = setInterval(() => {
      if (Date.now() - last < minutes * 60_000) return;
      touched();
      act.current();
    }, 5000);
    for (const sign of signs) window.addEventListener(sign, touched, { passive: true });
    return () => {
      clearInterval(look);
      for (const sign of signs) window.removeEventListener(sign, touched);
    };
  }, [minutes]);
}
