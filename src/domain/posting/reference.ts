import { createHash } from 'node:crypto';

// RFC 4648 base32: upper case and digits only, so that it survives every ERP field and every case folding.
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const HASH_CHARACTERS = 13;

export type ReferenceKey = {
  readonly tenant: string;
  readonly connection: string;
  readonly sourceObject: string;
  readonly sourceId: string;
  readonly kind: string;
  readonly part: string;
  readonly revision: number;
};

/** Every document of ours in one ERP company starts with this: the daily sweep lists by it. */
export function referencePrefix(connectionCode: string): string {
  if (!/^[A-Z0-9]{2}$/.test(connectionCode))
    throw new RangeError(`connection code "${connectionCode}" is not two of A-Z 0-9`);
  return `T${connectionCode}`;
}

/**
 * The reference a posting carries in the target: 16 characters (SAP's header reference is the narrowest),
 * made from the business key alone, so that every retry for ever carries the same bytes.
 */
export function postingReference(connectionCode: string, key: ReferenceKey): string {
  const parts = [
    key.tenant,
    key.connection,
    key.sourceObject,
    key.sourceId,
    key.kind,
    key.part,
    String(key.revision),
  ];
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  let bits = 0n;
  for (const byte of digest.subarray(0, 9)) bits = (bits << 8n) | BigInt(byte);
  bits >>= 7n;
  let text = '';
  for (let i = 0; i < HASH_CHARACTERS; i += 1) {
    text = ALPHABET[Number(bits & 31n)]! + text;
    bits >>= 5n;
  }
  return referencePrefix(connectionCode) + text;
}
