import { Button, Modal } from 'antd';
import { useCallback, useEffect, useId, useSyncExternalStore } from 'react';
import type { BaseLocationHook } from 'wouter';
import { useHashLocation } from './hash-location.ts';

/** What of the screens is typed and not saved, by whoever holds it: `3 項審核設定`. */
const unsaved = new Map<string, string>();

interface Leaving {
  what: string;
  go: () => void;
}
let leaving: Leaving | null = null;
const listeners = new Set<() => void>();
function ask(wanted: Leaving | null): void {
  leaving = wanted;
  for (const listener of listeners) listener();
}
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
};

const warn = (event: BeforeUnloadEvent) => event.preventDefault();

/**
 * Makes leaving the screen, or closing the window, ask first.
 * @param what what would be lost, in Chinese; null while everything is saved
 */
export function useUnsavedChanges(what: string | null): void {
  const id = useId();
  useEffect(() => {
    if (what === null) return undefined;
    unsaved.set(id, what);
    if (unsaved.size === 1) window.addEventListener('beforeunload', warn);
    return () => {
      unsaved.delete(id);
      if (unsaved.size === 0) window.removeEventListener('beforeunload', warn);
    };
  }, [id, what]);
}

/** The address in the window's hash (hash-location.ts), but that going elsewhere asks about what is not saved. */
export const guardedLocation: BaseLocationHook = () => {
  const [path, navigate] = useHashLocation();
  const go = useCallback(
    (to: string, options?: { state?: unknown; replace?: boolean }) => {
      const [what] = unsaved.values();
      if (what === undefined || to.split('?')[0] === path) navigate(to, options);
      else ask({ what, go: () => navigate(to, options) });
    },
    [navigate, path],
  );
  return [path, go];
};
guardedLocation.hrefs = useHashLocation.hrefs;

/** The question itself; once in the window. */
export function LeavingQuestion() {
  const question = useSyncExternalStore(subscribe, () => leaving);
  return (
    <Modal
      open={question !== null}
      title="有尚未儲存的變更"
      onCancel={() => ask(null)}
      footer={
        <>
          <Button
            danger
            onClick={() => {
              ask(null);
              question?.go();
            }}
          >
            離開，不儲存
          </Button>
          <Button type="primary" onClick={() => ask(null)}>
            留在這一頁
          </Button>
        </>
      }
    >
      {question?.what}還沒有儲存，離開這一頁就會失去。
    </Modal>
  );
}
