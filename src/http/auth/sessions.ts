import type { FastifyRequest } from 'fastify';
import { inTenant, type Tx } from '../../store/database/transaction.ts';
import { findSession, insertSession, touchSession } from '../../store/people/sessions.ts';
import type { Caller } from '../access.ts';
import type { HttpDeps, Role } from '../deps.ts';
import { roles } from '../schemas/people.ts';
import { readSessionCookie } from './session-cookie.ts';
import { newToken, type RandomBytes, tokenHash } from './tokens.ts';

export const SESSION_IDLE_MS = 8 * 60 * 60_000;
export const SESSION_ABSOLUTE_MS = 7 * 24 * 60 * 60_000;
// One write a minute keeps the idle limit honest without a write per request.
const TOUCH_AFTER_MS = 60_000;
// A token of ours has 43 characters; a longer cookie is not looked up.
const MAX_TOKEN_CHARACTERS = 100;

/** Opens a session in the transaction of the sign-in and answers the token for the cookie. */
export async function openSession(
  tx: Tx,
  session: { tenant: string; userId: string; now: Date; randomBytes: RandomBytes },
): Promise<string> {
  const token = newToken(session.randomBytes);
  await insertSession(tx, session.tenant, {
    tokenHash: tokenHash(token),
    userId: session.userId,
    at: session.now,
  });
  return token;
}

/** Who sent the request: an open session of an enabled user within both limits, else nobody. */
export async function findCaller(
  request: FastifyRequest,
  deps: HttpDeps,
  https: boolean,
): Promise<Caller | null> {
  const token = readSessionCookie(request, https);
  if (token === null || token === '' || token.length > MAX_TOKEN_CHARACTERS) return null;
  const hash = tokenHash(token);
  const found = await findSession(deps.pools.door, hash);
  if (!found) return null;
  const now = deps.clock.now();
  const idleMs = now.getTime() - found.seenAt.getTime();
  if (idleMs >= SESSION_IDLE_MS) return null;
  if (now.getTime() - found.createdAt.getTime() >= SESSION_ABSOLUTE_MS) return null;
  if (idleMs >= TOUCH_AFTER_MS) {
    await inTenant(deps.pools.app, found.tenant, (tx) => touchSession(tx, hash, now));
  }
  const person = { ...found.user, roles: found.user.roles.filter(isRole) };
  return { tenant: found.tenant, person, tokenHash: hash };
}

export function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text);
}
