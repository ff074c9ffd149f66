import { z } from 'zod';
import { centsOf } from '../../src/demo/cents.ts';
import type { ProcoreTruth } from '../../src/demo/truth.ts';
import { parseJson } from '../../src/lib/decimal-json.ts';
import type { SourceRequestItem, SourceTruth, SourceVersion } from '../checker/evidence.ts';
import { type DocumentRow, keyOf, type Ours } from './evidence-of-ours.ts';
import type { World } from './world.ts';

const procoreBooks = z.object({
  erp_request_details: z.array(z.object({ id: z.string(), item_id: z.string() })),
  write_log: z.array(
    z.object({ at: z.string(), path: z.string(), committed: z.boolean(), body: z.unknown() }),
  ),
});
const closing = z.object({ request_detail: z.object({ status: z.enum(['success', 'failed']) }) });

/** What was exported in Procore, what its senders were told, and the ids that stand there. */
export function sourceTruth(
  procore: ProcoreTruth,
  stateText: string,
  ours: Ours,
  { witness, erp }: World,
): SourceTruth {
  const exported = new Set(procore.requests.map(({ contractId }) => contractId));
  const rows = Map.groupBy(ours.documents, ({ contract }) => contract);
  return {
    versions: [...exported].flatMap((contract) =>
      versionsOf(contract, rows.get(contract) ?? [], witness.totals.get(contract) ?? [0n]),
    ),
    requestItems: itemsOf(stateText, ours),
    origins: procore.contracts.flatMap(({ id, originId }) => {
      const newest = rows.get(id)?.at(-1)?.revision ?? 1;
      const value = originId?.replace(`${erp.connection.code}-`, '');
      return value == null ? [] : [{ key: keyOf(id, newest), at: Date.now(), value }];
    }),
  };
}

/**
 * The versions of a commitment that were approved. Only the totals that it really had are taken from our rows; the
 * newest one, where it is posted, has to be what the commitment came to in the end.
 */
function versionsOf(
  contract: string,
  rows: readonly DocumentRow[],
  totals: readonly bigint[],
): SourceVersion[] {
  const last = totals.at(-1)!;
  if (rows.length === 0)
    return [{ key: keyOf(contract, 1), record: contract, order: 1, amount: last, currency: 'USD' }];
  return rows.map((row, index) => {
    const isNewest = index === rows.length - 1;
    const own = row.body === null ? null : centsOf(row.body.total);
    const mayBe = own !== null && totals.includes(own) ? own : last;
    return {
      key: keyOf(contract, row.revision),
      record: contract,
      order: row.revision,
      ...(row.revision > 1 ? { after: [keyOf(contract, 1)] } : {}),
      amount: isNewest && ['posted', 'confirmed'].includes(row.state) ? last : mayBe,
      currency: 'USD',
      ended: isNewest ? (row.state === 'withdrawn' ? 'taken-back' : null) : 'superseded',
    };
  });
}

function itemsOf(stateText: string, ours: Ours): SourceRequestItem[] {
  const { erp_request_details: details, write_log: writes } = procoreBooks.parse(parseJson(stateText));
  return details.map(({ id, item_id: contract }) => {
    const closings = writes
      .filter(({ path, committed }) => committed && path.endsWith(`/erp_request_details/${id}`))
      .flatMap(({ at, body }) => {
        const told = closing.safeParse(body).data;
        return told === undefined ? [] : [{ at: Date.parse(at), result: told.request_detail.status }];
      });
    const row = answeredFor(contract, id, closings[0]?.at, ours);
    return { id, key: row === undefined ? null : keyOf(contract, row.revision), closings };
  });
}

/**
 * The revision that a request was answered for. One that changed nothing was answered for what stood already; a
 * later change of the commitment names the same request, but the answer was not about that. Later than the answer
 * was written down: on a slow machine a change is planned before an answer that was ready reaches Procore.
 */
function answeredFor(
  contract: string,
  detail: string,
  answeredAt: number | undefined,
  { items, documents, postings }: Ours,
): DocumentRow | undefined {
  const key = items.find((item) => item.detail_id === detail)?.key;
  const rows = documents.filter((row) => row.contract === contract);
  const decidedAt = postings.find(({ answers }) => answers === detail)?.created_at.getTime() ?? answeredAt;
  const known = rows.filter(({ planned_at }) => planned_at.getTime() <= (decidedAt ?? Date.now()));
  return known.find(({ request_key }) => request_key === key) ?? known.at(-1) ?? rows[0];
}
