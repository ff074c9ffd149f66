import { pino } from 'pino';

export type Log = pino.Logger;

/** JSON lines on stderr, so that stdout stays for results. Secrets and bodies are never passed to it. */
export function openLog(level: string): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: false }),
  );
}
