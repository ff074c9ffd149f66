import { z } from 'zod';
import { centsOf } from '../../src/demo/cents.ts';
import type { ProcoreTruth } from '../../src/demo/truth.ts';
import { parseJson } from '../../src/lib/decimal-json.ts';
import type { OriginWritten, SourceRequestItem, SourceTruth, SourceVersion } from '../checker/evidence.ts';
import { idOf, type SourceOf } from './erp.ts';
import { type DocumentRow, keyOf, nameOf, type Ours, sourceOf } from './evidence-of-ours.ts';
import type { Billed } from './witness.ts';
import type { World } from './world.ts';

const application = z.object({ id: z.string(), origin_id: z.string().nullable() });
const procoreBooks = z.object({
  requisitions: z.array(application).default([]),
  payment_applications: z.array(application).default([]),
  erp_request_details: z.array(z.object({ id: z.string(), item_id: z.string() })),
  write_log: z.array(
    z.object({ at: z.string(), path: z.string(), committed: z.boolean(), body: z.unknown() }),
  ),
});
type ProcoreBooks = z.output<typeof procoreBooks>;
const closing = z.object({ request_detail: z.object({ status: z.enum(['success', 'failed']) }) });

/** What was exported in Procore, what its senders were told, and the ids that stand there. */
export function sourceTruth(
  procore: ProcoreTruth,
  stateText: string,
  ours: Ours,
  { witness, erp }: World,
): SourceTruth {
  const books = procoreBooks.parse(parseJson(stateText));
  const exported = new Set(
    procore.requests.map(({ contractId }) => contractId).filter((id) => witness.totals.has(id)),
  );
  const rows = Map.groupBy(ours.documents, (row) => nameOf(sourceOf(row)));
  const billed = [...witness.billed.values()].map((each) => asOneQuestion(each, rows));
  return {
    versions: [
      ...[...exported].flatMap((contract) =>
        versionsOf(contract, rows.get(nameOf(orderOf(contract))) ?? [], witness.totals.get(contract)!),
      ),
      ...billed.flatMap(versionsBilled),
    ],
    requestItems: itemsOf(books, ours, new Map(billed.map((each) => [each.id, each]))),
    origins: [
      ...procore.contracts.flatMap(({ id, originId }) => {
        const newest = rows.get(nameOf(orderOf(id)))?.at(-1)?.revision ?? 1;
        return origin(orderOf(id), newest, originId, erp.connection.code);
      }),
      ...[...books.requisitions, ...books.payment_applications].flatMap(({ id, origin_id }) => {
        const of = witness.billed.get(id);
        return of === undefined ? [] : origin(partsOf(of)[0]!, 1, origin_id, erp.connection.code);
      }),
    ],
  };
}

function orderOf(contract: string): SourceOf {
  return { object: 'commitment', id: contract, part: '' };
}

function partsOf({ object, id, parts }: Billed): SourceOf[] {
  return [...parts.keys()].map((part) => ({ object, id, part }));
}

function origin(source: SourceOf, revision: number, id: string | null, code: string): OriginWritten[] {
  if (id === null || !id.startsWith(`${code}-`)) return [];
  return [
    {
      key: keyOf(source, revision),
      at: Date.now(),
      value: idOf(source.object, id.slice(code.length + 1)),
    },
  ];
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
  const source = orderOf(contract);
  const of = { record: nameOf(source), currency: 'USD' };
  if (rows.length === 0) return [{ ...of, key: keyOf(source, 1), order: 1, amount: last }];
  return rows.map((row, index) => {
    const isNewest = index === rows.length - 1;
    const own = row.body === null ? null : centsOf(row.body.total);
    const mayBe = own !== null && totals.includes(own) ? own : last;
    return {
      ...of,
      key: keyOf(source, row.revision),
      order: row.revision,
      ...(row.revision > 1 ? { after: [keyOf(source, 1)] } : {}),
      amount: isNewest && ['posted', 'confirmed'].includes(row.state) ? last : mayBe,
      ended: isNewest ? (row.state === 'withdrawn' ? 'taken-back' : null) : 'superseded',
    };
  });
}

/**
 * While the figures of an application are in question nobody can say which invoices it becomes: it stands in front of
 * a person as one document, until that one is posted.
 */
function asOneQuestion(billed: Billed, rows: ReadonlyMap<string, readonly DocumentRow[]>): Billed {
  const [first, ...others] = partsOf(billed);
  const isPosted = rows.get(nameOf(first!))?.some(({ target_id }) => target_id !== null);
  if (isPosted || others.every((source) => rows.has(nameOf(source)))) return billed;
  return { ...billed, parts: new Map([...billed.parts].slice(0, 1)) };
}

/** The invoices that an application has to become: after its order, and its work after the work before it. */
function versionsBilled(billed: Billed): SourceVersion[] {
  const { commitment, previous, parts } = billed;
  return partsOf(billed).map((source) => ({
    key: keyOf(source, 1),
    record: nameOf(source),
    order: 1,
    after: [
      ...(commitment === null ? [] : [keyOf(orderOf(commitment), 1)]),
      ...(previous === null ? [] : [keyOf(partsOf(previous)[0]!, 1)]),
    ],
    amount: parts.get(source.part)!,
    currency: 'USD',
  }));
}

/** An export is answered once; where it became two invoices, the answer is about both. */
function itemsOf(
  { erp_request_details: details, write_log: writes }: ProcoreBooks,
  ours: Ours,
  applications: ReadonlyMap<string, Billed>,
): SourceRequestItem[] {
  return details.flatMap(({ id, item_id: item }) => {
    const closings = writes
      .filter(({ path, committed }) => committed && path.endsWith(`/erp_request_details/${id}`))
      .flatMap(({ at, body }) => {
        const told = closing.safeParse(body).data;
        return told === undefined ? [] : [{ at: Date.parse(at), result: told.request_detail.status }];
      });
    const billed = applications.get(item);
    if (billed !== undefined)
      return partsOf(billed).map((source) => {
        return { id: `${id} ${source.part}`, key: keyOf(source, 1), closings };
      });
    const row = answeredFor(item, id, closings[0]?.at, ours);
    return [{ id, key: row === undefined ? null : keyOf(orderOf(item), row.revision), closings }];
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
  const rows = documents.filter((row) => row.object === 'commitment' && row.source === contract);
  const decidedAt = postings.find(({ answers }) => answers === detail)?.created_at.getTime() ?? answeredAt;
  const known = rows.filter(({ planned_at }) => planned_at.getTime() <= (decidedAt ?? Date.now()));
  return known.find(({ request_key }) => request_key === key) ?? known.at(-1) ?? rows[0];
}
