import { Stop } from '../../domain/posting/outcomes.ts';
import type { ChangeOrderRecord, CommitmentRecord, FileRef } from '../../domain/records.ts';
import type { SourceFile } from '../../procore/hub.ts';
import type { StoredRecord } from '../../store/records/record.ts';
import { filesOf, keepFile } from '../../store/records/source-file.ts';
import { newestItem } from '../../store/requests/request-item.ts';
import type { Lane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { hubOf } from '../plan/visibility.ts';
import { step } from '../step.ts';

type WithFiles = Pick<StoredRecord<never>, 'connection' | 'object' | 'nativeId'> & {
  readonly body: { readonly attachments: readonly FileRef[] };
};

/** Those of a commitment or a change order that the connection carries; most have none, which costs nothing. */
export async function readOrderFiles(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  { object, id: nativeId, attachments = [] }: CommitmentRecord | ChangeOrderRecord,
  fetchFile: (id: string) => Promise<SourceFile | null>,
): Promise<void> {
  const carried = attachments.filter(({ name }) => hubOf(at).orderFiles.isCarried(name));
  if (carried.length === 0) return;
  const record = { connection: at.id, object, nativeId, body: { attachments: carried } };
  await readFiles(engine, lane, record, fetchFile);
}

/** Each file is read once, when its invoice is to be posted. One that cannot be read holds nothing back. */
export async function readFiles(
  engine: Engine,
  lane: Lane,
  { connection, object, nativeId, body }: WithFiles,
  fetchFile: (id: string) => Promise<SourceFile | null>,
): Promise<void> {
  const key = { connection, object, nativeId };
  const missing = await step(engine, lane.tenant, async (tx) => {
    if ((await newestItem(tx, connection, object, nativeId)) === null) return [];
    const kept = new Set((await filesOf(tx, key)).map(({ id }) => id));
    return body.attachments.filter(({ id }) => !kept.has(id));
  });
  for (const { id, name } of missing) {
    try {
      const file = await fetchFile(id);
      if (file !== null)
        await step(engine, lane.tenant, (tx) => keepFile(tx, key, { id, name, bytes: file.bytes }));
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      engine.log.warn({ file: name, object, id: nativeId, why: error.message }, 'a file could not be read');
    }
  }
}
