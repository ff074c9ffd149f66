import { useEffect, useRef } from 'react';

export type KeyMap = Record<string, () => void>;

const CHORD_MS = 1_200;

/**
 * Single keys and "g x" chords for the page. They rest while somebody types, while a dialog is open, and when
 * a modifier is held, so that no browser or screen-reader shortcut is taken away.
 */
export function useKeys(keys: KeyMap): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    let prefix = { key: '', at: 0 };
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isBusy(event)) return;
      const isChord = prefix.key !== '' && event.timeStamp - prefix.at < CHORD_MS;
      const chord = isChord ? `${prefix.key} ${event.key}` : event.key;
      prefix = { key: event.key === 'g' ? 'g' : '', at: event.timeStamp };
      // After "g" only a chord counts: "g r" goes to the review and must never reject what is open there.
      const action = latest.current[chord];
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function isBusy(event: KeyboardEvent): boolean {
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (document.querySelector('dialog[open]')) return true;
  if (!target) return false;
  if (event.key === 'Enter') return target.closest('a, button, input, select, textarea, summary') !== null;
  return (
    target.isContentEditable || (target.closest('input, textarea, select') !== null && !isChoice(target))
  );
}

/** A radio button takes arrows and space only; letters stay shortcuts there. */
function isChoice(target: HTMLElement): boolean {
  return target instanceof HTMLInputElement && (target.type === 'radio' || target.type === 'checkbox');
}
