import type { FastifyReply, FastifyRequest } from 'fastify';

/** The __Host- prefix makes the browser refuse the cookie from a subdomain or without Secure. */
export function sessionCookieName(https: boolean): string {
  return https ? '__Host-tiebeam' : 'tiebeam';
}

export function readSessionCookie(request: FastifyRequest, https: boolean): string | null {
  return request.cookies[sessionCookieName(https)] ?? null;
}

/** No Max-Age: the cookie ends with the browser, the session itself with its idle and absolute limits. */
export function setSessionCookie(reply: FastifyReply, token: string, https: boolean): void {
  reply.setCookie(sessionCookieName(https), token, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: https,
  });
}

export function clearSessionCookie(reply: FastifyReply, https: boolean): void {
  reply.clearCookie(sessionCookieName(https), {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: https,
  });
}
