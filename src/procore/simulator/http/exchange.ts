import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Faults, type FiredFault, type RequestFaultKind } from '../faults.ts';
import { fileAnswer } from '../files.ts';
import { oauthAnswer } from '../routes/oauth.ts';
import type { World } from '../state.ts';
import { WebhookDesk } from '../webhooks/webhooks.ts';
import { bearerOf, Tokens } from './auth.ts';
import { ApiError, accessError } from './errors.ts';
import { encoded, readBody, type SentAnswer, send, sendHalf } from './http-io.ts';
import { LIMIT_TEXT, RateLimiter } from './rate-limit.ts';
import { type RestCall, restAnswer, restRouter } from './rest-answer.ts';
import type { Answer } from './router.ts';

const DEFAULT_DELAY_MS = 100;
const NEVER_ANSWERED = 0;

type Fired = readonly FiredFault<RequestFaultKind>[];

/** Takes one HTTP exchange of the vendor's API through faults, limits, identity and route. */
export class Exchange {
  readonly world: World;
  readonly tokens = new Tokens();
  readonly faults = new Faults();
  readonly limiter = new RateLimiter();
  readonly webhooks: WebhookDesk;
  readonly router = restRouter();
  private readonly late = new Set<NodeJS.Timeout>();

  constructor(world: World) {
    this.world = world;
    this.webhooks = new WebhookDesk(world, this.faults);
    world.onChange = (change) => this.webhooks.publish(change);
  }

  stop(): void {
    for (const timer of this.late) clearTimeout(timer);
    this.late.clear();
    this.webhooks.stop();
  }

  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: string,
  ): Promise<void> {
    const method = request.method ?? 'GET';
    const body = await readBody(request);
    const call: RestCall = {
      method,
      path,
      origin: `http://${request.headers.host ?? 'procore.invalid'}`,
      query: new URLSearchParams(query),
      authorization: request.headers.authorization,
      companyHeader: headerText(request.headers['procore-company-id']),
      contentType: request.headers['content-type'] ?? '',
      body: body ?? Buffer.alloc(0),
    };
    const fired: Fired = this.faults.armed ? this.faults.forRequest(method, path) : [];
    const key = this.clientOf(call) ?? 'anonymous';
    const latency = firedOf(fired, 'latency');
    if (latency) {
      await wait(latency.params.delay_ms ?? DEFAULT_DELAY_MS);
      if (!response.destroyed) this.faults.reached('latency');
    }
    const blocked =
      body === null ? accessError(413, 'The body is too large.') : this.blocked(key, call, fired);
    if (blocked) {
      this.log(call, key, blocked, true);
      send(response, this.dressed(key, blocked));
      return;
    }
    this.perform(call, key, fired, response);
  }

  private perform(call: RestCall, key: string, fired: Fired, response: ServerResponse): void {
    const late = firedOf(fired, 'late-commit');
    if (late) {
      response.socket?.destroy();
      const timer = setTimeout(() => {
        this.late.delete(timer);
        const answer = this.answer(call);
        this.log(call, key, answer, false);
        if (committed(call, answer)) this.faults.reached('late-commit');
      }, late.params.delay_ms ?? DEFAULT_DELAY_MS);
      this.late.add(timer);
      return;
    }
    const expired = firedOf(fired, 'token-expired');
    if (expired) this.expire(call);
    const answer = this.answer(call);
    const lost = firedOf(fired, 'lost-reply') !== undefined;
    this.log(call, key, answer, !lost);
    if (lost) {
      if (committed(call, answer)) this.faults.reached('lost-reply');
      response.socket?.destroy();
      return;
    }
    const sent = this.dressed(key, answer);
    if (firedOf(fired, 'truncated-body')) {
      if (sent.bytes.length > 1 && answer.status < 400) this.faults.reached('truncated-body');
      sendHalf(response, sent);
      return;
    }
    send(response, sent);
  }

  private answer(call: RestCall): Answer {
    try {
      if (call.path.startsWith('/oauth/')) return oauthAnswer(this.world, this.tokens, call);
      if (/^\/(file_downloads|storage)\//.test(call.path)) return fileAnswer(this.world, this.tokens, call);
      return restAnswer(this, call);
    } catch (error) {
      if (error instanceof ApiError) return error;
      throw error;
    }
  }

  /** Refusals that come before the route: injected 503 and 429, then the real limits. */
  private blocked(key: string, call: RestCall, fired: Fired): Answer | null {
    const unavailable = firedOf(fired, 'unavailable');
    if (unavailable) {
      this.faults.reached('unavailable');
      const retryAfter = String(unavailable.params.retry_after_s ?? 1);
      return { status: 503, body: 'Service Unavailable', headers: { 'Retry-After': retryAfter } };
    }
    const limited = firedOf(fired, 'rate-limited');
    if (limited) {
      this.faults.reached('rate-limited');
      const retryAfterS = limited.params.retry_after_s ?? 1;
      const resetAt = Math.ceil(this.world.clock.now() / 1_000) + retryAfterS;
      return {
        status: 429,
        body: LIMIT_TEXT,
        headers: {
          'Retry-After': String(retryAfterS),
          'X-Rate-Limit-Remaining': '0',
          'X-Rate-Limit-Reset': String(resetAt),
        },
      };
    }
    if (!call.path.startsWith('/rest/')) return null;
    const limits = this.world.settings.rate_limit;
    if (this.limiter.take(key, this.world.clock.now(), limits)) return null;
    return { status: 429, body: LIMIT_TEXT };
  }

  private dressed(key: string, answer: Answer): SentAnswer {
    const { world } = this;
    const limits = this.limiter.headers(key, world.clock.now(), world.settings.rate_limit);
    const sent = encoded(answer);
    return { ...sent, headers: { 'x-request-id': randomUUID(), ...limits, ...sent.headers } };
  }

  private clientOf(call: RestCall): string | null {
    return this.tokens.valid(bearerOf(call.authorization), this.world.clock.now())?.client_id ?? null;
  }

  /** The token is really gone, so that a client which repeats it keeps failing until it asks for another. */
  private expire(call: RestCall): void {
    const token = bearerOf(call.authorization);
    if (token === null || this.clientOf(call) === null) return;
    this.tokens.revoke(token);
    this.faults.reached('token-expired');
  }

  private log(call: RestCall, key: string, answer: Answer, answered: boolean): void {
    if (call.method === 'GET' || !call.path.startsWith('/rest/')) return;
    this.world.logWrite({
      at: new Date(this.world.clock.now()).toISOString(),
      method: call.method,
      path: call.path,
      body: readable(call.body),
      status: answered ? answer.status : NEVER_ANSWERED,
      committed: committed(call, answer),
      answered,
      client_id: key === 'anonymous' ? null : key,
    });
  }
}

function committed(call: RestCall, answer: Answer): boolean {
  return call.method !== 'GET' && answer.status < 400;
}

function firedOf(fired: Fired, kind: RequestFaultKind): FiredFault<RequestFaultKind> | undefined {
  return fired.find((fault) => fault.kind === kind);
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function readable(body: Buffer): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
