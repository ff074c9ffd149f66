import { isIP } from 'node:net';
import { Agent, type Dispatcher } from 'undici';

/** The one door out: `read` cannot change anything outside, `write` needs an intent. Nothing else can send. */
export type Door = {
  readonly read: (request: DoorRequest) => Promise<DoorResponse>;
  readonly write: (intent: Intent, request: DoorRequest) => Promise<Sent>;
  readonly close: () => Promise<void>;
};

export type DoorRequest = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A body that is no text; sent in place of `body`. */
  readonly bytes?: Uint8Array;
  /**
   * A file is wanted: the path may be a whole address, as vendors hand them out, and redirects to wherever it is
   * stored are followed without our headers, which hold a token that is nobody else's.
   */
  readonly file?: true;
};

export type DoorResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Set-Cookie lines, kept apart because they must not be joined. */
  readonly cookies: readonly string[];
  /** As text; the bytes of a file come as base64, a refusal to give it as text. */
  readonly body: string;
};

/** `not-sent` is proven: the connection never stood. Every other missing answer is `unknown`. */
export type Sent =
  | { readonly kind: 'answered'; readonly response: DoorResponse }
  | {
      readonly kind: 'not-sent';
      readonly why: string;
      readonly cause: DoorTrouble;
      /** Set where the other side told when to come back. */
      readonly retryAfterMs?: number;
    }
  | { readonly kind: 'unknown'; readonly why: string };

export type DoorTrouble = 'unreachable' | 'tls' | 'closed-by-policy';

/** By which switch a write may leave: most follow the phase, some have a switch of their own. */
export type Permit = 'phase' | 'job-costs' | 'set-up';

const intentMark: unique symbol = Symbol('intent');

/** Proof that an intent was committed before the first byte leaves. Made by the posting protocol only. */
export type Intent = {
  readonly [intentMark]: true;
  readonly postingId: string;
  readonly attempt: number;
  /**
   * How long its request may still take. Whoever takes over waits from the end of that time, so a worker that was
   * asleep, or signed in for minutes, must not let the bytes go after it.
   */
  readonly leftMs: () => number;
  readonly permit: Permit;
};

export function committedIntent(
  postingId: string,
  attempt: number,
  leftMs: () => number = () => Number.POSITIVE_INFINITY,
  permit: Permit = 'phase',
): Intent {
  return { [intentMark]: true, postingId, attempt, leftMs, permit };
}

/** A read that brought no trustworthy answer. */
export class DoorError extends Error {
  readonly trouble: DoorTrouble | 'broken-answer' | 'timeout' | 'not-a-read';
  constructor(trouble: DoorError['trouble'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'DoorError';
    this.trouble = trouble;
  }
}

export type DoorOptions = {
  readonly baseUrl: string;
  /** PEM of a private certificate authority for this connection. Checks are never switched off. */
  readonly ca?: string;
  /** Paths that may be POSTed although nothing is written: sign-in, queries. */
  readonly readPosts: readonly RegExp[];
  /** Asked before every write; false of those that follow the phase while it is read-only. */
  readonly writesAllowed: (permit: Permit) => boolean;
  readonly timeoutMs?: number;
  readonly maxBodyBytes?: number;
};

const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 3;
const BAD_CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL/;

export function openDoor(options: DoorOptions): Door {
  const base = new URL(options.baseUrl);
  const timeoutMs = options.timeoutMs ?? 60_000;
  const maxBodyBytes = options.maxBodyBytes ?? 32 * 1024 * 1024;
  const agent = new Agent({
    connect: { timeout: 10_000, ...(options.ca ? { ca: options.ca } : {}) },
    // Below the 5 s after which Apache and Node close an idle socket: a reused dead socket would look unknown.
    keepAliveTimeout: 3_000,
    keepAliveMaxTimeout: 3_000,
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });

  async function exchange(request: DoorRequest, withinMs = timeoutMs): Promise<DoorResponse> {
    const response = await agent.request({
      origin: base.origin,
      path: (base.pathname === '/' ? '' : base.pathname.replace(/\/$/, '')) + request.path,
      method: request.method,
      headers: { ...request.headers },
      body: request.bytes ?? request.body ?? null,
      signal: AbortSignal.timeout(withinMs),
    });
    return {
      status: response.statusCode,
      ...foldHeaders(response.headers),
      body: (await readBody(response, maxBodyBytes)).toString('utf8'),
    };
  }

  return {
    async read(request) {
      const isRead =
        request.method === 'GET' ||
        (request.method === 'POST' && options.readPosts.some((path) => path.test(request.path)));
      if (!isRead)
        throw new DoorError('not-a-read', `${request.method} ${request.path} is not on the list of reads`);
      try {
        return await (request.file && request.method === 'GET'
          ? download(agent, base, request, { timeoutMs, maxBodyBytes })
          : exchange(request));
      } catch (error) {
        throw asDoorError(error, base.origin);
      }
    },
    async write(intent, request) {
      if (!options.writesAllowed(intent.permit)) {
        return { kind: 'not-sent', why: 'the connection is read-only', cause: 'closed-by-policy' };
      }
      const leftMs = Math.floor(intent.leftMs());
      if (leftMs <= 0)
        return { kind: 'not-sent', why: 'its time to leave has passed', cause: 'closed-by-policy' };
      try {
        return { kind: 'answered', response: await exchange(request, Math.min(timeoutMs, leftMs)) };
      } catch (error) {
        const known = asDoorError(error, base.origin);
        if (known.trouble === 'unreachable' || known.trouble === 'tls')
          return { kind: 'not-sent', why: known.message, cause: known.trouble };
        return { kind: 'unknown', why: known.message };
      }
    },
    close: () => agent.close(),
  };
}

async function download(
  agent: Agent,
  base: URL,
  request: DoorRequest,
  limits: { readonly timeoutMs: number; readonly maxBodyBytes: number },
): Promise<DoorResponse> {
  let url = new URL(request.path, base);
  let headers = { ...request.headers };
  const signal = AbortSignal.timeout(limits.timeoutMs);
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    assertFilePlace(url, base);
    const { origin } = url;
    const path = url.pathname + url.search;
    try {
      const response = await agent.request({ origin, path, method: 'GET', headers, signal });
      const { statusCode: status } = response;
      const folded = foldHeaders(response.headers);
      const body = await readBody(response, limits.maxBodyBytes);
      const { location } = folded.headers;
      if (!REDIRECTS.has(status) || location === undefined)
        return { status, ...folded, body: body.toString(status < 300 ? 'base64' : 'utf8') };
      url = new URL(location, url);
      headers = {};
    } catch (error) {
      throw asDoorError(error, origin);
    }
  }
  throw new DoorError('broken-answer', `a file was redirected more than ${MAX_REDIRECTS} times`);
}

/** Storage is encrypted and has a name: a bare address of some other machine would be one of our own network. */
function assertFilePlace(url: URL, base: URL): void {
  if (url.protocol !== 'https:' && url.protocol !== base.protocol)
    throw new DoorError('broken-answer', `a file was said to be at ${url.origin}, which is not encrypted`);
  if (isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0 && url.hostname !== base.hostname)
    throw new DoorError(
      'broken-answer',
      `a file was said to be at ${url.origin}, which is no place of storage`,
    );
}

async function readBody(response: Dispatcher.ResponseData, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += (chunk as Buffer).length;
    if (size > maxBytes) throw new DoorError('broken-answer', `the answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function foldHeaders(headers: Dispatcher.ResponseData['headers']): {
  headers: Record<string, string>;
  cookies: string[];
} {
  const folded: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) folded[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  const cookies = headers['set-cookie'];
  return {
    headers: folded,
    cookies: cookies === undefined ? [] : Array.isArray(cookies) ? cookies : [cookies],
  };
}

function asDoorError(error: unknown, origin: string): DoorError {
  if (error instanceof DoorError) return error;
  const { code, message } = firstCode(error);
  if (NEVER_CONNECTED.has(code))
    return new DoorError('unreachable', `${origin} cannot be reached (${code})`, error);
  if (BAD_CERTIFICATE.test(code))
    return new DoorError('tls', `the certificate of ${origin} is not trusted (${code})`, error);
  if (/TIMEOUT|Abort/i.test(code)) return new DoorError('timeout', `${origin} did not answer in time`, error);
  return new DoorError('broken-answer', `the answer of ${origin} broke off: ${message}`, error);
}

/** undici wraps the socket's error, sometimes in an AggregateError of one per address tried. */
function firstCode(error: unknown): { code: string; message: string } {
  let current: unknown = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    const code = 'code' in current && typeof current.code === 'string' ? current.code : '';
    if (code !== '' && code !== 'UND_ERR') return { code, message: current.message };
    if (current.name === 'TimeoutError') return { code: 'TIMEOUT', message: current.message };
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return { code: '', message: error instanceof Error ? error.message : String(error) };
}
