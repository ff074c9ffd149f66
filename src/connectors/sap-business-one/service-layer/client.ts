import { Stop } from '../../../domain/posting/outcomes.ts';
import type { Read, WireRequest, WireResponse } from '../../../domain/posting/writes.ts';
import { parseJson } from '../../../lib/decimal-json.ts';
import type { DoorRequest, DoorResponse, Intent, Sent } from '../../../lib/door.ts';
import type { ConnectDeps } from '../../connector.ts';
import type { BusinessOneConfig } from '../config.ts';
import { retryAfterMs } from './errors.ts';
import { doorStop, keepSession, type Session } from './session.ts';
import { openSlots } from './slots.ts';
import { isSessionLoss, SYSTEM } from './vendor-error.ts';

/** Requests by POST that change nothing in the company. */
export const READ_POSTS: readonly RegExp[] = [
  /^\/(Login|Logout)$/,
  /^\/CompanyService_(GetAdminInfo|GetCompanyInfo|GetPeriods|GetFinancePeriods)$/,
];

export type BusinessOneClient = {
  readonly read: Read;
  readonly send: (intent: Intent, request: WireRequest) => Promise<Sent>;
  readonly close: () => Promise<void>;
};

/** The only way to the Service Layer: one session, a bounded number of calls in it, and a replay after its loss. */
export function openClient(
  config: BusinessOneConfig,
  deps: Pick<ConnectDeps, 'door' | 'now'>,
): BusinessOneClient {
  const inSlot = openSlots(config.maxInFlight);
  const session = keepSession(config, deps.door, deps.now);

  async function readIn(used: Session, request: WireRequest): Promise<DoorResponse> {
    try {
      return await deps.door.read(inSession(request, used));
    } catch (error) {
      throw doorStop(error);
    }
  }

  return {
    read: (request) =>
      inSlot(async () => {
        const used = await session.current();
        const first = await readIn(used, request);
        if (!isSessionLoss(first)) return trustworthy(first);
        const second = await readIn(await session.renew(used), request);
        if (!isSessionLoss(second)) return trustworthy(second);
        throw new Stop('retry-later', SYSTEM, 'a session that had just been opened was refused');
      }, 'first'),

    // A refused session was refused before the request was looked at: this one replay cannot post twice.
    send: (intent, request) =>
      inSlot(async () => {
        try {
          const used = await session.current();
          let sent = await deps.door.write(intent, inSession(request, used));
          if (sent.kind === 'answered' && isSessionLoss(sent.response)) {
            const renewed = await session.renew(used);
            sent = await deps.door.write(intent, inSession(request, renewed));
          }
          // A new user field is seen only by sessions that begin after it was made.
          if (sent.kind === 'answered' && sent.response.status < 300 && request.path === '/UserFieldsMD') {
            await session.end();
          }
          return sent;
        } catch (error) {
          return notSent(error);
        }
      }),

    close: () => session.close(),
  };
}

function inSession(request: WireRequest, session: Session): DoorRequest {
  return {
    ...request,
    headers: {
      accept: 'application/json',
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
      cookie: session.cookie,
    },
  };
}

/** An answer of the Service Layer itself, complete. A balancer's page or half a document is no answer. */
function trustworthy(response: DoorResponse): WireResponse {
  if (response.status >= 500 || response.status === 429) {
    const waitMs = retryAfterMs(response);
    throw new Stop('retry-later', SYSTEM, `a read was answered with HTTP ${response.status}`, {
      ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    });
  }
  if (response.body !== '') {
    try {
      parseJson(response.body);
    } catch (error) {
      throw new Stop('retry-later', SYSTEM, `a read was answered with HTTP ${response.status} and no JSON`, {
        remedy:
          'If this stays, see whether a proxy or another site answers at the address of the connection.',
        cause: error,
      });
    }
  }
  return response;
}

/**
 * The sign-in failed, so the write did not leave, or was refused with its session. Refused credentials stop
 * the connection; everything else comes back as a write that may be tried later.
 */
function notSent(error: unknown): Sent {
  const stop = doorStop(error);
  if (stop.kind !== 'retry-later') throw stop;
  return { kind: 'not-sent', why: stop.message, cause: 'unreachable' };
}
