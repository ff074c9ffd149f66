import { z } from 'zod';
import type { BusinessOneTruth, TrueOrder } from '../../src/demo/truth.ts';
import { parseJson } from '../../src/lib/decimal-json.ts';
import type { TargetDocument, TargetRequest, TargetTruth } from '../checker/evidence.ts';
import { contentHash, keyOf, type Ours } from './evidence-of-ours.ts';
import type { Witness } from './witness.ts';

const writeLog = z.object({
  writes: z.array(
    z.object({
      at: z.string(),
      method: z.string(),
      path: z.string(),
      status: z.string(),
      committed: z.boolean(),
      created: z.object({ key: z.string() }).nullable(),
      body: z.unknown(),
    }),
  ),
});
const orderBody = z.object({
  U_TiebeamRef: z.string().optional(),
  U_TiebeamRev: z.string().optional(),
  Comments: z.string().optional(),
});
type LoggedWrite = z.output<typeof writeLog>['writes'][number];

/** What stands in SAP Business One and every write that reached its orders, by its own books. */
export function targetTruth(
  { orders }: BusinessOneTruth,
  stateText: string,
  ours: Ours,
  witness: Witness,
): TargetTruth {
  const { writes } = writeLog.parse(parseJson(stateText));
  const toOrders = writes.filter(({ path }) => path.startsWith('PurchaseOrders'));
  return {
    documents: orders.map((order) => documentOf(order, toOrders, witness)),
    // A request that was refused for its session was refused before anybody looked at what it wants.
    requests: toOrders
      .filter(({ status }) => status !== '401')
      .map((write) => requestOf(write, orders, ours)),
  };
}

function documentOf(order: TrueOrder, writes: readonly LoggedWrite[], witness: Witness): TargetDocument {
  const created = writes.find(
    ({ committed, method, body }) =>
      committed && method === 'POST' && orderBody.safeParse(body).data?.U_TiebeamRef === order.reference,
  );
  return {
    system: 'b1',
    id: order.entry,
    reference: order.reference,
    key: order.contractId === null ? null : keyOf(order.contractId, 1),
    from: created === undefined ? 0 : Date.parse(created.at),
    state: 'posted',
    touchedByHuman: witness.touched.get(order.entry) ?? null,
    hash: contentHash(order),
    currency: 'USD',
    header: order.totalCents,
    lines: order.lines.map(({ cents }) => cents),
  };
}

function requestOf(write: LoggedWrite, orders: readonly TrueOrder[], ours: Ours): TargetRequest {
  const { data: body } = orderBody.safeParse(write.body);
  const at = Date.parse(write.at);
  const entry = /\((\d+)\)/.exec(write.path)?.[1];
  const contract =
    /\/(\d+)$/.exec(body?.Comments ?? '')?.[1] ??
    orders.find((order) => order.entry === entry)?.contractId ??
    null;
  const revision = body?.U_TiebeamRev ?? '';
  return {
    system: 'b1',
    connection: 'b1',
    kind: write.method === 'POST' ? 'create' : 'set',
    at,
    committed: write.committed ? at : null,
    // A change does not carry the reference of its own posting: its order and its revision name it.
    reference: body?.U_TiebeamRef ?? referenceOf(ours, contract, revision),
    key: contract === null ? null : keyOf(contract, revision),
  };
}

function referenceOf(
  { documents, postings }: Ours,
  contract: string | null,
  revision: string,
): string | null {
  const document = documents.find((row) => row.contract === contract && String(row.revision) === revision);
  const own = postings.find((row) => row.document === document?.id && row.connection === 'b1');
  return own?.reference ?? null;
}
