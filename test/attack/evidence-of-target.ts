import type { TargetDocument, TargetRequest, TargetTruth } from '../checker/evidence.ts';
import type { ErpDocument, ErpWrite } from './erp.ts';
import { contentHash, type DocumentRow, keyOf, type Ours } from './evidence-of-ours.ts';
import type { World } from './world.ts';

/** What stands in the ERP and every write that reached its documents, by its own books. */
export async function targetTruth({ erp, witness }: World, ours: Ours): Promise<TargetTruth> {
  const { documents, writes } = await erp.books();
  const { id: system } = erp.connection;
  return {
    documents: documents.map((document) => documentOf(document, writes, { system, witness })),
    requests: writes.map((write) => requestOf(write, system, ours)),
  };
}

function documentOf(
  document: ErpDocument,
  writes: readonly ErpWrite[],
  { system, witness }: { readonly system: string; readonly witness: World['witness'] },
): TargetDocument {
  const { id, reference, source } = document;
  const created = writes.find(
    (write) => write.committed && write.kind === 'create' && write.reference === reference,
  );
  return {
    system,
    id,
    reference,
    // An order stands under its first revision, whatever changed it later; an invoice is never changed.
    key:
      source === null ? null : keyOf(source, source.object === 'commitment' ? 1 : (created?.revision ?? 1)),
    from: created?.at ?? 0,
    state: 'posted',
    touchedByHuman: witness.touched.get(id) ?? null,
    hash: contentHash(document),
    currency: 'USD',
    header: document.totalCents,
    lines: document.lines.map(({ cents }) => cents),
  };
}

function requestOf(write: ErpWrite, system: string, ours: Ours): TargetRequest {
  const { at, kind, committed, source, revision } = write;
  return {
    system,
    connection: system,
    kind,
    at,
    committed: committed ? at : null,
    // What does not carry its reference is named by its record and its revision.
    reference: write.reference ?? referenceOf(ours, system, write),
    key: source === null ? null : keyOf(source, revision),
  };
}

function referenceOf(
  { documents, postings }: Ours,
  connection: string,
  { source, revision }: Pick<ErpWrite, 'source' | 'revision'>,
): string | null {
  const isIt = (row: DocumentRow) =>
    row.object === source?.object && row.source === source.id && String(row.revision) === revision;
  const document = documents.find(isIt);
  const own = postings.find((row) => row.document === document?.id && row.connection === connection);
  return own?.reference ?? null;
}
