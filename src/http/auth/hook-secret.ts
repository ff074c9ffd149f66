import { createHash, timingSafeEqual } from 'node:crypto';
import type { Hook } from '../../store/hook-door.ts';

/** What is stored of the Authorization header that Procore was told to send. */
export function hookSecretHash(authorization: string): Buffer {
  return createHash('sha256').update(authorization).digest();
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
  return matches && authorization !== undefined && authorization !== '' ? hook : null;
}
