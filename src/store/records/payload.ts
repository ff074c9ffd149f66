import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Tx } from '../database/transaction.ts';

type PayloadClass = 'signal' | 'record' | 'request' | 'file';

/** Keeps a raw payload once, however often it is seen, and gives back the hash that names it. */
export async function keepPayload(
  tx: Tx,
  text: string,
  payloadClass: Exclude<PayloadClass, 'file'>,
): Promise<string> {
  const bytes = Buffer.from(text, 'utf8');
  const hash = payloadHash(bytes);
  await keepPayloadBytes(tx, hash, bytes, payloadClass);
  return hash;
}

/** The name of a raw payload, which is what it says. */
export function payloadHash(payload: string | Buffer): string {
  return createHash('sha256').update(payload).digest('hex');
}

export async function keepPayloadBytes(
  tx: Tx,
  hash: string,
  bytes: Buffer,
  payloadClass: PayloadClass,
): Promise<void> {
  await tx.query(
    `insert into payload (tenant, hash, class, body, size_bytes) values (current_tenant(), $1, $2, $3, $4)
     on conflict (tenant, hash) do nothing`,
    [hash, payloadClass, gzipSync(bytes), bytes.length],
  );
}

export async function readPayload(tx: Tx, hash: string): Promise<string | null> {
  return (await payloadBytes(tx, hash))?.toString('utf8') ?? null;
}

/** Null once it was erased. */
export async function payloadBytes(tx: Tx, hash: string): Promise<Buffer | null> {
  const { rows } = await tx.query<{ body: Buffer | null }>(
    'select body from payload where tenant = current_tenant() and hash = $1',
    [hash],
  );
  const body = rows[0]?.body ?? null;
  if (body === null) return null;
  return isPacked(body) ? gunzipSync(body, { maxOutputLength: 64 * 1024 * 1024 }) : body;
}

/** Webhooks are kept as they came, because packing one costs more than storing it; no text begins like a packed one. */
function isPacked(body: Buffer): boolean {
  return body[0] === 0x1f && body[1] === 0x8b;
}
