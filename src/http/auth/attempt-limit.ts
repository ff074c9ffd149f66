/** Counts attempts per key in a fixed window, in the memory of one process. */
export interface AttemptLimit {
  /** Counts one attempt and answers how long to wait, 0 when it may go on. */
  attempt(key: string, now: Date): number;
  /** Takes one attempt back: it succeeded, so it was not a guess. */
  refund(key: string): void;
  forget(key: string): void;
}

// Bounds the memory an attacker with many addresses can take: about 1 MB.
const MAX_KEYS = 10_000;

export function attemptLimit(options: { attempts: number; windowMs: number }): AttemptLimit {
  const windows = new Map<string, { startedMs: number; count: number }>();
  return {
    attempt(key, now) {
      const nowMs = now.getTime();
      const window = windows.get(key);
      if (!window || nowMs - window.startedMs >= options.windowMs) {
        windows.delete(key);
        if (windows.size >= MAX_KEYS) dropOldest(windows);
        windows.set(key, { startedMs: nowMs, count: 1 });
        return 0;
      }
      window.count += 1;
      return window.count > options.attempts ? window.startedMs + options.windowMs - nowMs : 0;
    },
    refund(key) {
      const window = windows.get(key);
      if (window && window.count > 0) window.count -= 1;
    },
    forget(key) {
      windows.delete(key);
    },
  };
}

// A Map keeps insertion order, and a window is inserted when it starts: the first key is the oldest.
function dropOldest(windows: Map<string, unknown>): void {
  const oldest = windows.keys().next();
  if (!oldest.done) windows.delete(oldest.value);
}

/** One key per network: whoever has an IPv6 /64 has 2^64 addresses in it. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1] ?? address;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  const groups = [...first, ...Array.from({ length: zeros }, () => '0'), ...last];
  return `${groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
