import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Person, Role } from './deps.ts';
import { HttpProblem } from './problems.ts';

/**
 * Who may use a route. `open` needs no session, `hook` checks a webhook's own secret, `signed-in` any role;
 * a list names the roles of which one is needed.
 */
export type Access = 'open' | 'hook' | 'signed-in' | readonly Role[];

/** The session behind a request. */
export interface Caller {
  readonly tenant: string;
  readonly person: Person;
  readonly tokenHash: Buffer;
}

/** A route as it was declared; the list of all is what the access matrix is tested against. */
export interface DeclaredRoute {
  readonly method: string;
  readonly url: string;
  readonly access: Access;
}

declare module 'fastify' {
  interface FastifyInstance {
    declaredRoutes: readonly DeclaredRoute[];
  }
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    caller: Caller | null;
  }
}

/** Refuses to register a route that does not say who may use it. */
export function requireDeclaredAccess(app: FastifyInstance): void {
  const declared: DeclaredRoute[] = [];
  app.decorate('declaredRoutes', declared);
  app.addHook('onRoute', (route) => {
    const access = route.config?.access;
    if (access === undefined) {
      throw new Error(
        `Route ${String(route.method)} ${route.url} does not declare who may use it (config.access).`,
      );
    }
    if (Array.isArray(access) && access.length === 0) {
      throw new Error(`Route ${String(route.method)} ${route.url} names no role that may use it.`);
    }
    for (const method of [route.method].flat()) declared.push({ method, url: route.url, access });
  });
}

/** Ends the request unless its caller may use the route. A route that is not found needs nobody. */
export function checkAccess(access: Access, caller: Caller | null): void {
  if (access === 'open' || access === 'hook') return;
  if (!caller) throw new HttpProblem(401, 'Not signed in', 'Sign in to go on. Nothing was changed.');
  if (access === 'signed-in') return;
  if (caller.person.roles.some((role) => access.includes(role))) return;
  throw new HttpProblem(
    403,
    'Not your role',
    `This needs the role ${access.join(' or ')}; yours is ${caller.person.roles.join(', ') || 'none'}. Nothing was changed.`,
  );
}

export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller)
    throw new Error(`Route ${request.routeOptions.url} used its caller without needing one.`);
  return request.caller;
}
