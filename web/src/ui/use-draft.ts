import { useCallback, useState } from 'react';

/** Typed text that a reload keeps. It lives in this tab only and is dropped once it is sent. */
export function useDraft(key: string): [string, (text: string) => void, () => void] {
  const address = `tiebeam.draft.${key}`;
  const [typed, setTyped] = useState({ address, text: sessionStorage.getItem(address) ?? '' });
  const text = typed.address === address ? typed.text : (sessionStorage.getItem(address) ?? '');
  const write = useCallback(
    (next: string) => {
      sessionStorage.setItem(address, next);
      setTyped({ address, text: next });
    },
    [address],
  );
  const drop = useCallback(() => {
    sessionStorage.removeItem(address);
    setTyped({ address, text: '' });
  }, [address]);
  return [text, write, drop];
}

/** Forgets what was typed, once it was sent. */
export function dropDraft(key: string): void {
  sessionStorage.removeItem(`tiebeam.draft.${key}`);
}
