import type { FastifyReply } from 'fastify';

// Mantine sets single style properties by script, which the policy leaves alone; it needs no inline sheet.
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const ALWAYS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  // A one-time sign-in token stands in a URL: no address of ours may reach another site.
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  // Answers hold money and names; only the files of the web app say otherwise.
  'cache-control': 'no-store',
};

/** Sets the headers that every answer carries, whatever became of the request. */
export function setSecurityHeaders(reply: FastifyReply, https: boolean): void {
  reply.headers(ALWAYS);
  if (https) reply.header('strict-transport-security', 'max-age=63072000; includeSubDomains');
}
