import { logWrite, type Session, type SimState } from './company/state.ts';
import { errorBody, Refusal } from './odata/errors.ts';
import { isRecord, parseExact } from './odata/json.ts';
import { type Answer, type Call, header, serve, serveLogin } from './service.ts';
import { requireSession } from './session.ts';

/** Serves a request, turns refusals into error replies and notes every write in the log. */
export function perform(state: SimState, call: Call, fault: string | null, known?: Session): Answer {
  let session: Session | null = known ?? null;
  let answer: Answer;
  try {
    if (call.path === 'Login' && call.method === 'POST') {
      answer = serveLogin(state, call);
    } else {
      session = known ?? requireSession(state, header(call, 'cookie'));
      answer = serve(state, call, session);
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const body = errorBody(error, call.version);
    answer = { status: error.status, headers: {}, body, committed: false, created: null };
  }
  noteWrite(state, call, answer, { fault, session });
  return answer;
}

/** Adds a request to the write log; reads are not noted. */
export function noteWrite(
  state: SimState,
  call: Call,
  answer: Pick<Answer, 'status' | 'committed' | 'created'>,
  about: { fault: string | null; session: Session | null },
): void {
  if (call.method === 'GET') return;
  logWrite(state, {
    method: call.method,
    path: call.path,
    body: loggedBody(call),
    status: answer.status,
    committed: answer.committed,
    user: about.session?.user ?? null,
    session: about.session?.id ?? null,
    fault: about.fault,
    created: answer.created,
  });
}

function loggedBody(call: Call): unknown {
  if (call.requestText === '') return null;
  if (header(call, 'content-type')?.startsWith('multipart/')) return `${call.requestBytes.length} bytes`;
  try {
    const body = parseExact(call.requestText);
    return call.path === 'Login' && isRecord(body) ? { ...body, Password: '***' } : body;
  } catch {
    return call.requestText;
  }
}
