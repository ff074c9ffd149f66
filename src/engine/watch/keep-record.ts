import type { Pulled } from '../../connectors/connector.ts';
import { canonicalOf, contentHash } from '../../domain/canonical.ts';
import { vendorKeys } from '../../domain/vendor-match.ts';
import { keepPayload } from '../../store/payload.ts';
import { saveRecord } from '../../store/record.ts';
import type { Tx } from '../../store/transaction.ts';

/** Keeps what was read: the raw payload once, and a new record version only when the content changed. */
export async function keepRecord(
  tx: Tx,
  connection: string,
  { record, raw }: Pulled,
): Promise<{ version: number; changed: boolean; hash: string }> {
  const rawHash = await keepPayload(tx, raw, 'record');
  const hash = contentHash(canonicalOf(record));
  const saved = await saveRecord(tx, {
    connection,
    object: record.object,
    nativeId: record.id,
    hash,
    body: record,
    rawHash,
    matchKeys: record.object === 'vendor' ? vendorKeys(record) : [],
  });
  return { ...saved, hash };
}
