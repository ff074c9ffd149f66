import { Stop } from '../../domain/posting/outcomes.ts';
import { parseJson } from '../../lib/decimal-json.ts';
import { type Door, DoorError, type DoorResponse } from '../../lib/door.ts';
import { backoffMs } from '../../lib/retry.ts';
import type { ProcoreConfig } from '../config.ts';
import { tokenAnswer } from '../wire.ts';
import { PROCORE, readErrors, stopForDoor } from './errors.ts';
import { retryAfterMs } from './rate-window.ts';

// Tokens live 5,400 s; five minutes ahead no call under way can outlive the token it carries.
const AHEAD_MS = 300_000;
const MAX_TRIES = 3;
const MAX_WAIT_MS = 10_000;

export type Tokens = {
  /** A token with life left in it. */
  readonly bearer: () => Promise<string>;
  /** Replaces the token that a call was refused with; callers refused together share one renewal. */
  readonly renew: (refused: string) => Promise<string>;
};

export type TokenDeps = {
  readonly door: Door;
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
};

/** Signs in with client credentials. This grant has no refresh token, so there is none to lose. */
export function tokenKeeper(config: ProcoreConfig, deps: TokenDeps): Tokens {
  let held: { readonly token: string; readonly untilMs: number } | null = null;
  let underWay: Promise<string> | null = null;

  function signInOnce(): Promise<string> {
    underWay ??= signIn(config, deps)
      .then(({ token, lifeMs }) => {
        held = { token, untilMs: deps.now().getTime() + lifeMs };
        return token;
      })
      .finally(() => {
        underWay = null;
      });
    return underWay;
  }

  return {
    async bearer() {
      // A life shorter than twice the lead would otherwise renew before every call.
      if (held !== null && deps.now().getTime() < held.untilMs) return held.token;
      return signInOnce();
    },
    async renew(refused) {
      if (held !== null && held.token !== refused) return held.token;
      held = null;
      return signInOnce();
    },
  };
}

async function signIn(config: ProcoreConfig, deps: TokenDeps): Promise<{ token: string; lifeMs: number }> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: config.clientId,
    client_secret: config.clientSecret,
  });
  let last: Stop | null = null;
  for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
    if (attempt > 0)
      await deps.sleep(
        Math.min(last?.retryAfterMs ?? backoffMs(attempt, deps.random, 250, 4_000), MAX_WAIT_MS),
      );
    try {
      const response = await deps.door.read({
        method: 'POST',
        path: '/oauth/token',
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: form.toString(),
      });
      const outcome = readAnswer(response, deps.now());
      if (!(outcome instanceof Stop)) return outcome;
      last = outcome;
    } catch (error) {
      if (!(error instanceof DoorError)) throw error;
      last = stopForDoor(error, config.authUrl);
    }
    if (last.kind !== 'retry-later') throw last;
  }
  throw last ?? new Stop('retry-later', PROCORE, 'the sign-in was not tried');
}

function readAnswer(response: DoorResponse, now: Date): Stop | { token: string; lifeMs: number } {
  if (response.status === 200) {
    const answer = tokenAnswer.safeParse(safely(response.body));
    if (!answer.success)
      return new Stop('retry-later', PROCORE, 'the sign-in was answered with something that is no token', {
        remedy: 'See whether authUrl is a sign-in host of Procore: a proxy or another site may answer there.',
      });
    const lifeMs = answer.data.expires_in * 1_000;
    return { token: answer.data.access_token, lifeMs: Math.max(lifeMs - AHEAD_MS, lifeMs / 2) };
  }
  const said = readErrors(response.body)
    .map((error) => error.message)
    .join('; ');
  if (response.status === 429 || response.status >= 500) {
    const wait = retryAfterMs(response.headers, now);
    return new Stop('retry-later', PROCORE, `the sign-in was answered with ${response.status}: ${said}`, {
      ...(wait === null ? {} : { retryAfterMs: wait }),
    });
  }
  return new Stop('unauthorised', PROCORE, `the sign-in was refused with ${response.status}: ${said}`, {
    remedy:
      'Check the client id and secret, and that they belong to this environment: production, sandbox and the ' +
      'monthly sandbox have their own sign-in hosts and do not share credentials.',
  });
}

function safely(body: string): unknown {
  try {
    return parseJson(body);
  } catch {
    return null;
  }
}
