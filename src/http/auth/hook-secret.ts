import { hash, timingSafeEqual } from 'node:crypto';
import type { Hook } from '../../store/intake/hook-door.ts';

/** What is stored of a hook's secret. A leading `Bearer` is no part of it: some set the header without. */
export function hookSecretHash(authorization: string): Buffer {
  return hash('sha256', secretIn(authorization), 'buffer');
}

function secretIn(authorization: string): string {
  return authorization.replace(/^Bearer +/i, '');
}

// Matches nothing: no text is known whose SHA-256 is all zeros.
const NO_SECRET = Buffer.alloc(32);

/** The hook if its secret came along. An unknown hook takes the same steps as a wrong secret. */
export function provenHook(
  hook: Hook | null,
  authorization: string | undefined,
  equal: (a: Buffer, b: Buffer) => boolean = timingSafeEqual,
): Hook | null {
  const given = hookSecretHash(authorization ?? '');
  const wanted = hook?.secretHash.length === NO_SECRET.length ? hook.secretHash : NO_SECRET;
  const matches = equal(given, wanted);
  return matches && secretIn(authorization ?? '') !== '' ? hook : null;
}
