import { createHash } from 'node:crypto';

export type RandomBytes = (size: number) => Buffer;

const TOKEN_BYTES = 32;

/** A new opaque token of 256 bits, safe in a URL and in a cookie. */
export function newToken(randomBytes: RandomBytes): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** What is stored of a token. One SHA-256 is enough: 256 random bits cannot be guessed from it. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
