import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { nowMs, type PendingCommit, type Session, type SimState } from './company/state.ts';
import { type FaultRule, firedFault, reached } from './faults.ts';
import { errorBody, sessionExpired } from './odata/errors.ts';
import { send, sendCut, sendPage } from './odata/reply.ts';
import { noteWrite, perform } from './perform.ts';
import { type Call, header } from './service.ts';
import { dropSession, requireSession } from './session.ts';

const DEFAULT_LATENCY_MS = 200;
const DEFAULT_LATE_MS = 300;

/** Serves one request under /b1s, going through whatever fault rule fires for it. */
export async function serveWithFaults(
  state: SimState,
  call: Call,
  url: string,
  res: ServerResponse,
): Promise<void> {
  const fault = firedFault(state.faults, call.method, url);
  if (fault !== null && fault.kind !== 'latency') {
    serveFaulted(state, call, fault, res);
    return;
  }
  if (fault !== null) {
    reached(state.faults, 'latency');
    await wait(fault.params.delay_ms ?? DEFAULT_LATENCY_MS);
  }
  if (call.path === 'Login' && state.settings.loginLatencyMs > 0) await wait(state.settings.loginLatencyMs);
  send(res, perform(state, call, fault?.kind ?? null));
}

function serveFaulted(state: SimState, call: Call, fault: FaultRule, res: ServerResponse): void {
  switch (fault.kind) {
    case 'lost-reply': {
      const answer = perform(state, call, fault.kind);
      if (answer.committed) reached(state.faults, fault.kind);
      res.destroy();
      return;
    }
    case 'late-commit':
      commitLate(state, call, fault, res);
      return;
    case 'unavailable':
      beUnavailable(state, call, fault, res);
      return;
    case 'rate-limited': {
      reached(state.faults, fault.kind);
      noteRefused(state, call, 429, fault.kind);
      sendPage(res, 429, 'Too Many Requests', { 'retry-after': String(fault.params.retry_after_s ?? 1) });
      return;
    }
    case 'session-loss': {
      if (dropSession(state, header(call, 'cookie'))) reached(state.faults, fault.kind);
      noteRefused(state, call, 401, fault.kind);
      send(res, { status: 401, headers: {}, body: errorBody(sessionExpired(), call.version) });
      return;
    }
    case 'truncated-body':
      if (sendCut(res, perform(state, call, fault.kind), fault.params.cut ?? 'json')) {
        reached(state.faults, fault.kind);
      }
      return;
    case 'latency':
      return;
  }
}

function beUnavailable(state: SimState, call: Call, fault: FaultRule, res: ServerResponse): void {
  const status = fault.params.status ?? 502;
  if (fault.params.after_commit === true) {
    if (perform(state, call, fault.kind).committed) reached(state.faults, fault.kind);
  } else {
    reached(state.faults, fault.kind);
    noteRefused(state, call, status, fault.kind);
  }
  sendPage(res, status, status === 502 ? 'Bad Gateway' : 'Service Unavailable');
}

// The caller loses the connection at once, the work is done later: the case in which looking the document up
// right away finds nothing and posting again makes a second one. The session is the one the request came with.
function commitLate(state: SimState, call: Call, fault: FaultRule, res: ServerResponse): void {
  let session: Session;
  try {
    session = requireSession(state, header(call, 'cookie'));
  } catch {
    send(res, perform(state, call, fault.kind));
    return;
  }
  const delayMs = Math.min(fault.params.delay_ms ?? DEFAULT_LATE_MS, state.settings.requestLifeMs);
  const book = state.faults;
  const timer = setTimeout(() => pending.run(), delayMs).unref();
  const pending: PendingCommit = {
    dueMs: nowMs(state) + delayMs,
    run: () => {
      clearTimeout(timer);
      // A reset in between has dropped the work together with everything else.
      if (!state.pendingCommits.delete(pending)) return;
      if (perform(state, call, fault.kind, session).committed) reached(book, fault.kind);
    },
  };
  state.pendingCommits.add(pending);
  res.destroy();
}

function noteRefused(state: SimState, call: Call, status: number, fault: string): void {
  noteWrite(state, call, { status, committed: false, created: null }, { fault, session: null });
}
