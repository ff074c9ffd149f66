import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from 'react';
import './notices.css';

interface Notice {
  id: number;
  text: string;
}

const SHOWN_MS = 4_000;
const MOST_NOTICES = 3;

const NoticeContext = createContext<(text: string) => void>(() => undefined);

/**
 * Short words on what was just done, read out by screen readers. Mantine's notifications would be a tenth of
 * the first load for the same.
 */
export function NoticeProvider({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<Notice[]>([]);
  const lastId = useRef(0);
  const show = useCallback((text: string) => {
    lastId.current += 1;
    const id = lastId.current;
    setNotices((shown) => [...shown.slice(1 - MOST_NOTICES), { id, text }]);
    setTimeout(() => setNotices((shown) => shown.filter((notice) => notice.id !== id)), SHOWN_MS);
  }, []);
  return (
    <NoticeContext value={show}>
      {children}
      <div className="notices" role="status">
        {notices.map(({ id, text }) => (
          <div key={id}>
            <bdi>{text}</bdi>
          </div>
        ))}
      </div>
    </NoticeContext>
  );
}

/** Says something for a few seconds. */
export function useNotice(): (text: string) => void {
  return useContext(NoticeContext);
}
