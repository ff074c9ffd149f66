import type { Actor, App, AppConnection, Company } from '../records.ts';
import type { World } from '../state.ts';
import type { WebhookDesk } from '../webhooks/webhooks.ts';
import type { Tokens } from './auth.ts';

/** What one call under /rest may look at; identity and company are already checked. */
export type Context = {
  world: World;
  tokens: Tokens;
  webhooks: WebhookDesk;
  method: string;
  path: string;
  origin: string;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  body: unknown;
  app: App;
  company: Company;
  connection: AppConnection;
  actor: Actor;
};

export type Answer = { status: number; body?: unknown; headers?: Record<string, string> };
export type Handler = (context: Context) => Answer;
export type Route = {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  pattern: string;
  handle: Handler;
  /** /companies still answers while the app is disconnected from the company. */
  worksDisconnected?: true;
};

export type RouteMatch = { route: Route; params: Record<string, string> };

/** Finds routes by method and number of segments; paths are case-sensitive, as the vendor's are. */
export class Router {
  private readonly buckets = new Map<string, { route: Route; segments: string[] }[]>();

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      const segments = route.pattern.split('/');
      const key = `${route.method} ${segments.length}`;
      const bucket = this.buckets.get(key);
      if (bucket) bucket.push({ route, segments });
      else this.buckets.set(key, [{ route, segments }]);
    }
    for (const bucket of this.buckets.values()) {
      bucket.sort((a, b) => parameterCount(a.segments) - parameterCount(b.segments));
    }
  }

  find(method: string, path: string): RouteMatch | null {
    const asked = path.split('/');
    for (const { route, segments } of this.buckets.get(`${method} ${asked.length}`) ?? []) {
      const params = matched(segments, asked);
      if (params) return { route, params };
    }
    return null;
  }
}

function parameterCount(segments: readonly string[]): number {
  return segments.filter((segment) => segment.startsWith(':')).length;
}

function matched(segments: readonly string[], asked: readonly string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (let index = 0; index < segments.length; index += 1) {
    const segment = segments[index] ?? '';
    const value = asked[index] ?? '';
    if (segment.startsWith(':')) {
      if (!/^\d{1,16}$/.test(value)) return null;
      params[segment.slice(1)] = value;
    } else if (segment !== value) {
      return null;
    }
  }
  return params;
}
