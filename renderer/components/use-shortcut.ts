import { useEffect, useRef } from 'react';

/** Keys of the program (docs: keys). `mod` is Ctrl, or ⌘ on macOS. */
export interface Shortcut {
  key: string;
  mod?: boolean;
  shift?: boolean;
}

interface Binding {
  shortcut: Shortcut;
  act: () => void;
}

/** The newest binding of a key has it, so that what lies on top answers first. */
const bindings: { current: Binding }[] = [];

const matches = ({ key, mod = false, shift = false }: Shortcut, event: KeyboardEvent) =>
  event.key.toLowerCase() === key.toLowerCase() &&
  (event.ctrlKey || event.metaKey) === mod &&
  (event.shiftKey === shift || key.length > 1 || /\W/.test(key)) &&
  !event.altKey;

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

function onKeyDown(event: KeyboardEvent): void {
  // A key that the input method is composing with belongs to it (注音).
  if (event.isComposing || event.defaultPrevented) return;
  const found = bindings.findLast(({ current: { shortcut } }) => matches(shortcut, event));
  if (!found) return;
  const { key, mod } = found.current.shortcut;
  const plain = !mod && (key.length === 1 || key.startsWith('Arrow'));
  if (plain && typing(event.target)) return;
  event.preventDefault();
  found.current.act();
}

/** Binds a key while the component is shown. A plain character, or an arrow, does nothing while one types in a field. */
export function useShortcut(shortcut: Shortcut, act: () => void, enabled = true): void {
  const binding = useRef<Binding>({ shortcut, act });
  useEffect(() => {
    binding.current = { shortcut, act };
  });
  useEffect(() => {
    if (!enabled) return undefined;
    if (bindings.length === 0) window.addEventListener('keydown', onKeyDown);
    bindings.push(binding);
    return () => {
      bindings.splice(bindings.indexOf(binding), 1);
      if (bindings.length === 0) window.removeEventListener('keydown', onKeyDown);
    };
  }, [enabled]);
}
