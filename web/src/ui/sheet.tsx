import { type ReactNode, useEffect, useId, useRef } from 'react';
import './sheet.css';

interface SheetProps {
  title: string;
  open: boolean;
  onClose: () => void;
  children: ReactNode;
}

/**
 * A dialog. The browser's own element traps the focus, closes on Escape and gives the focus back; Mantine's
 * would add a style element that the CSP refuses.
 */
export function Sheet({ title, open, onClose, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    if (open && !dialog.current?.open) dialog.current?.showModal();
    if (!open && dialog.current?.open) dialog.current.close();
  }, [open]);
  return (
    <dialog ref={dialog} className="sheet" aria-labelledby={id} onClose={onClose}>
      <header className="spread">
        <h2 id={id}>{title}</h2>
        <button type="button" className="plain-button" onClick={onClose}>
          Close <kbd>esc</kbd>
        </button>
      </header>
      {open ? children : null}
    </dialog>
  );
}
