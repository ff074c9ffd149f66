import { Stop } from '../../domain/posting/outcomes.ts';
import type { WireRequest, WireResponse } from '../../domain/posting/writes.ts';
import { type JsonValue, parseJson } from '../../lib/decimal-json.ts';
import {
  type Door,
  DoorError,
  type DoorRequest,
  type DoorResponse,
  type Intent,
  type Sent,
} from '../../lib/door.ts';
import { backoffMs } from '../../lib/retry.ts';
import type { ProcoreConfig } from '../config.ts';
import { assertInScope } from '../scope.ts';
import { PROCORE, stopFor, stopForDoor } from './errors.ts';
import { type Purpose, type RateWindow, rateWindow } from './rate-window.ts';
import { storable } from './storable.ts';
import { type TokenDeps, type Tokens, tokenKeeper } from './token.ts';

const MAX_READ_TRIES = 5;
// Longer pauses are handed back as retry-later, so that a lane is not held by a sleeping call.
const MAX_PAUSE_MS = 15_000;

export type ClientDeps = Omit<TokenDeps, 'door'> & {
  readonly door: Door;
  /** The sign-in host is not the API host, and the token must never reach a third one. */
  readonly authDoor: Door;
  /** Shared by all connections of one app, whose limits are counted together; one of its own where absent. */
  readonly window?: RateWindow;
};

/** What reading code asks of a client. */
export type Reads = Pick<ProcoreClient, 'read' | 'find' | 'file'>;

export type ProcoreClient = {
  /** 2xx (always JSON) and 404 come back; everything else is a Stop. Repeats what reading may repeat. */
  readonly read: (request: WireRequest) => Promise<WireResponse>;
  /**
   * Sends once. A 401 precedes execution, so it is answered by one sign-in and one more try. A Stop (wrong
   * scope, refused credentials) means that the write had no effect.
   */
  readonly send: (intent: Intent, request: WireRequest) => Promise<Sent>;
  /** The parsed body of a read, or null when Procore shows no such record. */
  readonly find: (path: string) => Promise<{ readonly value: JsonValue; readonly raw: string } | null>;
  /** A file by the address that an answer gave for it, or null when it is not there any more. */
  readonly file: (url: string) => Promise<Buffer | null>;
  /** The same reads for a regular look, which leaves a share of the rate limit to the others. */
  readonly sweeping: Reads;
  readonly rateWindows: RateWindow['known'];
  readonly close: () => Promise<void>;
};

type Parts = {
  readonly config: ProcoreConfig;
  readonly deps: ClientDeps;
  readonly tokens: Tokens;
  readonly window: RateWindow;
};

/** The only HTTP towards Procore. */
export function procoreClient(config: ProcoreConfig, deps: ClientDeps): ProcoreClient {
  const { now, sleep, random } = deps;
  const parts: Parts = {
    config,
    deps,
    tokens: tokenKeeper(config, { door: deps.authDoor, now, sleep, random }),
    window: deps.window ?? rateWindow({ maxInFlight: config.maxInFlight, now, sleep }),
  };
  return {
    ...readsFor(parts, 'work'),
    sweeping: readsFor(parts, 'sweep'),
    rateWindows: parts.window.known,
    send: (intent, request) => sendOnce(parts, intent, request),
    async close() {
      await Promise.all(
        deps.door === deps.authDoor ? [deps.door.close()] : [deps.door.close(), deps.authDoor.close()],
      );
    },
  };
}

function readsFor(parts: Parts, purpose: Purpose): Reads {
  const read = (request: DoorRequest) => readPatiently(parts, purpose, request);
  return {
    read,
    async find(path) {
      const response = await read({ method: 'GET', path });
      return response.status === 404
        ? null
        : { value: parseJson(storable(response.body)), raw: response.body };
    },
    async file(url) {
      const response = await read({ method: 'GET', path: url, file: true });
      return response.status === 404 ? null : Buffer.from(response.body, 'base64');
    },
  };
}

async function readPatiently(parts: Parts, purpose: Purpose, request: DoorRequest): Promise<WireResponse> {
  // The address of a file is the vendor's own and need not lie under the interface.
  if (!request.file) assertInScope(request, parts.config);
  const { now, sleep, random } = parts.deps;
  let signedInAgain = false;
  let trouble: Stop | null = null;
  parts.window.retries.called();
  for (let attempt = 0; attempt < MAX_READ_TRIES; attempt += 1) {
    if (trouble !== null) {
      const pauseMs = (trouble.retryAfterMs ?? 0) + backoffMs(attempt, random, 200, 5_000);
      if (pauseMs > MAX_PAUSE_MS || !parts.window.retries.mayRetry()) throw trouble;
      await sleep(pauseMs);
    }
    const token = await parts.tokens.bearer();
    const answer = await readOnce(parts, purpose, request, token);
    if (answer instanceof Stop) {
      if (answer.kind !== 'retry-later') throw answer;
      trouble = answer;
      continue;
    }
    if (answer.status === 401 && !signedInAgain) {
      signedInAgain = true;
      trouble = null;
      await parts.tokens.renew(token);
      continue;
    }
    if (answer.status === 404 || (isSuccess(answer) && (request.file || isJson(answer)))) return answer;
    trouble = isSuccess(answer)
      ? new Stop('retry-later', PROCORE, `${describe(request)} was answered with something that is not JSON`)
      : stopFor(answer, describe(request), now());
    if (trouble.kind !== 'retry-later') throw trouble;
  }
  throw trouble ?? new Stop('retry-later', PROCORE, `${describe(request)} found no answer`);
}

async function readOnce(
  parts: Parts,
  purpose: Purpose,
  request: DoorRequest,
  token: string,
): Promise<DoorResponse | Stop> {
  try {
    return await parts.window.run(purpose, async () => {
      const response = await parts.deps.door.read(dressed(parts.config, request, token));
      parts.window.note(response.headers);
      return response;
    });
  } catch (error) {
    if (error instanceof DoorError) return stopForDoor(error, parts.config.apiUrl);
    throw error;
  }
}

async function sendOnce(parts: Parts, intent: Intent, request: WireRequest): Promise<Sent> {
  assertInScope(request, parts.config);
  try {
    const token = await parts.tokens.bearer();
    const first = await writeOnce(parts, intent, request, token);
    if (first.kind !== 'answered' || first.response.status !== 401) return first;
    return await writeOnce(parts, intent, request, await parts.tokens.renew(token));
  } catch (error) {
    return notSent(error);
  }
}

/**
 * Sign-in or rate window stood in the way, before the write left or after a 401 that refused it whole. Refused
 * credentials stop the connection; everything else is a write for later.
 */
function notSent(error: unknown): Sent {
  if (!(error instanceof Stop) || error.kind !== 'retry-later') throw error;
  const { message, retryAfterMs } = error;
  return {
    kind: 'not-sent',
    why: message,
    cause: 'unreachable',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function writeOnce(parts: Parts, intent: Intent, request: WireRequest, token: string): Promise<Sent> {
  return parts.window.run('work', async () => {
    const sent = await parts.deps.door.write(intent, dressed(parts.config, request, token));
    if (sent.kind === 'answered') parts.window.note(sent.response.headers);
    return sent;
  });
}

function dressed(config: ProcoreConfig, request: DoorRequest, token: string): DoorRequest {
  if (request.file)
    return mayCarryToken(new URL(request.path, config.apiUrl), new URL(config.apiUrl))
      ? { ...request, headers: { authorization: `Bearer ${token}`, 'procore-company-id': config.companyId } }
      : request;
  return {
    ...request,
    headers: {
      ...request.headers,
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      'procore-company-id': config.companyId,
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
  };
}

/** Files lie on other hosts of the vendor's domain as well; nobody outside of it is told the token. */
export function mayCarryToken(file: URL, api: URL): boolean {
  if (file.origin === api.origin) return true;
  const domain = api.hostname.split('.').slice(-2).join('.');
  const named = /[a-z]$/i.test(domain) && domain.includes('.');
  return named && file.protocol === 'https:' && file.hostname.endsWith(`.${domain}`);
}

/** The route without its query: enough to find the call, and free of search terms. */
function describe(request: DoorRequest): string {
  return `${request.method} ${request.path.split('?')[0]}`;
}

function isSuccess(response: WireResponse): boolean {
  return response.status >= 200 && response.status < 300;
}

function isJson(response: WireResponse): boolean {
  try {
    JSON.parse(response.body);
    return true;
  } catch {
    return false;
  }
}
