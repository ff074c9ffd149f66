import { createHash } from 'node:crypto';
import type { FileToAttach } from '../../domain/documents.ts';
import type { Tx } from '../database/transaction.ts';
import { keepPayloadBytes, payloadBytes } from './payload.ts';
import type { RecordKey } from './record.ts';

/** A file of a record, as it was read once: the links that a source hands out for it expire. */
export async function keepFile(
  tx: Tx,
  { connection, object, nativeId }: RecordKey,
  file: { readonly id: string; readonly name: string; readonly bytes: Buffer },
): Promise<void> {
  const sha256 = createHash('sha256').update(file.bytes).digest('hex');
  await keepPayloadBytes(tx, sha256, file.bytes, 'file');
  await tx.query(
    `insert into source_file (tenant, connection, object, native_id, file_id, name, sha256)
     values (current_tenant(), $1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [connection, object, nativeId, file.id, file.name, sha256],
  );
}

export type KeptFile = FileToAttach & { readonly id: string };

/** The files of a record that were read, in an order that never changes. */
export async function filesOf(
  tx: Tx,
  { connection, object, nativeId }: RecordKey,
): Promise<readonly KeptFile[]> {
  const { rows } = await tx.query<KeptFile>(
    `select file_id as id, name, sha256 from source_file
     where tenant = current_tenant() and connection = $1 and object = $2 and native_id = $3
     order by length(file_id), file_id`,
    [connection, object, nativeId],
  );
  return rows;
}

/** What is in files, by the SHA-256 of each. */
export async function contentsOf(
  tx: Tx,
  files: readonly FileToAttach[],
): Promise<Readonly<Record<string, Uint8Array>>> {
  const contents: Record<string, Uint8Array> = {};
  for (const { sha256 } of files) {
    const bytes = await payloadBytes(tx, sha256);
    if (bytes !== null) contents[sha256] = bytes;
  }
  return contents;
}
