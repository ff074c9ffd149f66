import { z } from 'zod';
import { Stop } from '../../../domain/posting/outcomes.ts';
import { parseJson } from '../../../lib/decimal-json.ts';
import { type Door, DoorError, type DoorResponse } from '../../../lib/door.ts';
import type { BusinessOneConfig } from '../config.ts';
import { SYSTEM, vendorError } from './vendor-error.ts';

/** What a call must carry to belong to the session. */
export type Session = { readonly cookie: string };

export type SessionKeeper = {
  /** The one session of the connection; the first caller signs in, callers at the same time share that. */
  readonly current: () => Promise<Session>;
  /** A new session in place of a lost one; many callers that lost the same one share one sign-in. */
  readonly renew: (lost: Session) => Promise<Session>;
  /** Signs out, so that the next call starts a fresh session. */
  readonly end: () => Promise<void>;
  /** Signs out for good: a late caller must not leave a session behind. */
  readonly close: () => Promise<void>;
};

// Wrong passwords lock the user, and a refused sign-in costs about 10 s: the same credentials rest this long.
const REFUSED_REST_MS = 10 * 60_000;

export function keepSession(config: BusinessOneConfig, door: Door, now: () => Date): SessionKeeper {
  let active: Promise<Session> | null = null;
  let closed = false;
  let refusal: { readonly stop: Stop; readonly untilMs: number } | null = null;

  function current(): Promise<Session> {
    if (active) return active;
    if (closed) return Promise.reject(new Stop('bug', SYSTEM, 'the connection is closed'));
    if (refusal && now().getTime() < refusal.untilMs) return Promise.reject(refusal.stop);
    const attempt = signIn(config, door).catch((error: unknown) => {
      if (active === attempt) active = null;
      if (error instanceof Stop && error.kind === 'unauthorised') {
        refusal = { stop: error, untilMs: now().getTime() + REFUSED_REST_MS };
      }
      throw error;
    });
    active = attempt;
    return attempt;
  }

  async function end(): Promise<void> {
    const held = active;
    active = null;
    const session = await held?.catch(() => null);
    if (session) await signOut(door, session);
  }

  return {
    current,
    async renew(lost) {
      const held = active;
      if (held && (await held) === lost && active === held) active = null;
      return current();
    },
    end,
    async close() {
      closed = true;
      await end();
    },
  };
}

async function signIn(config: BusinessOneConfig, door: Door): Promise<Session> {
  const body = JSON.stringify({
    CompanyDB: config.companyDb,
    UserName: config.userName,
    Password: config.password,
    Language: config.language,
  });
  let response: DoorResponse;
  try {
    response = await door.read({
      method: 'POST',
      path: '/Login',
      headers: { 'content-type': 'application/json' },
      body,
    });
  } catch (error) {
    throw doorStop(error);
  }
  if (response.status === 200) {
    const cookie = sessionCookie(response);
    if (cookie) return { cookie };
    throw new Stop('retry-later', SYSTEM, 'the sign-in was answered without a session', {
      remedy: 'See whether a Service Layer answers at this address and port: a proxy or another site may.',
    });
  }
  throw refusedSignIn(config, response);
}

function refusedSignIn(config: BusinessOneConfig, response: DoorResponse): Stop {
  const error = vendorError(response);
  const said = error ? `: ${error.message} (code ${error.code})` : '';
  if (response.status >= 500 || response.status === 429) {
    return new Stop('retry-later', SYSTEM, `the sign-in was answered with HTTP ${response.status}${said}`, {
      remedy: 'See whether the Service Layer is up: its balancer answers, the node behind it does not.',
    });
  }
  if (error && response.status !== 401 && NO_ROOM.test(error.message)) {
    return new Stop('retry-later', SYSTEM, `the sign-in found no free session${said}`, {
      remedy: 'End idle sessions of this user in SAP Business One, or give the user a free licence.',
    });
  }
  return new Stop(
    'unauthorised',
    SYSTEM,
    `the sign-in of ${config.userName} to ${config.companyDb} was refused with HTTP ${response.status}${said}`,
    {
      remedy:
        'Check company database, user and password of the connection, and in SAP Business One whether the ' +
        'user is locked or has no licence. The sign-in is not tried again by itself.',
    },
  );
}

// The credentials are right, the server is full: that passes by itself.
const NO_ROOM = /\bsessions?\b|licen[cs]e/i;

async function signOut(door: Door, session: Session): Promise<void> {
  try {
    await door.read({ method: 'POST', path: '/Logout', headers: { cookie: session.cookie } });
  } catch {
    // A session that cannot be ended ends itself after 30 idle minutes; closing must not fail for it.
  }
}

/**
 * The Cookie header for a session. B1SESSION comes without a path and with a dangling semicolon, which strict
 * cookie jars refuse; ROUTEID keeps calls on the node that holds the session.
 */
export function sessionCookie(response: Pick<DoorResponse, 'cookies' | 'body'>): string | null {
  const pairs = new Map<string, string>();
  for (const line of response.cookies) {
    const pair = (line.split(';')[0] ?? '').trim();
    const at = pair.indexOf('=');
    if (at > 0) pairs.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
  }
  const id = pairs.get('B1SESSION') ?? sessionIdOf(response.body);
  if (!id) return null;
  const route = pairs.get('ROUTEID');
  return route ? `B1SESSION=${id}; ROUTEID=${route}` : `B1SESSION=${id}`;
}

const loginAnswer = z.object({ SessionId: z.string().min(1) });

function sessionIdOf(body: string): string | null {
  try {
    return loginAnswer.safeParse(parseJson(body)).data?.SessionId ?? null;
  } catch {
    return null;
  }
}

/** A read that brought no answer, as the engine knows it. */
export function doorStop(error: unknown): Stop {
  if (error instanceof Stop) return error;
  if (!(error instanceof DoorError)) return new Stop('bug', SYSTEM, String(error), { cause: error });
  switch (error.trouble) {
    case 'unreachable':
      return new Stop('retry-later', SYSTEM, error.message, {
        remedy:
          'Check address and port of the Service Layer and that the firewall lets this machine through.',
        cause: error,
      });
    case 'tls':
      return new Stop('unauthorised', SYSTEM, error.message, {
        remedy: certificateRemedy(error.message),
        cause: error,
      });
    case 'timeout':
    case 'broken-answer':
      return new Stop('retry-later', SYSTEM, error.message, { cause: error });
    case 'not-a-read':
    case 'closed-by-policy':
      return new Stop('bug', SYSTEM, error.message, { cause: error });
  }
}

function certificateRemedy(message: string): string {
  if (message.includes('ALTNAME'))
    return 'Use the host name that the certificate was issued for, or have one issued for this name.';
  if (message.includes('EXPIRED')) return 'Have the certificate of the Service Layer renewed.';
  return (
    'Give the connection the certificate authority of the server (field ca); a self-signed certificate is its ' +
    'own authority. It is never accepted by itself.'
  );
}
