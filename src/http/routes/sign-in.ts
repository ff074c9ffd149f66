import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { inTenant, type Tx } from '../../store/database/transaction.ts';
import { findLoginLinkTenant, useLoginLink } from '../../store/people/login-links.ts';
import { endSession, endSessionsOf } from '../../store/people/sessions.ts';
import { presentTenant } from '../../store/people/tenant.ts';
import { findSignInCandidates, findUser, setPasswordHash } from '../../store/people/users.ts';
import { callerOf } from '../access.ts';
import { type Api, answers } from '../api.ts';
import { type AttemptLimit, attemptLimit, networkOf } from '../auth/attempt-limit.ts';
import { hashPassword, passwordWeakness, verifyPassword } from '../auth/passwords.ts';
import { clearSessionCookie, readSessionCookie, setSessionCookie } from '../auth/session-cookie.ts';
import { isRole, openSession } from '../auth/sessions.ts';
import { tokenHash } from '../auth/tokens.ts';
import type { HttpDeps, HttpOptions } from '../deps.ts';
import { HttpProblem } from '../problems.ts';
import { Me, SignIn, UseLink } from '../schemas/people.ts';

const WINDOW_MS = 15 * 60_000;

interface SignedIn {
  tenant: string;
  userId: string;
  token: string;
}

/** Sign-in by password or one-time link, sign-out, and who is signed in. */
export async function signInRoutes(app: Api, deps: HttpDeps, options: HttpOptions): Promise<void> {
  const byNetwork = attemptLimit({ attempts: 30, windowMs: WINDOW_MS });
  const byEmail = attemptLimit({ attempts: 10, windowMs: WINDOW_MS });
  // Verified for an unknown e-mail, so that both answers take the same time.
  const decoy = await hashPassword('nobody has this password', deps.randomBytes);

  app.post(
    '/sign-in',
    { config: { access: 'open' }, schema: { body: SignIn, response: answers(Me) } },
    async (request, reply) => {
      const { email, password } = request.body;
      limit(byNetwork, networkOf(request.ip), deps);
      limit(byEmail, email.toLowerCase(), deps);
      const signedIn = await signInByPassword(deps, { email, password, decoy, address: request.ip });
      byEmail.forget(email.toLowerCase());
      byNetwork.refund(networkOf(request.ip));
      return startSession(request, reply, deps, options, signedIn);
    },
  );

  app.post(
    '/sign-in/link',
    { config: { access: 'open' }, schema: { body: UseLink, response: answers(Me) } },
    async (request, reply) => {
      limit(byNetwork, networkOf(request.ip), deps);
      const signedIn = await signInByLink(deps, request.body, request.ip);
      byNetwork.refund(networkOf(request.ip));
      return startSession(request, reply, deps, options, signedIn);
    },
  );

  app.post(
    '/sign-out',
    { config: { access: 'signed-in' }, schema: { response: { 204: z.null() } } },
    async (request, reply) => {
      const caller = callerOf(request);
      await inTenant(deps.pools.app, caller.tenant, async (tx) => {
        await endSession(tx, caller.tokenHash, deps.clock.now());
        await deps.audit(tx, {
          tenant: caller.tenant,
          kind: 'signed-out',
          actor: caller.person.email,
          facts: { user: caller.person.id },
        });
      });
      clearSessionCookie(reply, options.https);
      return reply.code(204).header('clear-site-data', '"cache", "cookies"').send(null);
    },
  );

  app.get('/me', { config: { access: 'signed-in' }, schema: { response: answers(Me) } }, async (request) => {
    const { tenant, person } = callerOf(request);
    return describeMe(deps, tenant, person.id);
  });
}

function limit(attempts: AttemptLimit, key: string, deps: HttpDeps): void {
  const waitMs = attempts.attempt(key, deps.clock.now());
  if (waitMs === 0) return;
  deps.log.warn({ event: 'sign-in-limited' }, 'sign-in attempts limited');
  throw new HttpProblem(
    429,
    'Too many attempts',
    'Too many sign-ins were tried. Wait a quarter of an hour, or ask for a one-time link.',
    { retryAfterSeconds: Math.ceil(waitMs / 1000) },
  );
}

async function signInByPassword(
  deps: HttpDeps,
  attempt: { email: string; password: string; decoy: string; address: string },
): Promise<SignedIn> {
  const candidates = await findSignInCandidates(deps.pools.door, attempt.email);
  const checked = candidates.length > 0 ? candidates : [{ tenant: '', userId: '', passwordHash: null }];
  let found: { tenant: string; userId: string } | undefined;
  for (const candidate of checked) {
    const matches = await verifyPassword(attempt.password, candidate.passwordHash ?? attempt.decoy);
    if (matches && candidate.passwordHash !== null) found ??= candidate;
  }
  if (!found) {
    deps.log.warn({ event: 'sign-in-refused', address: attempt.address }, 'sign-in refused');
    throw new HttpProblem(401, 'Not signed in', 'E-mail and password do not belong together.');
  }
  const { tenant, userId } = found;
  return inTenant(deps.pools.app, tenant, (tx) => open(tx, deps, { tenant, userId, method: 'password' }));
}

async function signInByLink(
  deps: HttpDeps,
  body: z.infer<typeof UseLink>,
  address: string,
): Promise<SignedIn> {
  const hash = tokenHash(body.token);
  const tenant = await findLoginLinkTenant(deps.pools.door, hash);
  const refused = () => {
    deps.log.warn({ event: 'sign-in-link-refused', address }, 'sign-in link refused');
    return new HttpProblem(401, 'Link does not open', 'The link was used or is too old. Ask for a new one.');
  };
  if (tenant === null) throw refused();
  const passwordHash =
    body.password === undefined ? null : await hashPassword(body.password, deps.randomBytes);
  return inTenant(deps.pools.app, tenant, async (tx) => {
    const now = deps.clock.now();
    const userId = await useLoginLink(tx, hash, now);
    const user = userId === null ? null : await findUser(tx, userId);
    if (!user) throw refused();
    if (body.password !== undefined && passwordHash !== null) {
      // Thrown inside the transaction: a refused password leaves the link unused.
      const weakness = passwordWeakness(body.password, user);
      if (weakness)
        throw new HttpProblem(422, 'Password too weak', `${weakness} The link can still be used.`);
      await setPasswordHash(tx, user.id, passwordHash);
      await endSessionsOf(tx, user.id, now);
    }
    const method = passwordHash === null ? 'link' : 'link, password set';
    return open(tx, deps, { tenant, userId: user.id, method });
  });
}

async function open(
  tx: Tx,
  deps: HttpDeps,
  who: { tenant: string; userId: string; method: string },
): Promise<SignedIn> {
  const user = await findUser(tx, who.userId);
  if (!user) throw new HttpProblem(401, 'Not signed in', 'E-mail and password do not belong together.');
  const now = deps.clock.now();
  const token = await openSession(tx, { ...who, now, randomBytes: deps.randomBytes });
  await deps.audit(tx, {
    tenant: who.tenant,
    kind: 'signed-in',
    actor: user.email,
    facts: { user: user.id, method: who.method },
  });
  return { tenant: who.tenant, userId: who.userId, token };
}

/** A sign-in always gets a token of its own: whatever cookie came with the request is ended. */
async function startSession(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: HttpDeps,
  options: HttpOptions,
  signedIn: SignedIn,
): Promise<z.infer<typeof Me>> {
  const earlier = readSessionCookie(request, options.https);
  if (earlier !== null) {
    await inTenant(deps.pools.app, signedIn.tenant, (tx) =>
      endSession(tx, tokenHash(earlier), deps.clock.now()),
    );
  }
  setSessionCookie(reply, signedIn.token, options.https);
  return describeMe(deps, signedIn.tenant, signedIn.userId);
}

async function describeMe(deps: HttpDeps, tenant: string, userId: string): Promise<z.infer<typeof Me>> {
  const [{ user, shown }, notices] = await Promise.all([
    inTenant(deps.pools.app, tenant, async (tx) => ({
      user: await findUser(tx, userId),
      shown: await presentTenant(tx),
    })),
    deps.notices(tenant),
  ]);
  if (!user) throw new HttpProblem(401, 'Not signed in', 'This user is disabled.');
  return {
    user: { ...user, roles: user.roles.filter(isRole) },
    tenant: { id: tenant, ...shown },
    ...notices,
  };
}
