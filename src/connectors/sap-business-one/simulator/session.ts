import { randomUUID } from 'node:crypto';
import { nowMs, type Session, type SimState } from './company/state.ts';
import { parseRequestBody } from './odata/body.ts';
import {
  badRequest,
  businessError,
  invalidProperty,
  loginFailed,
  sessionExpired,
  wrongCompany,
} from './odata/errors.ts';

const LOGIN_FIELDS = ['CompanyDB', 'UserName', 'Password'];
const NODES = 4;

/** Opens a session, or refuses the credentials. */
export function logIn(state: SimState, requestText: string): Session {
  const body = parseRequestBody(requestText);
  for (const name of Object.keys(body)) {
    if (![...LOGIN_FIELDS, 'Language'].includes(name)) throw invalidProperty(name, 'B1Session');
  }
  for (const name of LOGIN_FIELDS) {
    if (typeof body[name] !== 'string') throw badRequest(`Login needs a text in '${name}'`);
  }
  if (body.Language !== undefined && typeof body.Language !== 'number') {
    throw badRequest("'Language' has to be a number");
  }
  if (state.company === null || body.CompanyDB !== state.company.db) throw wrongCompany();
  const user = String(body.UserName);
  if (state.users.get(user) !== body.Password) throw loginFailed();
  return openSession(state, user);
}

function openSession(state: SimState, user: string): Session {
  dropExpired(state);
  const cap = state.settings.maxSessions;
  // Neither the number nor the answer of the vendor's own limit is known; this one is the simulator's.
  if (cap !== null && state.sessions.size >= cap) throw businessError('No more sessions can be opened');
  const session = { id: randomUUID(), user, lastUsedMs: nowMs(state), openedMs: nowMs(state) };
  state.sessions.set(session.id, session);
  state.loginCount += 1;
  state.mostSessionsAtOnce = Math.max(state.mostSessionsAtOnce, state.sessions.size);
  return session;
}

/** The two cookies of a login; the first has no Path and ends in a semicolon, as the vendor's does. */
export function loginCookies(state: SimState, session: Session): string[] {
  const node = (state.loginCount % NODES) + 1;
  return [`B1SESSION=${session.id};HttpOnly;`, `ROUTEID=.node${node}; path=/`];
}

/** The session the request belongs to, renewed by being used; throws 401/301 when there is none. */
export function requireSession(state: SimState, cookieHeader: string | undefined): Session {
  const id = sessionId(cookieHeader);
  const session = id === null ? undefined : state.sessions.get(id);
  if (session === undefined) throw sessionExpired();
  const now = nowMs(state);
  if (now - session.lastUsedMs > state.settings.sessionTimeoutMin * 60_000) {
    state.sessions.delete(session.id);
    throw sessionExpired();
  }
  session.lastUsedMs = now;
  return session;
}

/** Ends the session named by the cookie, as a restarted node would; false when there was none. */
export function dropSession(state: SimState, cookieHeader: string | undefined): boolean {
  const id = sessionId(cookieHeader);
  return id !== null && state.sessions.delete(id);
}

export function dropExpired(state: SimState): void {
  const oldest = nowMs(state) - state.settings.sessionTimeoutMin * 60_000;
  for (const session of state.sessions.values()) {
    if (session.lastUsedMs < oldest) state.sessions.delete(session.id);
  }
}

function sessionId(cookieHeader: string | undefined): string | null {
  return /(?:^|;\s*)B1SESSION=([^;]+)/.exec(cookieHeader ?? '')?.[1] ?? null;
}
