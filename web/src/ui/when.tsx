import { useEffect, useState } from 'react';

interface WhenProps {
  at: string | null;
  relative?: boolean;
  /** Only what differs from now, for narrow columns: today the time alone. The whole instant is its title. */
  compact?: boolean;
}

/** An instant in the reader's zone, with the relative time beside it and never instead of it. */
export function When({ at, relative = false, compact = false }: WhenProps) {
  const now = useMinute(relative);
  if (at === null) return <span className="quiet">never</span>;
  return (
    <time dateTime={at} className="number" title={at}>
      {new Date(at).toLocaleString(
        undefined,
        compact ? shortOf(at, now) : { dateStyle: 'medium', timeStyle: 'short' },
      )}
      {relative ? <span className="quiet"> · {agoText(now - Date.parse(at))}</span> : null}
    </time>
  );
}

/** A calendar day. It is formatted in UTC because it belongs to no zone. */
export function Day({ day }: { day: string }) {
  return (
    <time dateTime={day} className="number">
      {new Date(`${day}T00:00:00Z`).toLocaleDateString(undefined, { dateStyle: 'medium', timeZone: 'UTC' })}
    </time>
  );
}

/** "4 min ago"; a clock that is ahead of ours reads as "just now". */
export function agoText(elapsedMs: number): string {
  const minutes = Math.floor(elapsedMs / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ago`;
  return `${Math.floor(hours / 24)} days ago`;
}

function shortOf(at: string, now: number): Intl.DateTimeFormatOptions {
  const short = { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' } as const;
  const then = new Date(at);
  const today = new Date(now);
  if (then.toDateString() === today.toDateString()) return { timeStyle: 'short' };
  const isThisYear = then.getFullYear() === today.getFullYear();
  return isThisYear ? short : { ...short, year: 'numeric' };
}

function useMinute(running: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}
