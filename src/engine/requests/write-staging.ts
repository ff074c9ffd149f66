import type { Operation } from '../../domain/documents.ts';
import { inStagingCalls } from '../../domain/staging/staged.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { addPostings } from '../../store/documents/posting.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { postLane } from '../lanes.ts';

type Staging = Extract<Operation, { kind: 'stage-records' }>;

export function stagingRoot(object: Staging['object']): string {
  return `staging:${object}`;
}

/** Writes down every call that a staging takes, each an operation of its own: however many rows there are, all of them go. */
export async function writeStaging(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  { rows, ...staging }: Omit<Staging, 'kind'>,
): Promise<void> {
  const root = stagingRoot(staging.object);
  for (const part of inStagingCalls(rows)) {
    const operation: Operation = { kind: 'stage-records', ...staging, rows: part };
    const writes = hub.connection.writes(operation).map((write) => ({ ...write, id: engine.newId() }));
    await addPostings(tx, { document: null, connection: hub.id, root, operation }, writes);
  }
  await wakeLane(tx, postLane(hub, root));
}
