import type { FastifyRequest } from 'fastify';
import { HttpProblem } from '../problems.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a request may change something. */
export function isMutating(method: string): boolean {
  return !SAFE_METHODS.has(method);
}

/**
 * Refuses a mutating request that another site could have made. A form cannot set the header, a script of
 * another origin would need a preflight that nobody answers, and browsers name the origin themselves.
 */
export function checkSameOrigin(
  request: FastifyRequest,
  options: { https: boolean; origins?: readonly string[] | undefined },
): void {
  if (request.headers['x-tiebeam-request'] !== '1') {
    throw refusal('The header X-Tiebeam-Request: 1 is missing.');
  }
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw refusal('The browser says that the request comes from another site.');
  }
  const { origin } = request.headers;
  if (origin === undefined) return;
  const allowed =
    options.origins && options.origins.length > 0
      ? options.origins
      : [`${options.https ? 'https' : 'http'}://${request.headers.host ?? ''}`];
  if (!allowed.includes(origin)) throw refusal('The request comes from a page of another origin.');
}

function refusal(why: string): HttpProblem {
  return new HttpProblem(403, 'Request from elsewhere', `${why} Nothing was changed.`);
}
