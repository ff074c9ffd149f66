import type { TargetDocument, TargetRequest, TargetTruth } from '../checker/evidence.ts';
import type { ErpOrder, ErpWrite } from './erp.ts';
import { contentHash, keyOf, type Ours } from './evidence-of-ours.ts';
import type { World } from './world.ts';

/** What stands in the ERP and every write that reached its orders, by its own books. */
export async function targetTruth({ erp, witness }: World, ours: Ours): Promise<TargetTruth> {
  const { orders, writes } = await erp.books();
  const { id: system } = erp.connection;
  return {
    documents: orders.map((order) => documentOf(order, writes, { system, witness })),
    requests: writes.map((write) => requestOf(write, system, ours)),
  };
}

function documentOf(
  order: ErpOrder,
  writes: readonly ErpWrite[],
  { system, witness }: { readonly system: string; readonly witness: World['witness'] },
): TargetDocument {
  const created = writes.find(
    ({ committed, kind, reference }) => committed && kind === 'create' && reference === order.reference,
  );
  return {
    system,
    id: order.id,
    reference: order.reference,
    key: order.contractId === null ? null : keyOf(order.contractId, 1),
    from: created?.at ?? 0,
    state: 'posted',
    touchedByHuman: witness.touched.get(order.id) ?? null,
    hash: contentHash(order),
    currency: 'USD',
    header: order.totalCents,
    lines: order.lines.map(({ cents }) => cents),
  };
}

function requestOf(write: ErpWrite, system: string, ours: Ours): TargetRequest {
  const { at, kind, committed, contractId, revision } = write;
  return {
    system,
    connection: system,
    kind,
    at,
    committed: committed ? at : null,
    // What does not carry its reference is named by its order and its revision.
    reference: write.reference ?? referenceOf(ours, system, { contractId, revision }),
    key: contractId === null ? null : keyOf(contractId, revision),
  };
}

function referenceOf(
  { documents, postings }: Ours,
  connection: string,
  { contractId, revision }: Pick<ErpWrite, 'contractId' | 'revision'>,
): string | null {
  const document = documents.find((row) => row.contract === contractId && String(row.revision) === revision);
  const own = postings.find((row) => row.document === document?.id && row.connection === connection);
  return own?.reference ?? null;
}
